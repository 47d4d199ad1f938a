"""Anchors: the few places whose colors decide on those of the whole picture. The network proposes them; here they are plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huefill_client.color_hints import Suggestion
from huefill_client.color_points import ANCHOR, Color, ColorPoint
from huefill_protocol.wire import Tensor


@dataclass(frozen=True)
class Anchor:
    """``x``, ``y`` in pixels of the image that was sent, ``rgb`` 0..255; ``members`` the share of the picture that it stands for,
    ``confidence`` how sure the network is of its color, both in [0, 1]; ``alternatives`` other colors that are likely there."""

    x: float
    y: float
    rgb: Color
    radius: float = 0.0
    members: float = 0.0
    confidence: float = 1.0
    alternatives: tuple[Suggestion, ...] = ()

    def point(self, left: int, top: int) -> ColorPoint:
        """As a point of a canvas on which what was sent lies at ``left``, ``top``."""
        return ColorPoint(0, self.x + left, self.y + top, self.rgb, self.radius, base=self.rgb, kind=ANCHOR)


@dataclass(frozen=True)
class Variant:
    """One suggestion for the whole picture: ``image`` h w 3 U8, and the anchors that make it."""

    image: Tensor
    anchors: tuple[Anchor, ...]


def anchors_in(values: Mapping[str, Any]) -> tuple[Anchor, ...]:
    """The anchors that the backend tells in ``values``; raises ValueError, TypeError or KeyError for what is none."""
    return tuple(_anchor(item) for item in values.get("anchors") or ())


def variants_in(tensors: Mapping[str, Tensor], values: Mapping[str, Any]) -> tuple[Variant, ...]:
    """The variants that came with a preview; raises as `anchors_in`."""
    told = values.get("variants") or ()
    return tuple(Variant(tensors[f"variants/{number}"], anchors_in(item)) for number, item in enumerate(told))


def nearest(variants: tuple[Variant, ...], points: tuple[ColorPoint, ...], left: int, top: int) -> int | None:
    """The index of the variant with which ``points`` have the most anchors in common; None where that is less than half of them."""
    present = {(point.x, point.y, point.rgb) for point in points if point.kind == ANCHOR}
    shared = [sum((anchor.x + left, anchor.y + top, anchor.rgb) in present for anchor in variant.anchors) for variant in variants]
    most = max(shared, default=0)
    return shared.index(most) if most and 2 * most >= len(present) else None


def _anchor(item: Mapping[str, Any]) -> Anchor:
    red, green, blue = (float(value) for value in item["rgb"])
    return Anchor(
        float(item["x"]),
        float(item["y"]),
        (red, green, blue),
        float(item.get("radius", 0.0)),
        float(item.get("members", 0.0)),
        float(item.get("confidence", 1.0)),
        tuple(Suggestion.of(other) for other in item.get("alternatives") or ()),
    )
