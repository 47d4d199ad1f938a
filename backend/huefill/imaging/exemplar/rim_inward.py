"""The first guess at the coarsest level: the hole is peeled from its rim inward, each pixel copied from the known patch
that agrees best with what is known around it so far (Newson et al. 2014, section 3.4; Criminisi et al. 2004)."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from huefill.imaging.exemplar.descriptors import patches
from huefill.imaging.exemplar.products import Bools, Floats, Ints, Nearest
from huefill.imaging.exemplar.pyramid import Level


def fill_inward(level: Level, rng: np.random.Generator, check: Callable[[], None], most_sources: int = 20000) -> Floats:
    """``level.values`` H W C with the hole filled."""
    values = np.where(level.hole[..., None], np.float32(0), level.values)
    unknown = level.hole.copy()
    sources = np.flatnonzero(level.valid)
    if len(sources) > most_sources:
        sources = np.sort(rng.choice(sources, most_sources, replace=False))
    known = patches(level.padded(level.values), sources, level.side)
    nearest = Nearest(np.hstack([known * known, -2 * known]))
    flat_known = level.padded(level.values).reshape(-1, values.shape[2])
    while unknown.any():
        check()
        ring = unknown & _grown_by_one(~unknown)
        if not ring.any():
            ring = unknown.copy()
        best = _best(level, values, unknown, level.inside[ring], nearest, check)
        values[ring] = flat_known[sources[best]]
        unknown &= ~ring
    return values


def _best(level: Level, values: Floats, unknown: Bools, pixels: Ints, nearest: Nearest, check: Callable[[], None]) -> Ints:
    have = np.repeat((~unknown)[..., None], values.shape[2], axis=2).astype(np.float32)
    weights = patches(level.padded(have), pixels, level.side)
    wanted = np.hstack([weights, patches(level.padded(values), pixels, level.side) * weights])
    best = np.empty(len(pixels), np.int64)
    for start in range(0, len(pixels), nearest.rows_at_once):
        check()
        part = slice(start, start + nearest.rows_at_once)
        best[part] = nearest.of(wanted[part])
    return best


def _grown_by_one(mask: Bools) -> Bools:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)), bool)
