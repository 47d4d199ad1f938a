"""Making a fill meet the photo: smooth corrections of its brightness."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.mask import distance_to
from huefill.imaging.parts import split

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def spread(values: Image, where: Mask) -> Image:
    """Carry H W or H W C values known ``where`` smoothly over the whole image (pull-push, Gortler et al. 1996)."""
    weight = where.astype(np.float32)
    weighted = np.asarray(values * (weight if values.ndim == 2 else weight[..., None]), np.float32)
    return _pull_push(weighted, weight)


def _pull_push(weighted: Image, weight: Image) -> Image:
    """``weighted`` is values times ``weight``; both shrink by averaging, and empty places take what the coarser level says."""

    def over(image: Image, divisor: Image) -> Image:
        return np.asarray(image / (divisor if image.ndim == 2 else divisor[..., None]), np.float32)

    height, width = weight.shape
    here = over(weighted, np.maximum(weight, 1e-8))
    if height <= 2 and width <= 2:
        total = np.float32(max(float(weight.sum()), 1e-8))
        return np.broadcast_to(weighted.sum((0, 1)) / total, weighted.shape).astype(np.float32)
    small = ((width + 1) // 2, (height + 1) // 2)
    shrunk = np.asarray(
        cv2.resize(weighted, small, interpolation=cv2.INTER_AREA).reshape(small[1], small[0], *weighted.shape[2:]), np.float32
    )
    shrunk_weight = cv2.resize(weight, small, interpolation=cv2.INTER_AREA)
    coarse = _pull_push(shrunk, np.asarray(shrunk_weight, np.float32))
    grown = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR).reshape(weighted.shape)
    trust = np.minimum(weight, 1.0)
    if weighted.ndim == 3:
        trust = trust[..., None]
    return np.asarray(trust * here + (1 - trust) * grown, np.float32)


def match_rim(fill: Image, photo: Image, hole: Mask, width: int = 6) -> Image:
    """Shift a fill smoothly so that it meets the photo at the hole's rim.

    ``fill`` (H W) is a guess of the whole image, also outside ``hole``; its error on a ring ``width`` pixels wide around
    the hole, where the photo is known, is spread over the hole and subtracted. Returns H W; outside the hole the photo.
    """
    size = 2 * width + 1
    near = cv2.dilate(hole.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))).astype(bool)
    ring = near & ~hole
    if not ring.any():
        return np.where(hole, fill, photo).astype(np.float32)
    error = cv2.GaussianBlur(np.where(ring, fill - photo, 0).astype(np.float32), (0, 0), width / 3)
    weight = cv2.GaussianBlur(ring.astype(np.float32), (0, 0), width / 3)
    smooth = np.where(ring, error / np.maximum(weight, 1e-6), 0).astype(np.float32)
    return np.where(hole, fill - spread(smooth, ring), photo).astype(np.float32)


# In pixels: coarser than this is smoothed, over this distance from the rim it fades out, and what is usually wider is left alone (measured
# on strokes of 15 to 40 pixels that cross each other, benchmarks/remove_strokes.py: by the widest place, a crossing would exempt them all).
_COARSE, _FADE, _THIN = 3.0, 12.0, 40.0


def steadied(fill: Image, hole: Mask) -> Image:
    """A fill (H W) whose coarse shades in thin parts of the hole lie halfway between its own and those that flow in from both sides.

    Across a stroke the photo on both sides says the shade better than any piece copied from elsewhere; the pieces say the detail. The
    flow is Bertalmio et al. 2001 (Navier-Stokes). Outside the ``hole`` (H W) nothing changes, and its thick parts stay as they are.
    """
    thin = np.zeros(hole.shape, bool)
    for part in split(hole, 0, 0):
        if part.width <= _THIN:
            part.box.crop(thin)[part.mask] = True
    if not thin.any():
        return fill
    steps = np.asarray(np.rint(np.clip(fill, 0, 1) * 65535), np.uint16)
    flowing = cv2.inpaint(steps, hole.astype(np.uint8), 5, cv2.INPAINT_NS).astype(np.float32) / 65535
    inside = hole.astype(np.float32)
    coarse = cv2.GaussianBlur((flowing - fill) * inside, (0, 0), _COARSE) / np.maximum(cv2.GaussianBlur(inside, (0, 0), _COARSE), 1e-3)
    weight = 0.5 * np.exp(-((distance_to(~hole) / _FADE) ** 2))
    return np.where(thin, fill + weight * coarse, fill).astype(np.float32)
