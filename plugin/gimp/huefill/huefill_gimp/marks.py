"""The marks of points on a picture."""

from __future__ import annotations

import math
from typing import Any

from huefill_client.color_points import Color, ColorPoint
from huefill_client.geometry import Rect

from .pixbufs import fill

_REACH = 7
_NEAR = 9


def draw(canvas: Any, point: ColorPoint, spot: tuple[float, float], *, chosen: bool) -> None:
    """The mark of ``point`` around ``spot``; one that is ``chosen`` has a broader edge."""
    inner = 3 if chosen else 1
    x, y = (int(value) for value in spot)
    for size, rgb in ((_REACH, (0, 0, 0)), (_REACH - 1, (255, 255, 255)), (_REACH - 1 - inner, point.rgb)):
        _square(canvas, x, y, size, rgb)


def near(spot: tuple[float, float], x: float, y: float) -> bool:
    """Whether a hand at that place takes hold of the mark around ``spot``."""
    return math.dist(spot, (x, y)) <= _NEAR


def _square(canvas: Any, x: int, y: int, reach: int, rgb: Color) -> None:
    fill(canvas, Rect(x - reach, y - reach, 2 * reach + 1, 2 * reach + 1), rgb)
