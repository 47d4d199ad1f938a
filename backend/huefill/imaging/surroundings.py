"""What lies around a selection, and whether a photo has colors: quick looks at a small picture, for what a person should be told.

How often they are right is measured by benchmarks/warned.py.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from huefill.imaging.region import Box

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Pixels of the longer side of what is looked at, and how much around the selection, in its own sizes.
_LONGEST, _AROUND = 144, 0.7
# Colors are counted in so many steps of lightness and of each chroma; the counts are smoothed over neighboring steps by this.
_STEPS, _SMOOTH = (12, 20, 20), 0.8
# A pixel beyond the edge looks like the selection where its color is so much likelier inside than around.
_ALIKE = 0.62
# The thing goes on where what looks like it and touches the selection has this share of its area, along this share of its edge. Tuned so
# that of 480 whole things 3 % were taken for cut ones.
_AREA, _EDGE = 0.12, 0.10
# Smaller selections (pixels of the small picture) show too little of themselves.
_LEAST = 40
# Photos with colors differ by so many units of Lab from the tone of their lightness, in the tenth of their pixels that differ most;
# toned and yellowed prints do not.
_COLORFUL, _TONES, _OF_PHOTO = 4.0, 16, 256


def goes_on(rgb: Image, selection: Mask, part: Mask) -> bool:
    """Whether the thing that is selected by ``part`` of the ``selection`` (both H W) goes on beyond its edge, in ``rgb`` (H W 3, [0, 1]).

    Compares the colors inside with those around: beyond the edge of a thing that is selected whole, its colors are seldom.
    """
    rgb, selection, part = _small(rgb, selection, part)
    area = int(part.sum())
    if area < _LEAST:
        return False
    lab = np.asarray(cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab), (0, 0), 0.8), np.float32)
    away = cv2.distanceTransform((~part).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_3)
    ring = (away > 0) & (away <= 0.6 * area**0.5) & ~selection
    if not ring.any():
        return False
    inner = cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_3) > 1.5
    bins = _bins(lab)
    inside, around = _counts(bins, inner if inner.sum() > _LEAST // 2 else part), _counts(bins, ring)
    alike = cv2.blur((inside / (inside + around + 1e-5))[bins].astype(np.float32), (3, 3)) > _ALIKE
    count, labels = cv2.connectedComponents((alike & ring).astype(np.uint8), connectivity=4)
    sizes = np.bincount(labels.ravel(), minlength=count)
    touching = np.unique(labels[(away > 0) & (away <= 2) & alike & ring])
    if not touching.size:
        return False
    largest = int(touching[np.argmax(sizes[touching])])
    edge = (away > 0) & (away < 1.5) & ~selection
    return bool(sizes[largest] >= _AREA * area and (edge & (labels == largest)).sum() >= _EDGE * edge.sum())


def has_colors(rgb: Image, apart_by: float = _COLORFUL) -> bool:
    """Whether a photo (H W 3 in [0, 1]) has colors of its own; one tone for each lightness, as in a sepia or a yellowed print, is none.

    A tenth of the photo has to differ from the tone of its lightness by ``apart_by`` units of Lab or more.
    """
    scale = _OF_PHOTO / max(rgb.shape)
    if scale < 1:
        rgb = np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)
    lab = cv2.cvtColor(np.clip(rgb, 0, 1), cv2.COLOR_RGB2Lab).reshape(-1, 3)
    tones = np.clip((lab[:, 0] * (_TONES / 100)).astype(np.int64), 0, _TONES - 1)
    count = np.maximum(np.bincount(tones, minlength=_TONES), 1)
    apart = [lab[:, axis] - (np.bincount(tones, lab[:, axis], _TONES) / count)[tones] for axis in (1, 2)]
    return bool(np.percentile(np.hypot(*apart), 90) > apart_by)


def _small(rgb: Image, *masks: Mask) -> tuple[Any, ...]:
    """The picture and its masks around the last of these, as small as it is looked at."""
    box = Box.around(masks[-1])
    box = box.grow(int(_AROUND * max(box.width, box.height)) + 8).clip(rgb.shape)
    scale = min(1.0, _LONGEST / max(box.width, box.height))
    size = (max(1, round(box.width * scale)), max(1, round(box.height * scale)))
    rgb = np.clip(cv2.resize(np.ascontiguousarray(box.crop(rgb)), size, interpolation=cv2.INTER_AREA), 0, 1)
    shrunk = [cv2.resize(box.crop(mask).astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0.5 for mask in masks]
    return (rgb, *shrunk)


def _bins(lab: Image) -> npt.NDArray[np.int64]:
    """H W: the number of each pixel's step of color."""
    light, green, blue = _STEPS
    scaled = np.stack([lab[..., 0] * (light / 100), (lab[..., 1] + 64) * (green / 128), (lab[..., 2] + 64) * (blue / 128)], -1)
    steps = np.clip(scaled, 0, np.array(_STEPS) - 1).astype(np.int64)
    return np.asarray((steps[..., 0] * green + steps[..., 1]) * blue + steps[..., 2])


def _counts(bins: npt.NDArray[np.int64], where: Mask) -> npt.NDArray[np.float64]:
    """The share of each step of color, smoothed, among the pixels of ``where``."""
    counted = gaussian_filter(np.bincount(bins[where], minlength=int(np.prod(_STEPS))).reshape(_STEPS).astype(np.float64), _SMOOTH)
    return np.asarray(counted / max(counted.sum(), 1e-9)).ravel()
