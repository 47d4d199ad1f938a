"""How rough the photo is around each pixel: it keeps a hole in a texture from being filled with flat patches of the same
mean, which fit a half-finished (blurred) hole best (Newson et al. 2014, section 3.2)."""

from __future__ import annotations

import cv2
import numpy as np

from huefill.imaging.exemplar.products import Bools, Floats

_WINDOW = 33


def roughness(gray: Floats, known: Bools) -> Floats:
    """H W 2: the mean absolute difference of neighbouring known pixels, down and across, around each pixel.

    Pixels too deep in the hole for any known neighbour take the value of what is nearest.
    """
    return np.dstack([_mean_difference(gray, known), _mean_difference(gray.T, known.T).T])


def _mean_difference(gray: Floats, known: Bools) -> Floats:
    both = np.zeros(gray.shape, np.float32)
    both[1:] = known[1:] & known[:-1]
    difference = np.zeros(gray.shape, np.float32)
    difference[1:] = np.abs(np.diff(gray, axis=0))
    difference *= both
    result = np.zeros(gray.shape, np.float32)
    missing = np.ones(gray.shape, bool)
    window = _WINDOW
    while missing.any():
        weight = cv2.blur(both, (window, window), borderType=cv2.BORDER_CONSTANT).reshape(gray.shape)
        total = cv2.blur(difference, (window, window), borderType=cv2.BORDER_CONSTANT).reshape(gray.shape)
        found = missing & (weight > 1e-6)
        result[found] = total[found] / weight[found]
        missing &= ~found
        if window > 2 * max(gray.shape):
            break
        window = 2 * window + 1
    return result
