"""What every task has in common: color points, the context it runs in, the result it gives, and the wire form of both.

A Request is a frozen dataclass. Its array fields travel as tensors, its other fields as JSON, so that a request can be
stored, sent and run again: `request_to_wire` and `request_from_wire` are the only serialisation there is.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from huefill.errors import Caution, HuefillError
from huefill.imaging.pixels import Array, alpha_of, coverage
from huefill.runtime.progress import Progress

# Pixels from a picture's corner; no picture is larger, and squares of larger numbers are no numbers any more.
_FARTHEST = 1_000_000
# Whose a color point is: a person's, or the picture's own.
POINT, ANCHOR = "point", "anchor"
_EXAMPLE = 'A point is {"x": 12, "y": 34, "rgb": [200, 30, 40], "radius": 3}.'


@dataclass(frozen=True)
class ColorPoint:
    """A hint: "the photo has this color here".

    ``x``, ``y`` in pixels of the request's image (the centre of pixel (0, 0) is 0, 0), ``rgb`` three values 0..255 in
    the image's own encoding (sRGB-encoded for an image in linear light), ``radius`` in pixels (0 = that one pixel). ``kind`` "point": a
    person's, which is exact; "anchor": the picture's own, from which whatever is like that place takes its color.
    """

    x: float
    y: float
    rgb: tuple[float, float, float]
    radius: float = 0.0
    kind: str = POINT


@dataclass(frozen=True)
class Context:
    """What a task is given beside its request: progress and cancellation, and the device ("auto", "cpu", "cuda")."""

    progress: Progress = field(default_factory=Progress)
    device: str = "auto"


@dataclass(frozen=True)
class Layer:
    """Pixels to put over the request's image, and where.

    ``pixels`` H W C+1 in the request's dtype: the colors (1 gray or 3 RGB) and, last and not premultiplied, the alpha; it is 0 wherever
    the task promises to change nothing. ``origin`` (x, y) of the upper left pixel in the request's image. ``name`` what is added to the
    action's title; "" for the only layer of a result. ``visible`` whether it is shown when it comes; a person may show and hide any.
    """

    pixels: Array
    origin: tuple[int, int] = (0, 0)
    name: str = ""
    visible: bool = True

    @staticmethod
    def of(colors: Array, covered: npt.NDArray[np.float32], origin: tuple[int, int] = (0, 0), name: str = "") -> Layer:
        """A layer of ``colors`` (H W 1 or H W 3 document values) and ``covered`` (H W in [0, 1]), rounded to the colors' own steps."""
        height, width, channels = colors.shape
        pixels = np.empty((height, width, channels + 1), colors.dtype)
        pixels[..., :-1] = colors
        pixels[..., -1] = alpha_of(covered, colors.dtype)
        return Layer(pixels, origin, name)

    @property
    def image(self) -> Array:
        """The colors without alpha, H W 1 or H W 3: a view."""
        return self.pixels[..., :-1]

    @property
    def alpha(self) -> Array:
        """H W in the document's dtype: a view."""
        return self.pixels[..., -1]

    @property
    def coverage(self) -> npt.NDArray[np.float32]:
        """The alpha as H W float32 in [0, 1]."""
        return coverage(self.alpha, self.alpha.shape)


@dataclass(frozen=True)
class Result:
    """What a task made: one layer or several, or a selection.

    ``layers`` from the lowest up. ``recipe`` everything that is needed to run it again and to explain it: task, parameters that were used,
    networks and why, sizes, seed, device; JSON-serialisable. ``seconds`` time of each stage. ``variants`` other results to choose from,
    each as complete as ``layers``. ``warnings`` what a person should know of the result, in sentences. ``selection`` H W uint8 of the
    request's image, of a task that changes nothing and proposes what to select (255; then there are no layers).
    """

    layers: tuple[Layer, ...]
    recipe: dict[str, Any]
    seconds: dict[str, float]
    variants: tuple[tuple[Layer, ...], ...] = ()
    warnings: tuple[Caution, ...] = ()
    selection: npt.NDArray[np.uint8] | None = None


class Request(Protocol):
    """A frozen dataclass with a ``VERSION``; `huefill.tasks.registry` maps each to its task's name."""

    VERSION: typing.ClassVar[int]


R = TypeVar("R")


def request_to_wire(request: Any) -> tuple[dict[str, Array], dict[str, Any]]:
    """Split a request into its tensors and its JSON-serialisable fields."""
    tensors: dict[str, Array] = {}
    values: dict[str, Any] = {"version": type(request).VERSION}
    for item in dataclasses.fields(request):
        value = getattr(request, item.name)
        if isinstance(value, np.ndarray):
            tensors[item.name] = value
        elif isinstance(value, bytes):
            tensors[item.name] = np.frombuffer(value, np.uint8)
        elif item.name == "points":
            values[item.name] = [dataclasses.asdict(point) for point in value]
        elif value is not None:
            values[item.name] = value
    return tensors, values


def request_from_wire(kind: type[R], tensors: Mapping[str, Array], values: Mapping[str, Any]) -> R:
    """Build a request from tensors and JSON values; unknown, missing or mistyped fields are a clear error, not a surprise."""
    version = values.get("version")
    expected = kind.VERSION  # type: ignore[attr-defined]
    if version != expected:
        raise HuefillError(
            "version",
            f"The request is of version {version}, this backend speaks version {expected}.",
            "Update the plugin and the backend together: run the installer again.",
        )
    hints = typing.get_type_hints(kind)
    fields = {item.name: item for item in dataclasses.fields(kind)}  # type: ignore[arg-type]
    unknown = (set(tensors) | set(values)) - set(fields) - {"version"}
    if unknown:
        raise HuefillError("bad_request", f"The request has fields nobody knows: {', '.join(sorted(unknown))}.")
    given: dict[str, Any] = {}
    for name, item in fields.items():
        if name in tensors:
            tensor = tensors[name]
            if _accepts(hints[name], bytes):
                given[name] = tensor.tobytes()
            elif _accepts(hints[name], np.ndarray):
                given[name] = tensor
            else:
                raise HuefillError("bad_request", f"The request's field '{name}' is not an array.")
        elif name == "points" and name in values:
            given[name] = points_from_json(values[name])
        elif name in values:
            given[name] = _checked(name, hints[name], values[name])
        elif item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING:
            raise HuefillError("bad_request", f"The request lacks its field '{name}'.")
    return kind(**given)


def points_from_json(items: Any, kind: str = POINT) -> tuple[ColorPoint, ...]:
    """Color points from a JSON list of ``{"x", "y", "rgb", "radius", "kind"}``, as anchors are given out, too: what else they hold does not
    count. ``radius`` and ``kind`` may be left out; then the kind is ``kind``."""
    if not isinstance(items, list):
        raise HuefillError("bad_points", "The color points are not a list.", 'Give a list of {"x", "y", "rgb", "radius"}.')
    points = []
    for number, item in enumerate(items, 1):
        try:
            red, green, blue = (float(value) for value in item["rgb"])
            radius, whose = float(item.get("radius", 0.0)), item.get("kind", kind)
            point = ColorPoint(float(item["x"]), float(item["y"]), (red, green, blue), radius, whose)
        except (TypeError, KeyError, ValueError, AttributeError, OverflowError):
            raise HuefillError("bad_points", f"Color point {number} cannot be read.", _EXAMPLE) from None
        if point.kind not in (POINT, ANCHOR):
            raise HuefillError(
                "bad_points", f"Color point {number} is of a kind that nobody knows.", f"Its kind is '{POINT}' or '{ANCHOR}'."
            )
        if not all(np.isfinite([point.x, point.y, *point.rgb, point.radius])) or point.radius < 0:
            raise HuefillError("bad_points", f"Color point {number} has a value that is not a number, or a negative radius.")
        if max(abs(point.x), abs(point.y), point.radius) > _FARTHEST:
            raise HuefillError("bad_points", f"Color point {number} has a place or a radius beyond {_FARTHEST} pixels.")
        if not all(0 <= value <= 255 for value in point.rgb):
            raise HuefillError("bad_points", f"Color point {number} has a color outside 0 to 255.")
        points.append(point)
    return tuple(points)


def _accepts(hint: Any, kind: type) -> bool:
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return any((typing.get_origin(option) or option) is kind for option in options)


def _checked(name: str, hint: Any, value: Any) -> Any:
    """``value`` as a field of the type ``hint`` takes it: a number where a float is wanted, a list where a tuple is."""
    for kind in typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,):
        plain, inner = typing.get_origin(kind) or kind, typing.get_args(kind)
        if plain is float and _is_number(value):
            return float(value)
        if plain is tuple and isinstance(value, list):
            if inner and Ellipsis not in inner:
                if len(inner) == len(value):
                    return tuple(_checked(name, one, item) for one, item in zip(inner, value, strict=True))
            else:
                return tuple(_checked(name, inner[0], item) for item in value) if inner else tuple(value)
        elif plain is not float and isinstance(value, plain) and (plain is bool or not isinstance(value, bool)):
            return value
    raise HuefillError("bad_request", f"The request's field '{name}' has the wrong type.")


def _is_number(value: Any) -> bool:
    """Whether a JSON value is a number that a float can hold: not so the 400 digits that JSON allows."""
    try:
        return not isinstance(value, bool) and isinstance(value, (int, float)) and math.isfinite(value)
    except OverflowError:
        return False
