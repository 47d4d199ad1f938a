"""Holes and the band in which a result is blended into the photo."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.parts import Part, split

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
    ``parts``  the core's parts, each with its own ``rim`` and ``band``.
    ``hole``   what is filled: each part grown by its rim and band, and what is selected softly (H W bool).
    ``alpha``  coverage of the result: 1 up to a part's rim (or what the selection's feathering says, if that is more), falling
               smoothly to 0 at rim + band (H W float32).
    """

    selected: Mask
    core: Mask
    parts: tuple[Part, ...]
    hole: Mask
    alpha: npt.NDArray[np.float32]

    @property
    def rim(self) -> int:
        """The largest of its parts."""
        return max(part.rim for part in self.parts)

    @property
    def band(self) -> int:
        """The largest of its parts."""
        return max(part.band for part in self.parts)


def core_of(selection: npt.NDArray[np.uint8]) -> Mask:
    """The pixels of an H W selection (0 to 255) that count as selected: half-selected ones and more; if none is, all that is touched."""
    core = selection >= 128
    return core if core.any() else selection > 0


def blend_for(selection: npt.NDArray[np.uint8], rim: int | None, band: int | None) -> Blend:
    """The hole and the blend for an H W selection (0 to 255); ``rim`` and ``band`` in pixels, or by each part's thickness (None)."""
    core = core_of(selection)
    parts = tuple(split(core, rim, band))
    alpha = np.asarray(selection.astype(np.float32) / 255, np.float32)
    for part in parts:
        margin = part.rim + part.band + 1
        area = part.box.grow(margin).clip(core.shape)
        mask = np.zeros((area.height, area.width), bool)
        part.box.within(area).crop(mask)[...] = part.mask
        distance = distance_to(mask)
        ramp = np.clip((margin - distance) / (part.band + 1), 0.0, 1.0) if part.band else (distance <= part.rim).astype(np.float32)
        here = area.crop(alpha)
        np.maximum(here, (ramp * ramp * (3 - 2 * ramp)).astype(np.float32), out=here)
    return Blend(selection > 0, core, parts, alpha > 0, alpha)
