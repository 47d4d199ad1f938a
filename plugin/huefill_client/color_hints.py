"""What can be said of a photo's colors, and what a photo is that is colored: plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from huefill_client.color_points import Color
from huefill_client.geometry import Rect
from huefill_client.requests import USUAL, How, Job, Point
from huefill_client.session import Session
from huefill_protocol.wire import Tensor


@dataclass(frozen=True)
class Photo:
    """A photo that is colored. ``area`` is the part of the canvas that is sent, ``job(hints)`` the request.

    ``pointed`` whether points and a painted layer count; without them there is nothing to color by before a reference or a saturation is
    chosen. ``radius`` is that of a new point, ``own_color`` takes an sRGB color to the photo's own space, ``longest`` are the pixels
    of the preview's longer side, ``variants`` how many suggestions for the whole picture a person is given at first.
    """

    session: Session
    area: Rect
    job: Callable[[Hints], Job]
    pointed: bool = True
    radius: float = 3.0
    own_color: Callable[[Color], Color] = lambda rgb: rgb
    longest: int = 640
    variants: int = 0


@dataclass(frozen=True)
class Reference:
    """A picture whose colors are taken: its name for a person, and its pixels (h w 3 or 4 U8, sRGB)."""

    name: str
    picture: Tensor


@dataclass(frozen=True)
class Hints:
    """All that is asked of the backend at one moment; places in pixels of what was sent."""

    points: tuple[Point, ...] = ()
    painted: Tensor | None = None
    reference: Tensor | None = None
    saturation: float | None = None
    network: str = "auto"
    how: How = USUAL


@dataclass(frozen=True)
class Suggestion:
    """A likely color of a place; ``probability`` in [0, 1]."""

    rgb: tuple[int, int, int]
    probability: float

    @staticmethod
    def of(item: Mapping[str, Any]) -> Suggestion:
        """As the backend says it: {"rgb", "probability"}."""
        red, green, blue = (round(value) for value in item["rgb"])
        return Suggestion((red, green, blue), float(item["probability"]))
