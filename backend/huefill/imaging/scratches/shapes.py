"""Which of the pieces that stand out in a scan are damage, by their shape and by what is around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum

from huefill.imaging.scratches.relief import Relief

Bytes = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]

# All limits are for a sensitivity of a half, in units of the photo's own detail; `relief` says how they were found.
# Pieces stand out pixel by pixel: each so much, the highest so much, all so much on the mean, and so many 8-bit steps high.
_PIXEL, _PEAK, _MEAN, _HEIGHT = 1.65, 1.87, 2.79, 4
# Faint lines stand out along a line, and their pixels somewhat; they are so long at least, in widths and in pixels, and no knots: their
# ends are so far from each other, in their length. Photos have faint lines of their own: strict limits.
_ALONG, _ON_LINE, _LONG, _LONGEST_SPECK, _STRAIGHT = 1.2, 0.5, 20.0, 64, 0.8
# The share of a part that has to be higher than so much of the photo's own step there: else it is the rim of an edge.
_CLEAR, _STEP = 0.344, 0.975
# How much of all candidates around a part is its own: among many like it, it is texture.
_ALONE, _ALONE_LINE = 0.2, 0.5
# How far, in pixels, soft edges reach at least.
_SOFT = 2


def damage_in(relief: Relief, sign: int, sensitivity: float, width: int) -> Bytes:
    """H W uint8, 255 on bright (``sign`` 1) or dark (-1) damage no wider than ``width`` pixels, grown for its soft edge."""
    ease = 2.0 ** (1 - 2 * sensitivity)
    out, along = sign * relief.stands_out, relief.brightest if sign > 0 else -relief.darkest
    high = sign * relief.height > _HEIGHT
    damage = np.zeros(out.shape, bool)
    pieces = _Parts.of((out > _PIXEL * ease) & high, width)
    if pieces is not None:
        good = pieces.clear(relief, sign) & (pieces.most(out) > _PEAK * ease) & (pieces.mean(out) > _MEAN * ease)
        damage |= pieces.pixels(good & (pieces.alone > _ALONE * min(ease, 1.2)) & (pieces.area >= 2))
    lines = _Parts.of((along > _ALONG * ease) & (out > _ON_LINE * ease) & high, width)
    if lines is not None:
        good = lines.clear(relief, sign) & (lines.length >= np.maximum(_LONG * lines.wide, _LONGEST_SPECK))
        damage |= lines.pixels(good & (lines.across > _STRAIGHT * lines.length) & (lines.alone > _ALONE_LINE * min(ease, 1.2)))
    return np.asarray(255 * cv2.dilate(damage.astype(np.uint8), _edge(width)), np.uint8)


@dataclass(frozen=True)
class _Parts:
    """The connected parts of candidate pixels (H W) that are thin enough; every array has a number for each part, the first for none.

    ``area`` pixels, ``wide`` the usual width, ``length``, ``across`` the diagonal of its box, ``alone`` its share in all candidates around.
    """

    labels: npt.NDArray[np.int32]
    candidates: Bools
    area: Numbers
    wide: Numbers
    across: Numbers
    alone: Numbers
    thin: Bools

    @staticmethod
    def of(candidates: Bools, width: int) -> _Parts | None:
        count, labels, stats, _ = cv2.connectedComponentsWithStats(candidates.astype(np.uint8), connectivity=8)
        if count < 2:
            return None
        boxes = np.asarray(stats, np.int32)
        area = boxes[:, cv2.CC_STAT_AREA].astype(np.float64)
        area[0] = 1
        of = labels[candidates]
        radius = cv2.distanceTransform(np.pad(candidates, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)[1:-1, 1:-1][candidates]
        thin = 2 * np.asarray(maximum(radius, of, np.arange(count))) <= 1.5 * width + 1
        thin[0] = False
        # Within a stroke the distance to its edge is a quarter of its width on the mean.
        wide = np.maximum(4 * np.bincount(of, radius, count) / area - 1, 1)
        across = np.hypot(boxes[:, cv2.CC_STAT_WIDTH], boxes[:, cv2.CC_STAT_HEIGHT])
        return _Parts(np.asarray(labels, np.int32), candidates, area, wide, across, _alone(candidates, boxes, area, 4 * width), thin)

    @property
    def length(self) -> Numbers:
        return np.asarray(self.area / self.wide)

    def mean(self, values: npt.NDArray[Any]) -> Numbers:
        """Of ``values`` (H W) over each part."""
        return np.asarray(np.bincount(self.labels[self.candidates], values[self.candidates], len(self.area)) / self.area)

    def most(self, values: npt.NDArray[Any]) -> Numbers:
        """The greatest of ``values`` (H W) in each part."""
        return np.asarray(maximum(values[self.candidates], self.labels[self.candidates], np.arange(len(self.area))), np.float64)

    def clear(self, relief: Relief, sign: int) -> Bools:
        """Which stand clear of the photo's own steps."""
        return np.asarray(self.thin & (self.mean(sign * relief.height > _STEP * relief.step) > _CLEAR))

    def pixels(self, good: Bools) -> Bools:
        """H W: where those parts are that are ``good``."""
        return np.asarray(good[self.labels])


def _edge(width: int) -> Bytes:
    """What covers a pixel's surroundings as far as soft edges reach: on a large scan they are wider."""
    side = 2 * max(_SOFT, round(width / 5)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


def _alone(candidates: Bools, boxes: npt.NDArray[np.int32], area: Numbers, margin: int) -> Numbers:
    """The share of each piece in all candidates of its box and ``margin`` pixels around."""
    sums = cv2.integral(candidates.astype(np.uint8))
    height, width = candidates.shape
    left, right = np.maximum(boxes[:, 0] - margin, 0), np.minimum(boxes[:, 0] + boxes[:, 2] + margin, width)
    top, bottom = np.maximum(boxes[:, 1] - margin, 0), np.minimum(boxes[:, 1] + boxes[:, 3] + margin, height)
    total = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return np.asarray(area / np.maximum(total, 1))
