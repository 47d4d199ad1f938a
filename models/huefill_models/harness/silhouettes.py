"""Holes with the outlines of things: unions of regions of a photograph, as its own edges part them.

The training photographs have no masks. A watershed of a photograph's color differences, flooded from random places, parts it along the
edges of what it shows; a place and the neighbours that are most alike in color make an outline such as a person selects: an animal, a
roof, a branch. It lies on another photograph than the one it was found in, as what is removed has nothing to do with what is behind it.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from huefill_models.harness.data import Photo
from huefill_models.harness.masks import Mask

_FOUND_AT = 96
_SEEDS = 40


def silhouette(rng: np.random.Generator, photo: Photo, height: int, width: int, *, area: tuple[float, float] = (0.02, 0.4)) -> Mask:
    """An outline from ``photo`` (H W 3) on a picture of ``height`` x ``width``; its share of the picture is drawn from ``area``."""
    small = np.asarray(cv2.resize(photo, (_FOUND_AT, _FOUND_AT), interpolation=cv2.INTER_AREA), np.uint8)
    regions, colors = _regions(rng, small)
    wanted = float(np.exp(rng.uniform(*np.log(area))))
    shape = _grown(rng, regions, colors, wanted).astype(np.uint8)
    if rng.random() < 0.5:
        shape = shape[:, ::-1]
    # A selection is smooth, and a little larger than the thing.
    whole = cv2.resize(np.ascontiguousarray(shape * 255), (width, height), interpolation=cv2.INTER_CUBIC)
    blurred = cv2.GaussianBlur(whole, (0, 0), 0.008 * min(height, width) + 0.5)
    return np.asarray(blurred > int(rng.integers(60, 128)), dtype=np.uint8)


def _regions(rng: np.random.Generator, photo: Photo) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """The number of the region, from 0, at every place, and the regions' mean colors."""
    markers = np.zeros(photo.shape[:2], np.int32)
    places = rng.choice(markers.size, _SEEDS, replace=False)
    markers.flat[places] = np.arange(1, _SEEDS + 1)
    cv2.watershed(np.ascontiguousarray(photo), markers)
    labels = np.maximum(
        cv2.dilate(markers.astype(np.float32), np.ones((3, 3), np.uint8)).astype(np.int32) - 1, 0
    )  # over the -1 between them
    flat = labels.reshape(-1)
    counts = np.maximum(np.bincount(flat, minlength=_SEEDS), 1)
    sums = [np.bincount(flat, weights=photo[..., channel].reshape(-1), minlength=_SEEDS) for channel in range(3)]
    return labels, (np.stack(sums, axis=1) / counts[:, None]).astype(np.float32)


def _grown(
    rng: np.random.Generator, regions: npt.NDArray[np.int32], colors: npt.NDArray[np.float32], wanted: float
) -> npt.NDArray[np.bool_]:
    """The region at a random place and, one by one, the neighbour most alike in color, until the share ``wanted`` is reached."""
    beside = np.zeros((_SEEDS, _SEEDS), bool)
    for one, other in ((regions[:, 1:], regions[:, :-1]), (regions[1:], regions[:-1])):
        beside[one, other] = beside[other, one] = True
    np.fill_diagonal(beside, False)
    areas = np.bincount(regions.reshape(-1), minlength=_SEEDS) / regions.size
    chosen = np.zeros(_SEEDS, bool)
    chosen[regions.flat[int(rng.integers(regions.size))]] = True
    while areas[chosen].sum() < wanted:
        candidates = np.flatnonzero(beside[chosen].any(0) & ~chosen)
        if not len(candidates):
            break
        unlike = np.linalg.norm(colors[candidates] - colors[chosen].mean(0), axis=1) + 40 * areas[candidates] / wanted
        chosen[candidates[int(unlike.argmin())]] = True
    return chosen[regions]
