"""Chroma that sRGB can show at a given lightness: how far each hue reaches, and colors pulled back to there."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.color_spaces import lab_to_rgb
from huefill.imaging.strips import LONGEST

Image = npt.NDArray[np.float32]

# The table's steps: of lightness 0.5, of hue one degree.
_LIGHTNESS, _HUES = 201, 360
_WIDEST = 140.0


@cache
def max_chroma() -> Image:
    """201 x 361 float32: the greatest chroma of every lightness (0 to 100) and hue (0 to 360 degrees) inside sRGB, by bisection."""
    lightness = np.linspace(0, 100, _LIGHTNESS, dtype=np.float32)[:, None]
    angle = np.radians(np.arange(_HUES + 1, dtype=np.float32))[None]
    low, high = np.zeros((_LIGHTNESS, _HUES + 1), np.float32), np.full((_LIGHTNESS, _HUES + 1), _WIDEST, np.float32)
    for _ in range(14):
        middle = (low + high) / 2
        lab = np.stack(np.broadcast_arrays(lightness, middle * np.cos(angle), middle * np.sin(angle)), -1)
        rgb = lab_to_rgb(np.asarray(lab, np.float32))
        inside = ((rgb >= -1e-5) & (rgb <= 1 + 1e-5)).all(-1)
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.asarray(low, np.float32)


def clip_to_gamut(lightness: Image, ab: Image) -> Image:
    """H W 2 ``ab`` pulled towards gray, hue kept, to what sRGB can show at the H W ``lightness`` in [0, 100]."""
    if lightness.shape[1] > LONGEST:
        parts = [slice(left, left + LONGEST) for left in range(0, lightness.shape[1], LONGEST)]
        return np.concatenate([clip_to_gamut(lightness[:, part], ab[:, part]) for part in parts], 1)
    a, b = np.ascontiguousarray(ab[..., 0], np.float32), np.ascontiguousarray(ab[..., 1], np.float32)
    chroma, hue = cv2.cartToPolar(a, b, angleInDegrees=True)
    steps = np.ascontiguousarray(lightness * np.float32((_LIGHTNESS - 1) / 100), np.float32)
    reach = cv2.remap(max_chroma(), hue, steps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).reshape(chroma.shape)
    scale = np.minimum(1, reach / np.maximum(chroma, 1e-3)).reshape(lightness.shape)
    return np.moveaxis(np.stack([a, b]).reshape(2, *lightness.shape) * scale, 0, -1)


def in_gamut(lightness: Image, ab: Image) -> npt.NDArray[np.bool_]:
    """N: whether sRGB has the colors ``ab`` N 2 at the ``lightness`` N in [0, 100], within a unit of chroma."""
    here = ab[:, None]
    return np.asarray(np.abs(clip_to_gamut(lightness[:, None], here) - here).max((1, 2)) < 1)


def lightness_that_shows(lightness: Image, ab: Image) -> Image:
    """N: for each of the colors ``ab`` N 2 the lightness in [0, 100] nearest to that of ``lightness`` N at which sRGB has it, within a unit
    of chroma; for a color that it has nowhere, the one at which it comes nearest."""
    levels = np.linspace(0, 100, _LIGHTNESS, dtype=np.float32)
    wanted = np.broadcast_to(ab[:, None], (len(ab), _LIGHTNESS, 2))
    lost = np.abs(clip_to_gamut(np.broadcast_to(levels, wanted.shape[:2]), wanted) - wanted).max(2)
    cost = np.where(lost < 1, np.abs(levels - lightness[:, None]), 1000 * (1 + lost))
    return np.asarray(levels[cost.argmin(1)], np.float32)
