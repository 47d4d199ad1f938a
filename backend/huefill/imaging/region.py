"""Rectangles of an image, and the part of it that a hole needs around itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from huefill_protocol import context


@dataclass(frozen=True)
class Box:
    """A rectangle of whole pixels: ``x``, ``y`` the upper left one, ``width``, ``height`` how many."""

    x: int
    y: int
    width: int
    height: int

    @staticmethod
    def around(mask: npt.NDArray[np.bool_]) -> Box:
        """The smallest box that holds every True of an H W mask; raises ValueError when there is none."""
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        if not len(rows):
            raise ValueError("the mask is empty")
        return Box(int(columns[0]), int(rows[0]), int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1)

    def grow(self, margin: int) -> Box:
        return Box(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)

    def clip(self, shape: tuple[int, ...]) -> Box:
        """The part inside an image of ``shape`` (height, width, ...)."""
        left, top = max(0, self.x), max(0, self.y)
        right, bottom = min(shape[1], self.x + self.width), min(shape[0], self.y + self.height)
        return Box(left, top, max(0, right - left), max(0, bottom - top))

    def crop(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The box of an H W ... array, as a view; the box must lie inside."""
        return array[self.y : self.y + self.height, self.x : self.x + self.width]


def with_context(hole: Box, shape: tuple[int, ...]) -> Box:
    """The region to work on for a hole in an image of ``shape``: the hole and its surroundings, clipped to the image."""
    return hole.grow(context.needed(max(hole.width, hole.height))).clip(shape)


def plan(hole: npt.NDArray[np.bool_], budget: int) -> list[Box]:
    """The regions to fill one after the other so that the cost follows the hole and not the photo.

    Parts of the hole whose context overlaps share a region. A part whose region is far larger than ``budget`` pixels though it
    is thin (a cable across the sky) is cut into tiles. Returns the boxes of the hole's parts, without context.
    """
    count, _, stats, _ = cv2.connectedComponentsWithStats(hole.astype(np.uint8), connectivity=8)
    parts = [Box(*(int(value) for value in stats[label, :4])) for label in range(1, count)]
    boxes = _merged(parts, hole.shape)
    planned: list[Box] = []
    for box in boxes:
        region = with_context(box, hole.shape)
        if region.width * region.height > 4 * budget and _thickness(box.crop(hole)) < 0.1 * max(box.width, box.height):
            planned += _tiles(box, hole, side=max(64, int(budget**0.5 / 2.5)))
        else:
            planned.append(box)
    return planned


def _thickness(hole: npt.NDArray[np.bool_]) -> float:
    """Diameter in pixels of the largest disc that fits into the hole."""
    framed = np.pad(hole, 1).astype(np.uint8)
    return 2 * float(cv2.distanceTransform(framed, cv2.DIST_L2, cv2.DIST_MASK_3).max())


def _merged(boxes: list[Box], shape: tuple[int, ...]) -> list[Box]:
    """Join boxes that lie in each other's context, until none does. Far more boxes than anyone selects are joined to one."""
    if len(boxes) > 200:
        return [_union(boxes)]
    merged = True
    while merged:
        merged = False
        for first in range(len(boxes)):
            near = [k for k in range(first + 1, len(boxes)) if _overlap(with_context(boxes[first], shape), boxes[k])]
            if near:
                group = [boxes[first], *(boxes[k] for k in near)]
                boxes = [box for k, box in enumerate(boxes) if k != first and k not in near] + [_union(group)]
                merged = True
                break
    return sorted(boxes, key=lambda box: (box.y, box.x))


def _union(boxes: list[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)


def _overlap(first: Box, second: Box) -> bool:
    across = first.x < second.x + second.width and second.x < first.x + first.width
    return across and first.y < second.y + second.height and second.y < first.y + first.height


def _tiles(box: Box, hole: npt.NDArray[np.bool_], side: int) -> list[Box]:
    tiles = []
    for y in range(box.y, box.y + box.height, side):
        for x in range(box.x, box.x + box.width, side):
            tile = Box(x, y, min(side, box.x + box.width - x), min(side, box.y + box.height - y))
            part = tile.crop(hole)
            if part.any():
                inner = Box.around(part)
                tiles.append(Box(x + inner.x, y + inner.y, inner.width, inner.height))
    return tiles
