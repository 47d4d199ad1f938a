"""Holes and the band in which a result is blended into the photo."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]


def distance_to(mask: Mask) -> npt.NDArray[np.float32]:
    """Euclidean distance in pixels from every pixel of H W to the nearest True (0 on it); infinite when there is none."""
    if not mask.any():
        return np.full(mask.shape, np.inf, np.float32)
    return np.asarray(cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32)


@dataclass(frozen=True)
class Blend:
    """What a removal may touch. All distances in pixels from the selection.

    ``selected`` every pixel that is selected at all (H W bool).
    ``core``   the selection's pixels that count as selected (H W bool).
    ``hole``   what is filled: the core grown by ``rim`` and ``band`` (H W bool).
    ``alpha``  coverage of the result: 1 up to ``rim`` (or what the selection's feathering says, if that is more), falling
               smoothly to 0 at ``rim + band`` (H W float32).
    """

    selected: Mask
    core: Mask
    hole: Mask
    alpha: npt.NDArray[np.float32]
    rim: int
    band: int


def default_rim(longest: int) -> int:
    """How far to grow a selection of this longest side (pixels): people select tightly, and an object's edge spreads by the
    lens and the sampling, so that without growth its rim stays as residue."""
    return int(np.clip(round(0.02 * longest), 2, 12))


def default_band(longest: int) -> int:
    """Width of the blend for a selection of this longest side (pixels)."""
    return int(np.clip(round(0.012 * longest), 2, 10))


def blend_for(selection: npt.NDArray[np.uint8], rim: int, band: int) -> Blend:
    """The hole and the blend for an H W selection (0 to 255). Half-selected pixels and more are core; if none is, all that is touched."""
    core = selection >= 128
    if not core.any():
        core = selection > 0
    distance = distance_to(core)
    ramp = np.clip((rim + band + 1 - distance) / (band + 1), 0.0, 1.0) if band else (distance <= rim).astype(np.float32)
    smooth = ramp * ramp * (3 - 2 * ramp)
    alpha = np.maximum(smooth, selection.astype(np.float32) / 255).astype(np.float32)
    return Blend(selection > 0, core, alpha > 0, alpha, rim, band)
