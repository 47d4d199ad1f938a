"""A photo's empty border, filled by `huefill.imaging.border` and brought to the photo's full size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from huefill.imaging import border, exemplar
from huefill.imaging.resample import resize

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Continued:
    """``gray`` H W at the photo's size; ``chroma`` h w 2 and ``small_gray`` h w as they were made; ``calm`` the share in [0, 1] of the hole
    that is a calm continuation instead of the photo's texture."""

    gray: Image
    chroma: Image
    small_gray: Image
    calm: float


def continued(
    small_rgb: Image, small_known: Mask, small_photo: Mask, gray: Image, known: Mask, seed: int, check: Callable[[float], None]
) -> Continued:
    """Fill what is not ``known`` (H W) of ``gray`` (H W), as `border.extend` says of ``small_rgb`` (h w 3) with its masks (h w)."""
    made = border.extend(small_rgb, small_known, small_photo, seed, check)
    filled = made.filled
    full = filled.gray if small_known.shape == known.shape else exemplar.lift(filled, gray, known, seed=seed)
    # Where nothing was copied there is no grain either.
    calm = (resize(made.calm, known.shape) > 0.5) & ~known
    full = exemplar.match_grain(np.asarray(full, np.float32), calm, seed=seed)
    hole = ~small_known
    return Continued(np.clip(full, 0, 1), made.chroma, filled.gray, float(made.calm[hole].mean()) if hole.any() else 0.0)
