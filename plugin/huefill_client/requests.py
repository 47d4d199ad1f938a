"""Builds what is sent: a job of an action's row in the table, with its request's fields (docs/protocol.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from huefill_client.color_points import POINT
from huefill_client.settings import Settings
from huefill_protocol.actions import Action
from huefill_protocol.wire import RGBA, Tensor, pack

# Fields of requests that are among the settings.
_REMEMBERED = ("engine", "preset", "grow", "sensitivity", "width", "kinds")


@dataclass(frozen=True)
class Point:
    """A color hint. ``x``, ``y`` in pixels of the image that is sent, ``rgb`` three values 0..255, ``radius`` in pixels or 0; ``kind`` is
    one of `huefill_client.color_points`: a person's own point, or an anchor of the picture."""

    x: float
    y: float
    rgb: tuple[float, float, float]
    radius: float = 0.0
    kind: str = POINT


@dataclass(frozen=True)
class How:
    """How a photo is colored, whatever is said of its colors.

    ``method`` "auto", "hints" or "anchors"; ``seed`` another number proposes other anchors; ``anchored`` whether the anchors are those
    among the points, and none is proposed; ``strength`` 0 to 1.5 makes all colors weaker or stronger; ``match`` "auto", "likeness" or
    "histogram" is how the colors of a reference are used.
    """

    method: str = "auto"
    seed: int = 0
    anchored: bool = False
    strength: float = 1.0
    match: str = "auto"

    @property
    def values(self) -> dict[str, Any]:
        """The fields of a request; what is as usual is left out."""
        usual = asdict(How())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}


USUAL = How()


@dataclass(frozen=True)
class Job:
    """Something to be sent. ``origin`` is where the sent image's upper left pixel lies in the document; it stays in the client and is
    added to the result's, so that a result says where in the document it belongs. ``label`` is the action's name for a person.
    ``pixels`` is the order of the channels of the document's own pixels, in which the result's come back, too
    (`huefill_protocol.wire.PIXEL_ORDERS`)."""

    task: str
    label: str
    values: Mapping[str, Any]
    tensors: Mapping[str, Tensor]
    origin: tuple[int, int] = (0, 0)
    device: str = "auto"
    pixels: str = RGBA

    def body(self) -> list[Any]:
        """The buffers of ``POST /v1/jobs``, in order."""
        order = {} if self.pixels == RGBA else {"pixels": self.pixels}
        return pack(self.tensors, {"task": self.task, "request": dict(self.values), "device": self.device, **order})


def job(
    action: Action,
    tensors: Mapping[str, Tensor | None],
    *,
    points: Sequence[Point] = (),
    transfer: str = "srgb",
    origin: tuple[int, int] = (0, 0),
    device: str = "auto",
    pixels: str = RGBA,
    **values: Any,
) -> Job:
    """The job of ``action``.

    ``tensors`` by name: ``image`` H W C (RGB, RGBA, gray or gray with alpha; U8, U16, F32) and what else the task takes: ``mask`` H W U8,
    255 where selected; ``gray`` H W of the image's dtype; ``hints`` H W 4 of its dtype; ``reference`` h w 3 or 4 U8 sRGB. ``transfer`` is
    "srgb" for encoded values or "linear". ``values`` are further fields. What is None is left out: the task's own default holds.
    """
    fields = {"version": action.version, "transfer": transfer, **_given(values)}
    if points or "points" in action.hints:
        fields["points"] = _points(points)
    return Job(action.task, action.title, fields, _given(tensors), origin, device, pixels)


def remembered(action: Action, settings: Settings) -> dict[str, Any]:
    """A person's remembered choices, those that ``action`` has a use for."""
    return {name: getattr(settings, name) for name in _REMEMBERED if action.has(name)}


def live_hints(
    *,
    points: Sequence[Point] = (),
    painted: str | None = None,
    reference: str | None = None,
    saturation: float | None = None,
    palette_at: tuple[float, float] | None = None,
    longest: int = 1024,
    variants: int = 0,
    confidence: bool = False,
    **how: Any,
) -> dict[str, Any]:
    """The hints of a live photo; ``painted`` and ``reference`` are the backend's names of pictures that were sent, ``how`` `How.values`."""
    place = None if palette_at is None else list(palette_at)
    named = {"painted": painted, "reference": reference, "saturation": saturation, "palette_at": place}
    more = {"variants": variants or None, "confidence": confidence or None}
    return {"version": 1, "points": _points(points), "longest": longest, **_given(named), **_given(more), **how}


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is not None of ``values``."""
    return {name: value for name, value in values.items() if value is not None}


def _points(points: Sequence[Point]) -> list[dict[str, Any]]:
    return [
        {
            "x": point.x,
            "y": point.y,
            "rgb": list(point.rgb),
            "radius": point.radius,
            **({} if point.kind == POINT else {"kind": point.kind}),
        }
        for point in points
    ]
