"""What of a photo is recognized when it is seen twice: places that resemble no other place in it."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.resample import resize, resize_known

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Places that are compared with each other: the photo is reduced to so many, and a place is a patch of this side on it (a twelfth of the
# photo), which is the size of what eyes recognize at a glance.
_PLACES, _SIDE = 7000, 7
# How much a patch's mean counts beside its pattern: a thing in the shade is the same thing.
_MEAN = 0.5
_ROWS = 512


def strangeness(rgb: Image, photo: Mask, check: Callable[[], None]) -> Image:
    """H W: how far each place of the ``photo`` (H W) is from the most similar other place in it.

    Root mean square difference of the patches, in the units of ``rgb`` (H W 3); plain and repetitive places are near 0. Beyond the photo
    the value of the nearest place; all 0 where the photo is too small to be compared with itself.
    """
    height, width = photo.shape
    factor = min(1.0, (_PLACES / max(1, int(photo.sum()))) ** 0.5)
    shape = (max(1, round(height * factor)), max(1, round(width * factor)))
    small, _ = resize_known(rgb, photo, shape)
    known = resize(photo.astype(np.float32), shape) > 0.6
    half = _SIDE // 2
    whole = cv2.erode(known.astype(np.uint8), np.ones((_SIDE, _SIDE), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    rows, columns = np.nonzero(whole)
    if len(rows) < 2:
        return np.zeros(photo.shape, np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(small, (_SIDE, _SIDE), axis=(0, 1))
    patches = _described(windows[rows - half, columns - half].reshape(len(rows), 3, -1))
    places = np.full(shape, np.nan, np.float32)
    places[rows, columns] = _to_the_next(patches, rows, columns, check)
    there = ~np.isnan(places)
    distance = cv2.distanceTransformWithLabels((~there).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    by_label = np.zeros(int(distance[1].max()) + 1, np.float32)
    by_label[distance[1][there]] = places[there]
    return np.asarray(cv2.resize(by_label[distance[1]], (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _described(patches: Image) -> Image:
    """N D: the patches (N 3 side·side) without their means, their middle counting most; then the means."""
    line = np.exp(-((np.arange(_SIDE) - _SIDE // 2) ** 2) / (2 * (_SIDE / 3) ** 2))
    window = np.outer(line, line).ravel()
    weight = np.sqrt(window / window.sum()).astype(np.float32)
    means = (patches * weight**2).sum(2)
    pattern = (patches - means[..., None]) * weight
    return np.hstack([pattern.reshape(len(patches), -1), _MEAN * means]).astype(np.float32)


def _to_the_next(patches: Image, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], check: Callable[[], None]) -> Image:
    square = np.einsum("ij,ij->i", patches, patches)
    best = np.empty(len(patches), np.float32)
    for start in range(0, len(patches), _ROWS):
        check()
        part = slice(start, start + _ROWS)
        distance = square[part, None] + square - 2 * patches[part] @ patches.T
        itself = (np.abs(rows[part, None] - rows) < _SIDE) & (np.abs(columns[part, None] - columns) < _SIDE)
        distance[itself] = np.inf
        best[part] = distance.min(1)
    # A photo of one patch's size has no other place: nothing can be told of it.
    return np.asarray(np.sqrt(np.where(np.isfinite(best), np.maximum(best, 0), 0) / 3), np.float32)
