"""One photo at several scales, with a hole: averages are of known pixels alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.exemplar.products import Bools, Floats, Ints

_FEW_SOURCES = 100


@dataclass(frozen=True)
class Level:
    """``values`` H W C (in the hole: a guess), ``hole`` H W, ``allowed`` H W (where may be copied from), patch ``side``."""

    values: Floats
    hole: Bools
    allowed: Bools
    side: int

    @property
    def pad(self) -> int:
        return self.side // 2

    @cached_property
    def padded_shape(self) -> tuple[int, int]:
        return self.hole.shape[0] + 2 * self.pad, self.hole.shape[1] + 2 * self.pad

    def padded(self, values: Floats) -> Floats:
        """``values`` with a mirrored border as wide as half a patch, so that every pixel has a patch."""
        return np.pad(values, ((self.pad, self.pad), (self.pad, self.pad), (0, 0)), mode="symmetric")

    def unpadded(self, padded: Floats) -> Floats:
        height, width = self.hole.shape
        return np.ascontiguousarray(padded[self.pad : self.pad + height, self.pad : self.pad + width])

    @cached_property
    def inside(self) -> npt.NDArray[np.int64]:
        """H W: flat indices of the image's pixels in the padded image."""
        rows = np.arange(self.hole.shape[0])[:, None] + self.pad
        return np.asarray(rows * self.padded_shape[1] + np.arange(self.hole.shape[1]) + self.pad, np.int64)

    @cached_property
    def hole_pixels(self) -> Ints:
        return np.asarray(self.inside[self.hole])

    @cached_property
    def targets(self) -> Ints:
        """Centres of the patches that touch the hole."""
        return np.asarray(self.inside[_grown(self.hole, self.side)])

    @cached_property
    def valid(self) -> Bools:
        """Over the padded image, flat: centres whose patch is known and may be copied.

        Patches that reach over the photo's edge into its mirror image count only where there is next to nothing else.
        """
        usable = ~_grown(self.hole, self.side) & ~_grown(~self.allowed, self.side)
        whole = usable.copy()
        for axis in (0, 1):
            edge = np.moveaxis(whole, axis, 0)
            edge[: self.pad] = False
            edge[edge.shape[0] - self.pad :] = False
        if np.count_nonzero(whole) < _FEW_SOURCES:
            whole = usable
        result = np.zeros(self.padded_shape, bool)
        result[self.pad : result.shape[0] - self.pad, self.pad : result.shape[1] - self.pad] = whole
        return result.ravel()

    @cached_property
    def depth(self) -> Floats:
        """Over the padded image, flat: how deep a pixel lies in the hole, in pixels (0 outside)."""
        padded = np.pad(self.hole.astype(np.uint8), self.pad, mode="symmetric")
        if padded.all():
            return np.full(padded.size, float(max(padded.shape)), np.float32)
        return np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5), np.float32).ravel()


def _grown(mask: Bools, side: int) -> Bools:
    """Pixels whose patch touches the mask, the mirrored border included."""
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8), borderType=cv2.BORDER_REFLECT), bool)


def build(level: Level, check: Callable[[], None]) -> list[Level]:
    """The level itself and ever coarser ones, until the hole is about a patch wide or there is too little left to copy from."""
    levels = [level]
    while levels[-1].depth.max() > 0.6 * level.side:
        check()
        coarser = _halved(levels[-1])
        if not coarser.hole.any() or np.count_nonzero(coarser.valid) < _FEW_SOURCES:
            break
        levels.append(coarser)
    return levels


def _halved(level: Level) -> Level:
    height, width = level.hole.shape
    even = ((0, height % 2), (0, width % 2))
    known = np.pad((~level.hole).astype(np.float32), even, mode="edge")
    values = np.pad(np.where(level.hole[..., None], np.float32(0), level.values), (*even, (0, 0)), mode="edge")
    allowed = np.pad(level.allowed, even, mode="edge")
    coverage = _quartered(known)
    halved = _quartered(values) / np.maximum(coverage, 0.25)[..., None]
    guess = _quartered(np.pad(level.values, (*even, (0, 0)), mode="edge"))
    hole = coverage < 0.5
    return Level(np.where(hole[..., None], guess, halved), hole, _quartered(allowed.astype(np.float32)) == 1, level.side)


def _quartered(array: Floats) -> Floats:
    """The means of 2 × 2 blocks."""
    return np.asarray((array[::2, ::2] + array[1::2, ::2] + array[::2, 1::2] + array[1::2, 1::2]) / 4, np.float32)


def doubled(values: Floats, shape: tuple[int, int]) -> Floats:
    """Twice the size, smooth, cut to ``shape`` (H, W)."""
    height, width = values.shape[:2]
    big = cv2.resize(values, (2 * width, 2 * height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(big.reshape(2 * height, 2 * width, -1)[: shape[0], : shape[1]], np.float32)
