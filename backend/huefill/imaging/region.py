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

    @property
    def area(self) -> int:
        """How many pixels it holds."""
        return self.width * self.height

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        left, top = min(self.x, other.x), min(self.y, other.y)
        right, bottom = max(self.x + self.width, other.x + other.width), max(self.y + self.height, other.y + other.height)
        return Box(left, top, right - left, bottom - top)

    def within(self, other: Box) -> Box:
        """The same pixels counted from the upper left one of ``other``."""
        return Box(self.x - other.x, self.y - other.y, self.width, self.height)

    def crop(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The box of an H W ... array, as a view; the box must lie inside."""
        return array[self.y : self.y + self.height, self.x : self.x + self.width]


def with_context(hole: Box, shape: tuple[int, ...]) -> Box:
    """The region to work on for a hole in an image of ``shape``: the hole and its surroundings, clipped to the image."""
    return hole.grow(context.needed(max(hole.width, hole.height))).clip(shape)


@dataclass(frozen=True)
class Piece:
    """What is filled in one go: its ``box`` in the image, and ``mask`` (h w bool) which of the box's pixels belong to it."""

    box: Box
    mask: npt.NDArray[np.bool_]


# Thinner than this share of its longer side a piece is long and thin.
_THIN = 0.1


def beside_border(piece: Piece, shape: tuple[int, ...]) -> Box:
    """The region to work on for a ``piece`` of a photo's empty border: what lies within three times its depth, clipped to the image."""
    return piece.box.grow(max(context.LEAST, round(3 * thickness(piece.mask)))).clip(shape)


def plan(hole: npt.NDArray[np.bool_], budget: int, *, tiles: bool = True) -> list[Piece]:
    """What to fill one after the other, the smallest first, so that the larger ones can use them; every pixel of the hole once.

    Each connected part is a piece of its own, and so is what is near each other as long as its surroundings stay within ``budget`` pixels:
    filled together, parts know more of each other's surroundings; but they are never reduced to be filled together. A long thin part whose
    surroundings exceed the budget (a cable across the sky) is cut into tiles, so that it is filled at the photo's own resolution. Without
    ``tiles`` it is not: the tiles of a border would show.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(hole.astype(np.uint8), connectivity=8)
    pieces: list[Piece] = []
    for label in range(1, count):
        box = Box(*(int(value) for value in stats[label, :4]))
        piece = Piece(box, np.ascontiguousarray(box.crop(labels) == label))
        too_large = with_context(box, hole.shape).area > budget
        if tiles and too_large and thickness(piece.mask) < _THIN * max(box.width, box.height):
            pieces += _tiles(piece, side=max(64, int(budget**0.5 / 2.5)))
        else:
            pieces.append(piece)
    together = _together(pieces, hole.shape, budget)
    return sorted(together, key=lambda piece: (int(piece.mask.sum()), piece.box.y, piece.box.x))


def _together(pieces: list[Piece], shape: tuple[int, ...], budget: int) -> list[Piece]:
    """Join pieces that lie in each other's surroundings, the nearest first, while the whole stays within the budget."""
    waiting = sorted(pieces, key=lambda piece: (piece.box.y, piece.box.x))
    done: list[Piece] = []
    while waiting:
        group = [waiting.pop(0)]
        box = group[0].box
        grown = True
        while grown:
            grown = False
            region = with_context(box, shape)
            for piece in sorted(waiting, key=lambda other: _gap(box, other.box)):
                joint = box.union(piece.box)
                if _gap(region, piece.box) == 0 and with_context(joint, shape).area <= budget:
                    waiting.remove(piece)
                    group.append(piece)
                    box, grown = joint, True
                    break
        done.append(_joined(group))
    return done


def _gap(first: Box, second: Box) -> int:
    """Pixels between two boxes, 0 where they overlap."""
    across = max(first.x, second.x) - min(first.x + first.width, second.x + second.width)
    down = max(first.y, second.y) - min(first.y + first.height, second.y + second.height)
    return max(0, across + 1, down + 1)


def thickness(mask: npt.NDArray[np.bool_]) -> float:
    """Diameter in pixels of the largest disc that fits into an H W mask."""
    framed = np.pad(mask, 1).astype(np.uint8)
    return 2 * float(cv2.distanceTransform(framed, cv2.DIST_L2, cv2.DIST_MASK_PRECISE).max())


def _joined(pieces: list[Piece]) -> Piece:
    whole = pieces[0].box
    for piece in pieces[1:]:
        whole = whole.union(piece.box)
    mask = np.zeros((whole.height, whole.width), bool)
    for piece in pieces:
        inside = piece.box.within(whole).crop(mask)
        inside |= piece.mask
    return Piece(whole, mask)


def _tiles(piece: Piece, side: int) -> list[Piece]:
    tiles = []
    for y in range(0, piece.box.height, side):
        for x in range(0, piece.box.width, side):
            part = piece.mask[y : y + side, x : x + side]
            if part.any():
                inner = Box.around(part)
                box = Box(piece.box.x + x + inner.x, piece.box.y + y + inner.y, inner.width, inner.height)
                tiles.append(Piece(box, np.ascontiguousarray(inner.crop(part))))
    return tiles
