"""Grain: the fine noise of film and sensors, without which a filled place looks like plastic."""

from __future__ import annotations

import cv2
import numpy as np

from huefill.imaging.exemplar.products import Bools, Floats
from huefill.imaging.region import Box

_FEW_PIXELS = 64
# Second differences in both directions: blind to slopes and to edges along the axes (Immerkær 1996).
_NOISE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6
_RING = 48


def match_grain(gray: Floats, hole: Bools, *, seed: int = 0) -> Floats:
    """``gray`` H W float32 with noise added in ``hole`` where it has less than what lies around; the rest bit for bit.

    The added noise has the missing variance and the fineness (correlation of neighbours) of the noise around the hole.
    """
    if not hole.any():
        return gray
    # Only the hole and the ring around it are looked at, with a rim for the filters: the rest of a large photo costs nothing.
    box = Box.around(hole).grow(_RING + 8).clip(hole.shape)
    result = gray.copy()
    box.crop(result)[...] = _matched(np.ascontiguousarray(box.crop(gray)), np.ascontiguousarray(box.crop(hole)), seed)
    return result


def _matched(gray: Floats, hole: Bools, seed: int) -> Floats:
    around = _grown(hole, _RING) & ~_grown(hole, 2)
    inside = ~_grown(~hole, 2)
    if np.count_nonzero(around) < _FEW_PIXELS or np.count_nonzero(inside) < _FEW_PIXELS:
        return gray
    response = _response(gray)
    missing = _level(response[around]) ** 2 - _level(response[inside]) ** 2
    if missing <= 0:
        return gray
    white = np.random.default_rng(seed).standard_normal(gray.shape, np.float32)
    noise = np.asarray(cv2.GaussianBlur(white, (0, 0), _fineness(response, around)), np.float32)
    noise *= np.float32(np.sqrt(missing) / _level(_response(noise)[inside]))
    result = gray.copy()
    result[hole] += noise[hole]
    return result


def _response(gray: Floats) -> Floats:
    return np.asarray(cv2.filter2D(gray, -1, _NOISE), np.float32)


def _level(response: Floats) -> float:
    """The standard deviation of noise from the quieter half of the responses: the louder half holds the photo's detail."""
    return float(np.quantile(np.abs(response), 0.25) / 0.3186) + 1e-9


def _fineness(response: Floats, around: Bools) -> float:
    """The blur that gives white noise the neighbour correlation of the noise around, seen through the same filter."""
    both = around[:, 1:] & around[:, :-1]
    quiet = 3 * _level(response[around])
    both &= (np.abs(response[:, 1:]) < quiet) & (np.abs(response[:, :-1]) < quiet)
    if np.count_nonzero(both) < _FEW_PIXELS:
        return 0.3
    first, second = response[:, 1:][both], response[:, :-1][both]
    correlation = float(np.mean(first * second) / max(1e-12, float(np.mean(first * first))))
    # What this filter's responses to blurred white noise correlate by, measured; and the blurs in pixels.
    return float(np.interp(correlation, (-0.666, -0.612, -0.442, -0.186, 0.045, 0.353), (0.3, 0.45, 0.6, 0.75, 0.9, 1.2)))


def _grown(mask: Bools, radius: int) -> Bools:
    size = 2 * radius + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((size, size), np.uint8)), bool)
