"""A picture's mean saturation, made what a person asked for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from huefill.imaging.color_spaces import lab_to_rgb
from huefill.imaging.gamut import clip_to_gamut

Image = npt.NDArray[np.float32]

# The mean is taken over about this many pixels: more would cost a moving slider time, and change the third digit.
_PIXELS = 5000
_STEPS = 10
# Chroma is not raised further: what a network sees as gray is noise beyond that.
_GREATEST = 8.0


def mean_saturation(lightness: Image, ab: Image) -> float:
    """The mean of HSV's S of what sRGB shows of H W ``lightness`` in [0, 100] and H W 2 ``ab``."""
    rgb = np.clip(lab_to_rgb(np.dstack([lightness, clip_to_gamut(lightness, ab)])), 0, 1)
    greatest = rgb.max(2)
    return float(((greatest - rgb.min(2)) / np.maximum(greatest, 1e-6)).mean())


def with_saturation(lightness: Image, ab: Image, wanted: float) -> Image:
    """``ab`` H W 2 times the number that brings the mean saturation nearest to ``wanted`` in [0, 1]; 0 gives gray.

    The global branch of Zhang et al. 2017 (section 3.2), told a saturation, follows it too little; this makes it exact where the gamut
    allows.
    """
    step = max(1, round((lightness.size / _PIXELS) ** 0.5))
    some_lightness, some_ab = lightness[::step, ::step], ab[::step, ::step]
    low, high = 0.0, _GREATEST
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if mean_saturation(some_lightness, some_ab * np.float32(middle)) < wanted:
            low = middle
        else:
            high = middle
    return np.asarray(ab * np.float32(low if wanted > 0 else 0.0), np.float32)
