"""Rectangles of pixels, and the part of a document that has to be sent for a selection."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from huefill_protocol import context


@dataclass(frozen=True)
class Rect:
    """The pixels x <= column < x + width, y <= row < y + height; empty where width or height is 0 (never negative)."""

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 0 or self.height < 0:
            raise ValueError(f"A rectangle of {self.width} x {self.height} pixels is not one.")

    @property
    def right(self) -> int:
        """The first column that is no longer inside."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row that is no longer inside."""
        return self.y + self.height

    @property
    def empty(self) -> bool:
        return self.width == 0 or self.height == 0

    def contains(self, other: Rect) -> bool:
        """Whether every pixel of ``other`` is inside; an empty rectangle is inside every other."""
        return other.empty or (self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom)

    def clip(self, bounds: Rect) -> Rect:
        """The pixels that are in both; the empty rectangle (0, 0, 0, 0) where there are none."""
        x, y = max(self.x, bounds.x), max(self.y, bounds.y)
        width, height = min(self.right, bounds.right) - x, min(self.bottom, bounds.bottom) - y
        return Rect(x, y, width, height) if width > 0 and height > 0 else Rect(0, 0, 0, 0)

    def around(self, other: Rect) -> Rect:
        """The smallest rectangle with both in it; an empty one takes no part."""
        if self.empty or other.empty:
            return other if self.empty else self
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def grow(self, pixels: int) -> Rect:
        """``pixels`` >= 0 more on each of the four sides; an empty rectangle stays as it is."""
        return self if self.empty else Rect(self.x - pixels, self.y - pixels, self.width + 2 * pixels, self.height + 2 * pixels)

    def moved(self, dx: int, dy: int) -> Rect:
        return Rect(self.x + dx, self.y + dy, self.width, self.height)


def around(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle with all of ``rects`` in it."""
    return functools.reduce(Rect.around, rects, Rect(0, 0, 0, 0))


def window_for(selection: Rect, document: Rect) -> Rect:
    """The part of the document to send for a selection: the selection and as much context as the backend can use.

    Empty where the selection lies outside the document. The cost of a job follows this window, not the document's size.
    """
    inside = selection.clip(document)
    return inside.grow(context.sent(max(inside.width, inside.height))).clip(document)
