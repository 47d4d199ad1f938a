"""Builds the bodies of jobs: one function per action, with the field names of the backend's requests (docs/protocol.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huefill_protocol.wire import Tensor, pack

ENGINES = ("auto", "gatedconv", "patch")
PRESETS = ("fast", "best", "paper", "published")
DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Point:
    """A color hint. ``x``, ``y`` in pixels of the image that is sent, ``rgb`` three values 0..255, ``radius`` in pixels or 0."""

    x: float
    y: float
    rgb: tuple[float, float, float]
    radius: float = 0.0


@dataclass(frozen=True)
class Job:
    """Something to be sent. ``origin`` is where the sent image's upper left pixel lies in the document; it stays in the client and is
    added to the result's, so that a result says where in the document it belongs. ``label`` is the action's name for a person."""

    task: str
    label: str
    values: Mapping[str, Any]
    tensors: Mapping[str, Tensor]
    origin: tuple[int, int] = (0, 0)
    device: str = "auto"

    def body(self) -> list[Any]:
        """The buffers of ``POST /v1/jobs``, in order."""
        return pack(self.tensors, {"task": self.task, "request": dict(self.values), "device": self.device})


def remove_object(
    image: Tensor,
    mask: Tensor,
    *,
    points: Sequence[Point] = (),
    engine: str = "auto",
    preset: str = "fast",
    seed: int = 0,
    transfer: str = "srgb",
    origin: tuple[int, int] = (0, 0),
    device: str = "auto",
) -> Job:
    """``image`` H W C (RGB, RGBA, gray or gray with alpha; U8, U16, F32), ``mask`` H W U8, 255 where selected.

    ``transfer`` "srgb" for encoded values or "linear".
    """
    values = {"version": 1, "engine": engine, "preset": preset, "seed": seed, "transfer": transfer, "points": _points(points)}
    return Job("remove_object", "Remove Object", values, {"image": image, "mask": mask}, origin, device)


def recolor(
    image: Tensor,
    mask: Tensor,
    *,
    points: Sequence[Point] = (),
    gray: Tensor | None = None,
    preset: str = "fast",
    seed: int = 0,
    transfer: str = "srgb",
    origin: tuple[int, int] = (0, 0),
    device: str = "auto",
) -> Job:
    """As `remove_object`; ``gray`` H W of the image's dtype: a monochrome to be colored in place of the image's own."""
    values = {"version": 1, "preset": preset, "seed": seed, "transfer": transfer, "points": _points(points)}
    tensors = {"image": image, "mask": mask}
    if gray is not None:
        tensors["gray"] = gray
    return Job("recolor", "Recolor Selection", values, tensors, origin, device)


def extend(
    image: Tensor,
    *,
    points: Sequence[Point] = (),
    engine: str = "auto",
    preset: str = "fast",
    seed: int = 0,
    transfer: str = "srgb",
    origin: tuple[int, int] = (0, 0),
    device: str = "auto",
) -> Job:
    """``image`` H W C with alpha: where it is transparent, the picture is to be continued."""
    values = {"version": 1, "engine": engine, "preset": preset, "seed": seed, "transfer": transfer, "points": _points(points)}
    return Job("extend", "Extend Canvas", values, {"image": image}, origin, device)


def colorize_points(
    image: Tensor,
    *,
    points: Sequence[Point] = (),
    hints: Tensor | None = None,
    reference: Tensor | None = None,
    saturation: float | None = None,
    model: str = "auto",
    transfer: str = "srgb",
    origin: tuple[int, int] = (0, 0),
    device: str = "auto",
) -> Job:
    """``image`` as in `remove_object`; ``hints`` H W 4 of its dtype and encoding, a layer whose opaque pixels are hints; ``reference``
    h w 3 or 4 U8 sRGB of any size, whose colors are taken; ``saturation`` in [0, 1]."""
    return _coloring(
        "colorize_points", "Colorize with Points", image, points, hints, reference, saturation, (model, transfer), origin, device
    )


def match_colors(
    image: Tensor,
    *,
    reference: Tensor | None = None,
    saturation: float | None = None,
    points: Sequence[Point] = (),
    hints: Tensor | None = None,
    model: str = "auto",
    transfer: str = "srgb",
    origin: tuple[int, int] = (0, 0),
    device: str = "auto",
) -> Job:
    """As `colorize_points`; a ``reference`` or a ``saturation`` must be given."""
    return _coloring("match_colors", "Match Colors", image, points, hints, reference, saturation, (model, transfer), origin, device)


def palette(
    image: Tensor,
    x: float,
    y: float,
    *,
    points: Sequence[Point] = (),
    hints: Tensor | None = None,
    count: int = 9,
    transfer: str = "srgb",
    device: str = "auto",
) -> Job:
    """The ``count`` likeliest colors at ``x``, ``y`` of ``image``; the result's image is 1 ``count`` 3 U8, likeliest first."""
    values = {"version": 1, "x": x, "y": y, "count": count, "transfer": transfer, "points": _points(points)}
    tensors = {"image": image} | ({} if hints is None else {"hints": hints})
    return Job("palette", "Suggested colors", values, tensors, (0, 0), device)


def _coloring(
    task: str,
    label: str,
    image: Tensor,
    points: Sequence[Point],
    hints: Tensor | None,
    reference: Tensor | None,
    saturation: float | None,
    model_and_transfer: tuple[str, str],
    origin: tuple[int, int],
    device: str,
) -> Job:
    model, transfer = model_and_transfer
    values = {"version": 1, "model": model, "transfer": transfer, "points": _points(points), **_maybe(saturation=saturation)}
    return Job(task, label, values, {"image": image, **_maybe(hints=hints, reference=reference)}, origin, device)


def live_hints(
    number: int,
    *,
    points: Sequence[Point] = (),
    hints: Tensor | None = None,
    reference: Tensor | None = None,
    saturation: float | None = None,
    palette_at: tuple[float, float] | None = None,
    longest: int = 1024,
) -> list[Any]:
    """The buffers of ``POST /v1/sessions/ID/hints``; ``number`` rises with every change."""
    place = None if palette_at is None else list(palette_at)
    values = {"number": number, "points": _points(points), "longest": longest, **_maybe(saturation=saturation, palette_at=place)}
    return pack(_maybe(hints=hints, reference=reference), values)


def _maybe(**values: Any) -> dict[str, Any]:
    """What is not None of ``values``."""
    return {name: value for name, value in values.items() if value is not None}


def _points(points: Sequence[Point]) -> list[dict[str, Any]]:
    return [{"x": point.x, "y": point.y, "rgb": list(point.rgb), "radius": point.radius} for point in points]
