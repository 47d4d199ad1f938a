"""Pieces of the photo itself in its hole: alone (the patch engine), or as the texture on what a network said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from huefill.imaging import color_spaces as spaces
from huefill.imaging import exemplar
from huefill.imaging.blend import steadied
from huefill.imaging.resample import resize

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# How much chroma counts against gray in the exemplar search: gray alone takes sea for sand, more than this follows color across edges.
_CHROMA_WEIGHT = 1.0


def completed(
    small_rgb: Image, hole: Mask, gray: Image, known: Mask, guess: Image | None, seed: int, check: Callable[[float], None]
) -> Image:
    """H W: ``gray`` (H W, ``known`` H W) with its hole filled by the photo's pieces, found on ``small_rgb`` (h w 3) and ``hole`` (h w).

    ``guess`` h w is what a network says of the small picture: kept in its structure, refined with real texture.
    """
    filled = _fill(small_rgb, hole, guess, seed, check)
    return filled.gray if hole.shape == known.shape else exemplar.lift(filled, gray, known, seed=seed)


def with_residuals(
    small_rgb: Image,
    hole: Mask,
    gray: Image,
    known: Mask,
    guess: Image,
    seen: tuple[int, int],
    seed: int,
    check: Callable[[float], None],
) -> Image:
    """As `completed`, but the network's ``guess`` stays as it is, and only what its size lost is added from the photo.

    ``seen`` (height, width) is the size at which the network saw the picture: detail finer than that is taken from the places that each
    part of the hole resembles (the contextual residuals of Yi et al. 2020, section 3.2, with exemplars instead of attention).
    """
    filled = _fill(small_rgb, hole, guess, seed, check)
    blurred = resize(resize(spaces.monochrome(small_rgb), seen), (hole.shape[0], hole.shape[1]))
    return exemplar.lift(replace(filled, gray=np.where(hole, guess, blurred)), gray, known, seed=seed)


def _fill(small_rgb: Image, hole: Mask, guess: Image | None, seed: int, check: Callable[[float], None]) -> exemplar.Filled:
    guide = np.asarray(_CHROMA_WEIGHT * spaces.to_chroma(small_rgb), np.float32)
    filled = exemplar.fill(spaces.monochrome(small_rgb), hole, guide=guide, initial=guess, seed=seed, check=check)
    return replace(filled, gray=steadied(filled.gray, hole))
