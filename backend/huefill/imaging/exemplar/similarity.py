"""How much the surroundings of a hole repeat themselves: a cheap measure of whether exemplars will do."""

from __future__ import annotations

import cv2
import numpy as np

from huefill.imaging.exemplar.descriptors import patches
from huefill.imaging.exemplar.products import Bools, Floats, Ints, project
from huefill.imaging.exemplar.pyramid import Level

_WORKING_SIDE = 192
_SIDE = 7
_SAMPLE = 400
_SOURCES = 3000


def self_similarity(gray: Floats, hole: Bools) -> float:
    """In [0, 1]: how well the patches around ``hole`` (H W bool) of ``gray`` (H W float32) are found again elsewhere in the photo.

    One less the ratio of each patch's distance to its nearest like to its own contrast (both with the mean taken off), the
    middle of a sample of the ring around the hole: about 1 for a regular texture, about 0 where nothing repeats. Flat patches
    count as found. The photo is looked at small, so that it takes well under 100 ms. 0 when there is nothing to compare.
    """
    scale = min(1.0, _WORKING_SIDE / max(gray.shape))
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    known = cv2.resize((~hole).astype(np.float32), size, interpolation=cv2.INTER_AREA).reshape(size[::-1])
    small = cv2.resize(np.where(hole, np.float32(0), gray), size, interpolation=cv2.INTER_AREA).reshape(size[::-1])
    small_hole = known < 0.999
    level = Level(np.asarray(small / np.maximum(known, 1e-3), np.float32)[..., None], small_hole, ~small_hole, _SIDE)
    ring = cv2.dilate(small_hole.astype(np.uint8), np.ones((41, 41), np.uint8)).astype(bool)
    sources = np.flatnonzero(level.valid)
    wanted = level.inside[ring][level.valid[level.inside[ring]]]
    if not wanted.size or len(sources) < 2:
        return 0.0
    rng = np.random.default_rng(0)
    wanted, sources = _sample(wanted, _SAMPLE, rng), _sample(sources, _SOURCES, rng)
    padded = level.padded(level.values)
    first, second = patches(padded, wanted, _SIDE), patches(padded, sources, _SIDE)
    first, second = first - first.mean(axis=1, keepdims=True), second - second.mean(axis=1, keepdims=True)
    contrast, lengths = np.einsum("ij,ij->i", first, first), np.einsum("ij,ij->i", second, second)
    distance = np.maximum(contrast[:, None] + lengths - 2 * (project(first, np.ascontiguousarray(second.T))), 0)
    distance[_near(wanted, sources, level.padded_shape[1])] = np.inf
    nearest = distance.min(axis=1)
    flat = _SIDE**2 * np.float32(0.01) ** 2
    return float(1 - np.median(np.minimum(1, np.maximum(nearest - flat, 0) / np.maximum(contrast, flat))))


def _sample(pixels: Ints, most: int, rng: np.random.Generator) -> Ints:
    return pixels if len(pixels) <= most else np.sort(rng.choice(pixels, most, replace=False))


def _near(first: Ints, second: Ints, width: int) -> Bools:
    """Pairs of patches that overlap, and would find themselves."""
    rows = np.abs((first // width)[:, None] - second // width)
    columns = np.abs((first % width)[:, None] - second % width)
    return np.asarray((rows < _SIDE) & (columns < _SIDE))
