"""What is put into an empty border: pieces of the photo's own texture beside the edge, or, where they would repeat what is recognized or
do not fit, a calm continuation. Honest beats busy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging import color_spaces as spaces
from huefill.imaging import exemplar
from huefill.imaging.border.recognizable import strangeness
from huefill.imaging.border.stretching import nearest, stretched

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# All lengths are in pixels of a photo of about 320 x 320, larger photos have larger ones (`_unit`).
_SIDE = 320.0
# Pieces come from a strip along the edge: so many times as deep as the border, and never less than this.
_STRIP, _LEAST_STRIP = 2.0, 64.0
# What is recognized: farther from any other place than this, and than this many times the photo's median; never counted as such below the
# quantile of the strip (a pile of things is all strange, and continued by more of them), always above the last value.
_STRANGE, _MEDIANS, _QUANTILE, _STRANGEST = 0.07, 1.25, 0.6, 0.12
# How much it costs to copy from elsewhere along the edge, and from deeper in the photo, for the whole of the photo's longer side.
_ALONG, _DEEPER = 0.25, 0.25
# A thing touches the edge within this depth; how badly the pieces beside the edge may fit (`exemplar.Filled.cost`), and how large a step
# they may make there.
_TOUCHING, _BESIDE, _MISFIT, _STEP, _MISFITS_MORE = 8.0, 6.0, 0.055, 0.05, 0.04
# The calm continuation of a cut thing reaches so far: a share of the border's depth, and at least and at most so many pixels.
_REACH, _SHORTEST, _LONGEST = 0.6, 16.0, 60.0
# A piece that is used so often, and has contrast, is seen as a pattern that the photo does not have.
_OFTEN, _PLAIN, _CONTRAST = 6.0, 0.02, 0.04
# Fewer places to copy from than this share of the strip are none.
_TOO_FEW = 0.05


@dataclass(frozen=True)
class Extension:
    """``filled`` the completed monochrome with its offsets (0 where it is calm), ``chroma`` H W 2 (`color_spaces.to_chroma`), both as they
    were in the photo; ``calm`` H W in [0, 1]: how much of each pixel is the calm continuation."""

    filled: exemplar.Filled
    chroma: Image
    calm: Image


def extend(rgb: Image, known: Mask, photo: Mask, seed: int, check: Callable[[float], None]) -> Extension:
    """Fill what is not ``known`` (H W) of ``rgb`` (H W 3 in [0, 1]) beyond the ``photo``'s edge.

    ``photo`` H W is what is known and no result of another filling: where pieces come from, and what is continued. ``check`` is called
    with the fraction done and may raise. Raises ValueError when there is no photo.
    """
    if not photo.any():
        raise ValueError("There is nothing to continue: no pixel belongs to the photo.")
    hole, unit = ~known, _unit(known.shape)
    calm_rgb = stretched(rgb, photo, lambda: check(0.0))
    strange = strangeness(rgb, photo, lambda: check(0.1))
    gray, chroma = (np.where(_like(known, made), made, guess) for made, guess in zip(_split(rgb), _split(calm_rgb), strict=True))
    beyond, edge = nearest(photo)
    depth = float(beyond[hole].max()) if hole.any() else 0.0
    inside, outer = nearest(~photo)
    strip = photo & (inside <= max(_LEAST_STRIP * unit, _STRIP * depth))
    limit = _limit(strange, photo, strip)
    allowed = strip & (strange <= limit)
    if allowed.sum() < _TOO_FEW * strip.sum() or not hole.any():
        return _all_calm(gray, chroma, hole)
    place = _place(photo, beyond, edge, inside, outer)
    try:
        filled, pieces_chroma = exemplar.fill_border(
            gray, chroma, hole, place, allowed=allowed, seed=seed, check=lambda done: check(0.2 + 0.7 * done)
        )
    except ValueError:  # what may be copied is thinner than any patch
        return _all_calm(gray, chroma, hole)
    check(0.9)
    off = np.dstack([filled.gray - gray, pieces_chroma - chroma])
    calm = _calm(filled, off, hole, photo & (strange > limit), inside, beyond, edge, depth, unit)
    mixed = filled.gray + calm * (gray - filled.gray)
    mixed_chroma = pieces_chroma + calm[..., None] * (chroma - pieces_chroma)
    offsets = np.where((calm > 0.5)[..., None], 0, filled.offsets).astype(np.int32)
    return Extension(exemplar.Filled(mixed.astype(np.float32), offsets, filled.cost), mixed_chroma.astype(np.float32), calm)


def _unit(shape: tuple[int, ...]) -> float:
    return max(0.25, float((shape[0] * shape[1]) ** 0.5) / _SIDE)


def _like(mask: Mask, image: Image) -> Mask:
    return mask if image.ndim == 2 else mask[..., None]


def _split(rgb: Image) -> tuple[Image, Image]:
    return spaces.monochrome(rgb), spaces.to_chroma(rgb)


def _limit(strange: Image, photo: Mask, strip: Mask) -> float:
    least = max(_STRANGE, _MEDIANS * float(np.median(strange[photo])))
    return float(np.clip(np.quantile(strange[strip], _QUANTILE), least, max(least, _STRANGEST)))


def _place(photo: Mask, beyond: Image, edge: npt.NDArray[np.intp], inside: Image, outer: npt.NDArray[np.intp]) -> Image:
    """H W 3: where along the edge each pixel lies, and how deep in the photo (0 beyond it)."""
    longest = max(photo.shape)
    along = np.where(photo, outer, edge).astype(np.float32) * (_ALONG / longest)
    deep = np.where(beyond > 0, 0, inside) * (_DEEPER / longest)
    return np.dstack([along[0], along[1], deep]).astype(np.float32)


def _all_calm(gray: Image, chroma: Image, hole: Mask) -> Extension:
    nothing = exemplar.Filled(gray.astype(np.float32), np.zeros((*hole.shape, 2), np.int32), np.zeros(hole.shape, np.float32))
    return Extension(nothing, chroma.astype(np.float32), hole.astype(np.float32))


def _calm(
    filled: exemplar.Filled,
    off: Image,
    hole: Mask,
    lone: Mask,
    inside: Image,
    beyond: Image,
    edge: npt.NDArray[np.intp],
    depth: float,
    unit: float,
) -> Image:
    """H W in [0, 1]: where the calm continuation takes the place of the pieces, which are ``off`` it by H W C; 0 outside the hole."""
    touching = (inside > 0) & (inside <= _TOUCHING * unit)
    cut = _within(lone & touching, touching, 4 * unit)[edge[0], edge[1]]
    rim = hole & (beyond <= _BESIDE * unit)
    if rim.any():
        _, at = nearest(rim)
        step = np.max([np.abs(_within(off[..., channel], rim, 4 * unit)) for channel in range(off.shape[2])], axis=0)
        misfit = np.maximum(_within(filled.cost, rim, 4 * unit) - _MISFIT, step - _STEP)[at[0], at[1]]
        cut = np.maximum(cut, np.clip(misfit / _MISFITS_MORE, 0, 1))
    cut = _smooth((_within(cut, hole, 6 * unit) - 0.2) / 0.5)
    reach = float(np.clip(_REACH * depth, _SHORTEST * unit, _LONGEST * unit))
    pattern = _smooth((1.5 * _within(_patterned(filled, hole, unit), hole, 10 * unit) - 0.2) / 0.5)
    calm = np.maximum(cut * _smooth(1.25 - beyond / reach), pattern)
    return np.asarray(np.where(hole, _within(calm, hole, 3 * unit), 0), np.float32)


def _patterned(filled: exemplar.Filled, hole: Mask, unit: float) -> Image:
    """H W in [0, 1]: where the same piece is used again and again, and is no plain one."""
    height, width = hole.shape
    rows, columns = np.nonzero(hole)
    source_rows = np.clip(rows + filled.offsets[rows, columns, 0], 0, height - 1)
    source_columns = np.clip(columns + filled.offsets[rows, columns, 1], 0, width - 1)
    used = np.bincount(source_rows * width + source_columns, minlength=height * width).reshape(height, width).astype(np.float32)
    often = np.zeros(hole.shape, np.float32)
    often[rows, columns] = cv2.blur(used, (9, 9)).reshape(hole.shape)[source_rows, source_columns]
    fine = filled.gray - cv2.GaussianBlur(filled.gray, (0, 0), 4 * unit)
    contrast = np.sqrt(np.maximum(cv2.GaussianBlur(fine * fine, (0, 0), 5 * unit), 0))
    return np.asarray(np.clip(often / _OFTEN - 1, 0, 1) * np.clip((contrast - _PLAIN) / _CONTRAST, 0, 1) * hole, np.float32)


def _within(values: npt.NDArray[np.generic], mask: Mask, sigma: float) -> Image:
    """``values`` (H W) blurred within the ``mask`` alone."""
    weight = mask.astype(np.float32)
    total = cv2.GaussianBlur(np.asarray(values, np.float32) * weight, (0, 0), sigma)
    return np.asarray(total / np.maximum(cv2.GaussianBlur(weight, (0, 0), sigma), 1e-4), np.float32)


def _smooth(values: Image) -> Image:
    clipped = np.clip(values, 0, 1)
    return np.asarray(clipped * clipped * (3 - 2 * clipped), np.float32)
