"""The first guess at the coarsest level: the hole is peeled from its rim inward, each pixel copied from the known patch
that agrees best with what is known around it so far (Newson et al. 2014, section 3.4; Criminisi et al. 2004)."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from huefill.imaging.exemplar.descriptors import Bools, Floats, Ints, patches
from huefill.imaging.exemplar.pyramid import Level

_PAIRS_AT_ONCE = 8_000_000


def peel(level: Level, rng: np.random.Generator, check: Callable[[], None], most_sources: int = 20000) -> Floats:
    """``level.values`` H W C with the hole filled."""
    values = np.where(level.hole[..., None], np.float32(0), level.values)
    unknown = level.hole.copy()
    sources = np.flatnonzero(level.valid)
    if len(sources) > most_sources:
        sources = np.sort(rng.choice(sources, most_sources, replace=False))
    known = patches(level.padded(level.values), sources, level.side)
    squares = known * known
    flat_known = level.padded(level.values).reshape(-1, values.shape[2])
    while unknown.any():
        check()
        ring = unknown & _grown_by_one(~unknown)
        if not ring.any():
            ring = unknown.copy()
        best = _best(level, values, unknown, level.inside[ring], known, squares, check)
        values[ring] = flat_known[sources[best]]
        unknown &= ~ring
    return values


def _best(level: Level, values: Floats, unknown: Bools, pixels: Ints, known: Floats, squares: Floats, check: Callable[[], None]) -> Ints:
    have = np.repeat((~unknown)[..., None], values.shape[2], axis=2).astype(np.float32)
    weights = patches(level.padded(have), pixels, level.side)
    wanted = patches(level.padded(values), pixels, level.side) * weights
    best = np.empty(len(pixels), np.int64)
    rows = max(1, _PAIRS_AT_ONCE // len(known))
    for start in range(0, len(pixels), rows):
        check()
        part = slice(start, start + rows)
        best[part] = np.argmin(weights[part] @ squares.T - 2 * (wanted[part] @ known.T), axis=1)
    return best


def _grown_by_one(mask: Bools) -> Bools:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)), bool)
