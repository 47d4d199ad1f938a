"""The calm continuation of a photo: what touches its edge goes on along its own direction, and grows softer with the distance.

Structure is carried outward ring by ring (coherence transport, Bornemann and März 2007), where it has no direction straight away from the
edge. Nothing that is recognized is repeated: only the edge's own pixels are used.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Check = Callable[[], None]

# A ring takes from what lies within this many pixels, and within 1 / _NARROW pixels of its direction.
_RADIUS, _NARROW = 5, 1.2
# The blur, in pixels, for every pixel of distance from the edge.
_SOFTER = 0.4
_BLURS = (0, 1, 2, 4, 8, 16, 32, 64)


def nearest(mask: Mask) -> tuple[Image, npt.NDArray[np.intp]]:
    """H W: the distance in pixels of each pixel to the nearest True; and 2 H W: that pixel's row and column."""
    distance, index = distance_transform_edt(~mask, return_indices=True)
    return np.asarray(distance, np.float32), np.asarray(index, np.intp)


def stretched(rgb: Image, photo: Mask, check: Check) -> Image:
    """``rgb`` (H W C) continued where it is not ``photo`` (H W, somewhere True); the photo itself as it is."""
    distance, index = nearest(photo)
    across, down = _directions(rgb, photo, index)
    result = _transported(rgb, photo, distance, across, down, check)
    return _softened(result, photo, np.asarray(_SOFTER * np.maximum(distance - 1, 0), np.float32), check)


def _directions(rgb: Image, photo: Mask, index: npt.NDArray[np.intp]) -> tuple[Image, Image]:
    """Unit vectors (x, y) along which each pixel beyond the edge continues what is inside."""
    gray = _over_known(rgb.mean(axis=2), photo, 1.2)
    inner = cv2.erode(photo.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=1) > 0
    across, down = cv2.Sobel(gray, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(gray, cv2.CV_32F, 0, 1) / 8
    tensor = _over_known(np.dstack([across * across, across * down, down * down]), inner, 6.0)
    xx, xy, yy = np.moveaxis(cv2.GaussianBlur(tensor[index[0], index[1]], (0, 0), 8.0), -1, 0)
    trace = xx + yy
    coherence = np.sqrt((xx - yy) ** 2 + 4 * xy * xy) / np.maximum(trace, 1e-7)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)
    along_x, along_y = -np.sin(angle), np.cos(angle)
    rows, columns = np.indices(photo.shape)
    away = _unit((columns - index[1]).astype(np.float32), (rows - index[0]).astype(np.float32))
    away_x, away_y = _unit(_blur(away[0], 3), _blur(away[1], 3))
    outward = along_x * away_x + along_y * away_y
    sign = np.where(outward < 0, -1, 1)
    # What runs along the edge says nothing of what comes beyond it.
    trust = np.clip((coherence - 0.3) / 0.4, 0, 1) * np.clip((np.abs(outward) - 0.25) / 0.35, 0, 1)
    trust *= np.clip(np.sqrt(np.maximum(trace, 0)) / 0.01, 0, 1)
    return _unit(trust * sign * along_x + (1 - trust) * away_x, trust * sign * along_y + (1 - trust) * away_y)


def _unit(x: Image, y: Image) -> tuple[Image, Image]:
    length = np.maximum(np.hypot(x, y), 1e-6)
    return np.asarray(x / length, np.float32), np.asarray(y / length, np.float32)


def _blur(values: Image, sigma: float) -> Image:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32)


def _over_known(values: Image, known: Mask, sigma: float) -> Image:
    """H W or H W C blurred, ``known`` pixels alone."""
    weight = known.astype(np.float32)
    total = cv2.GaussianBlur(np.asarray(values * (weight if values.ndim == 2 else weight[..., None]), np.float32), (0, 0), sigma)
    share = np.maximum(cv2.GaussianBlur(weight, (0, 0), sigma), 1e-6)
    return np.asarray(total / (share if values.ndim == 2 else share[..., None]), np.float32)


def _transported(rgb: Image, photo: Mask, distance: Image, across: Image, down: Image, check: Check) -> Image:
    height, width, channels = rgb.shape
    steps = [(y, x) for y in range(-_RADIUS, _RADIUS + 1) for x in range(-_RADIUS, _RADIUS + 1) if 0 < y * y + x * x <= _RADIUS * _RADIUS]
    step_y, step_x = (np.asarray(values, np.float32) for values in zip(*steps, strict=True))
    long = width + 2 * _RADIUS
    flat_steps = (step_y * long + step_x).astype(np.int64)
    padded = np.pad(rgb, ((_RADIUS, _RADIUS), (_RADIUS, _RADIUS), (0, 0))).astype(np.float32)
    values = padded.reshape(-1, channels)
    done = np.pad(photo, _RADIUS).ravel().astype(np.float32)
    values[done == 0] = 0
    rows, columns = np.nonzero(~photo)
    order = np.argsort(distance[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    rings = np.flatnonzero(np.diff(np.ceil(distance[rows, columns] - 1e-6))) + 1
    for ring_rows, ring_columns in zip(np.split(rows, rings), np.split(columns, rings), strict=True):
        check()
        pixels = (ring_rows + _RADIUS) * long + ring_columns + _RADIUS
        around = pixels[:, None] + flat_steps
        x, y = across[ring_rows, ring_columns][:, None], down[ring_rows, ring_columns][:, None]
        aside, behind = x * step_y - y * step_x, -(x * step_x + y * step_y)
        weight = (np.exp(-((_NARROW * aside) ** 2)) * (behind > 0) / np.hypot(step_y, step_x) + 1e-9) * done[around]
        values[pixels] = np.einsum("nk,nkc->nc", weight, values[around]) / np.maximum(weight.sum(1), 1e-20)[:, None]
        done[pixels] = 1
    return np.ascontiguousarray(padded[_RADIUS : _RADIUS + height, _RADIUS : _RADIUS + width])


def _softened(rgb: Image, photo: Mask, wanted: Image, check: Check) -> Image:
    """Blurred by the ``wanted`` sigma (H W, pixels) of each pixel; the photo stays as it is."""
    place = np.interp(wanted, _BLURS, range(len(_BLURS)))
    result, sharper = np.where(place[..., None] == 0, rgb, 0).astype(np.float32), rgb
    for number, sigma in enumerate(_BLURS[1:], 1):
        if place.max() <= number - 1:
            break
        check()
        softer = _blurred(rgb, sigma)
        share = (place - (number - 1))[..., None]
        result = np.where((share > 0) & (share <= 1), sharper * (1 - share) + softer * share, result).astype(np.float32)
        sharper = softer
    result = np.where(place[..., None] > len(_BLURS) - 1, sharper, result)
    return np.where(photo[..., None], rgb, result).astype(np.float32)


def _blurred(rgb: Image, sigma: float) -> Image:
    """A large blur is done on a smaller picture."""
    factor = max(1, int(sigma // 4))
    if factor == 1 or min(rgb.shape[:2]) < 8 * factor:
        return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma).reshape(rgb.shape), np.float32)
    height, width = rgb.shape[:2]
    small = cv2.resize(rgb, (width // factor, height // factor), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / factor)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR).reshape(rgb.shape), np.float32)
