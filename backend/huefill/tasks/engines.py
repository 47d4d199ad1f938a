"""The engines that complete a monochrome, and the rule by which ``auto`` picks one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging import colour as spaces
from huefill.imaging import exemplar
from huefill.imaging.resample import resize_known, working_shape
from huefill.runtime.progress import Progress

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Pixels of a region that an engine works on at most; larger regions are reconstructed small and lifted.
REGION_PIXELS = 700 * 700


@dataclass(frozen=True)
class Reconstruction:
    """``gray`` H W float32: the completed monochrome, known pixels as they were; ``facts`` for the recipe (engine, why, size)."""

    gray: Image
    facts: dict[str, Any]


def reconstruct(rgb: Image, known: Mask, engine: str, seed: int, device: str, progress: Progress) -> Reconstruction:
    """Complete the monochrome of ``rgb`` (H W 3) from its ``known`` pixels (H W)."""
    if not known.any():
        raise HuefillError(
            "nothing_known",
            "Everything around the selection is selected or transparent: there is nothing to fill it from.",
            "Make the selection smaller.",
        )
    gray = spaces.monochrome(rgb)
    shape = working_shape(known.shape, REGION_PIXELS)
    small_rgb, small_known = resize_known(rgb, known, shape)
    if not small_known.any():  # what is known is finer than the working size
        shape, small_rgb, small_known = known.shape, rgb, known
    progress.report("reconstructing structure", 0.0)
    filled = exemplar.fill(
        spaces.monochrome(small_rgb),
        ~small_known,
        seed=seed,
        check=lambda fraction: progress.report("reconstructing structure", fraction),
    )
    facts = {"engine": "patch", "why": "chosen", "working_size": [shape[1], shape[0]]}
    full = filled.gray if shape == known.shape else exemplar.lift(filled, gray, known)
    return Reconstruction(np.where(known, gray, full).astype(np.float32), facts)
