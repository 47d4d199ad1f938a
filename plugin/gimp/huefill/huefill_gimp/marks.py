"""The marks of points on a picture: a square for a person's, a diamond for an anchor, which the picture itself has proposed."""

from __future__ import annotations

import math
from typing import Any

from huefill_client.color_points import ANCHOR, Color, ColorPoint
from huefill_client.geometry import Rect

from .pixbufs import fill

_SQUARE, _DIAMOND = 7, 10
_NEAR = 9


def draw(canvas: Any, point: ColorPoint, spot: tuple[float, float], *, chosen: bool) -> None:
    """The mark of ``point`` around ``spot``; one that is ``chosen`` has a broader edge."""
    x, y = (int(value) for value in spot)
    shape, reach, edge = (_diamond, _DIAMOND, 2) if point.kind == ANCHOR else (_square, _SQUARE, 1)
    inner = edge + 2 if chosen else edge
    for size, rgb in ((reach, (0, 0, 0)), (reach - 1, (255, 255, 255)), (reach - 1 - inner, point.rgb)):
        shape(canvas, x, y, size, rgb)


def near(spot: tuple[float, float], x: float, y: float) -> bool:
    """Whether a hand at that place takes hold of the mark around ``spot``."""
    return math.dist(spot, (x, y)) <= _NEAR


def _square(canvas: Any, x: int, y: int, reach: int, rgb: Color) -> None:
    fill(canvas, Rect(x - reach, y - reach, 2 * reach + 1, 2 * reach + 1), rgb)


def _diamond(canvas: Any, x: int, y: int, reach: int, rgb: Color) -> None:
    for row in range(-reach, reach + 1):
        across = reach - abs(row)
        fill(canvas, Rect(x - across, y + row, 2 * across + 1, 1), rgb)
