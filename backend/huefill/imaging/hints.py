"""Color hints as maps: where a color is given, and which; and how they make themselves felt beyond what a network says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.color_spaces import rgb_to_lab
from huefill.imaging.propagation import Propagation
from huefill.imaging.resample import resize, working_shape
from huefill.imaging.upsample import lift_chroma

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


class Point(Protocol):
    """A hint: pixel coordinates, RGB 0 to 255, radius in pixels (0: that one pixel)."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def rgb(self) -> tuple[float, float, float]: ...
    @property
    def radius(self) -> float: ...


# The share of a smaller picture's pixel that makes it a hint. Thin strokes survive: a tenth of a pixel is enough to say a color.
_LEAST = 0.1
# Below one painted pixel of so many it is quicker to look at those alone.
_FEW = 8


@dataclass(frozen=True)
class HintMap:
    """``ab`` H W 2 in units of Lab, 0 where nothing is given; ``mask`` H W, True at a hint."""

    ab: Image
    mask: Mask


@dataclass(frozen=True)
class Strokes:
    """What a painted hint layer holds: ``mask`` H W at the photo's size, and ``ab`` N 2, the colors of its N true pixels row by row."""

    mask: Mask
    ab: Image
    _shrunk: dict[tuple[int, int], HintMap] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _begins(self) -> npt.NDArray[np.int64]:
        """H + 1: where each row's colors begin in ``ab``."""
        return np.concatenate([[0], np.cumsum(self.mask.sum(1, dtype=np.int64))])

    @property
    def bytes(self) -> int:
        return self.mask.nbytes + self.ab.nbytes

    def rows(self, rows: slice) -> tuple[Mask, Image]:
        """The mask of these rows, and the colors of its true pixels."""
        return self.mask[rows], self.ab[self._begins[rows.start] : self._begins[rows.stop]]

    def at(self, shape: tuple[int, int]) -> HintMap:
        """The strokes on a picture of ``shape``.

        Kept: a layer of a large photo takes longer to shrink than all else that a moved point costs.
        """
        made = self._shrunk.get(shape)
        if made is None:
            few = len(self.ab) * _FEW < self.mask.size and shape[0] <= self.mask.shape[0] and shape[1] <= self.mask.shape[1]
            made = self._few_at(shape) if few else shrink(self._whole(), shape)
            if shape != self.mask.shape:
                self._shrunk[shape] = made
        return HintMap(made.ab.copy(), made.mask.copy())

    def _whole(self) -> HintMap:
        whole = HintMap(np.zeros((*self.mask.shape, 2), np.float32), self.mask)
        whole.ab[self.mask] = self.ab
        return whole

    def _few_at(self, shape: tuple[int, int]) -> HintMap:
        """What `shrink` gives, from the painted pixels alone: each adds to the four pixels that it may touch what it covers of them."""
        places = np.nonzero(self.mask)
        (top, upper), (left, nearer) = (
            _cells(place, full, small) for place, full, small in zip(places, self.mask.shape, shape, strict=True)
        )
        sums = np.zeros((3, shape[0] * shape[1]))
        for row, tall in ((top, upper), (np.minimum(top + 1, shape[0] - 1), shape[0] / self.mask.shape[0] - upper)):
            for column, wide in ((left, nearer), (np.minimum(left + 1, shape[1] - 1), shape[1] / self.mask.shape[1] - nearer)):
                covered, cell = tall * wide, row * shape[1] + column
                for total, values in zip(sums, (1.0, self.ab[:, 0], self.ab[:, 1]), strict=True):
                    total += np.bincount(cell, covered * values, total.size)
        share = sums[0].reshape(shape)
        return _averaged(share, np.moveaxis(sums[1:].reshape(2, *shape), 0, -1), _LEAST)


def shrink(hints: HintMap, shape: tuple[int, int], least: float = _LEAST) -> HintMap:
    """Hints on a smaller picture of ``shape``; a pixel of which they cover the share ``least`` is a hint."""
    if hints.mask.shape == shape:
        return hints
    weight, size = hints.mask.astype(np.float32), shape[::-1]
    share = cv2.resize(weight, size, interpolation=cv2.INTER_AREA).reshape(shape)
    sums = cv2.resize(hints.ab * weight[..., None], size, interpolation=cv2.INTER_AREA).reshape(*shape, 2)
    return _averaged(share, sums, least)


def _averaged(share: npt.NDArray[Any], sums: npt.NDArray[Any], least: float) -> HintMap:
    # A share that is just as large counts, whichever way it was rounded.
    mask = share > least - 1e-6
    return HintMap(np.where(mask[..., None], sums / np.maximum(share, 1e-6)[..., None], 0).astype(np.float32), mask)


def _cells(place: npt.NDArray[np.int64], full: int, small: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Of ``full`` pixels in a row, shrunk to ``small``: the first that each of ``place`` touches, and how much of that it covers."""
    begin = place * (small / full)
    # A pixel that begins where another ends touches that one alone; what rounding leaves of the former is nothing.
    first = np.minimum(np.floor(begin + 1e-9).astype(np.int64), small - 1)
    return first, np.minimum(small / full, first + 1 - begin)


def point_colors(points: Sequence[Point]) -> Image:
    """N 3: the points' colors in Lab."""
    rgb = np.array([point.rgb for point in points], np.float32).reshape(-1, 3) / 255
    return rgb_to_lab(np.asarray(rgb, np.float32))


def hint_map(shape: tuple[int, int], full: tuple[int, int], points: Sequence[Point], strokes: Strokes | None) -> HintMap:
    """Hints of a photo of size ``full`` (height, width) on a picture of it of ``shape``; each covers a pixel at least.

    Where hints meet the later point wins, and any point wins over the hint layer.
    """
    drawn = HintMap(np.zeros((*shape, 2), np.float32), np.zeros(shape, bool)) if strokes is None else strokes.at(shape)
    owner = np.zeros(shape, np.int32)
    down, across = shape[0] / full[0], shape[1] / full[1]
    for number, point in enumerate(points, 1):
        x = min(shape[1] - 1.0, max(0.0, (point.x + 0.5) * across - 0.5))
        y = min(shape[0] - 1.0, max(0.0, (point.y + 0.5) * down - 0.5))
        stamp(owner, x, y, point.radius * across, point.radius * down, number)
    pointed = owner > 0
    drawn.ab[pointed] = point_colors(points)[owner[pointed] - 1, 1:]
    drawn.mask[pointed] = True
    return drawn


def stamp(plane: npt.NDArray[Any], x: float, y: float, reach_x: float, reach_y: float, value: Any) -> None:
    """Set ``plane`` (H W or H W C) to ``value`` in an ellipse around ``x``, ``y`` and at the pixel nearest to that; outside, nothing."""
    height, width = plane.shape[:2]
    left, right = max(0, int(np.floor(x - reach_x))), min(width, int(np.ceil(x + reach_x)) + 1)
    top, bottom = max(0, int(np.floor(y - reach_y))), min(height, int(np.ceil(y + reach_y)) + 1)
    if left < right and top < bottom:
        rows, columns = np.arange(top, bottom)[:, None], np.arange(left, right)[None]
        inside = ((rows - y) / max(reach_y, 1e-6)) ** 2 + ((columns - x) / max(reach_x, 1e-6)) ** 2 <= 1
        plane[top:bottom, left:right][inside] = value
    if 0 <= round(y) < height and 0 <= round(x) < width:
        plane[round(y), round(x)] = value


# Pixels of the picture on which hints are propagated: finer costs time that a moving hand feels, and gains next to nothing
# (benchmarks/README.md).
_PROPAGATED = 72 * 96


class Along:
    """An H W ``lightness`` in [0, 100] along which hints are propagated again and again."""

    def __init__(self, lightness: Image) -> None:
        self._shape = working_shape((lightness.shape[0], lightness.shape[1]), _PROPAGATED)
        self._gray, self._full = (np.asarray(image / 100, np.float32) for image in (resize(lightness, self._shape), lightness))
        self._propagation = Propagation(self._gray)

    def propagate(self, hints: HintMap) -> Image:
        """H W 2: the hints spread along the lightness (Levin et al. 2004), without looking at what the picture shows."""
        # No hint may be lost on the way: one pixel falls on four at most, so a fifth of its area is on one of them.
        least = 0.2 * self._shape[0] * self._shape[1] / hints.mask.size
        small = shrink(hints, self._shape, least)
        return lift_chroma(self._propagation.complete(small.ab, small.mask), self._gray, self._full)


def apply_hints(ab: Image, hints: HintMap, along: Along, share: float | Image, reach: float) -> Image:
    """``ab`` H W 2, what a network says, with the hints applied: exactly where they are given, and felt around.

    What the network left of a hint's color is propagated ``along`` the picture's lightness (see `Along`) and added: a network that has
    seen too few photographs heeds hints too little, and the more there are, the less it adds to them. ``share`` in [0, 1] (H W where it
    is not the same everywhere) is how much of it is added beside a hint; propagation knows nothing of the picture, so that falls with the
    distance from the nearest hint, to 1/e of it at ``reach`` times the longer side.
    """
    if np.any(share) and hints.mask.any():
        left = HintMap(np.where(hints.mask[..., None], hints.ab - ab, 0).astype(np.float32), hints.mask)
        distance = cv2.distanceTransform((~hints.mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5) / max(hints.mask.shape)
        ab = ab + (share * np.exp(-distance / reach))[..., None].astype(np.float32) * along.propagate(left)
    return np.where(hints.mask[..., None], hints.ab, ab).astype(np.float32)
