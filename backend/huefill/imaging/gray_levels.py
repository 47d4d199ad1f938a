"""8-bit colors whose lightness is the very gray step that was meant: rounding three channels may cross to the next one."""

from __future__ import annotations

from functools import cache
from itertools import product

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.color_spaces import LUMINANCE_WEIGHTS, lightness_to_luminance, luminance_to_lightness, srgb_to_linear

Image = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

# Half of the finest step between two grays, in L: what is nearer than that has crossed no border.
_NEAR = 0.13


def keep_gray_levels(planes: Pixels, wanted: Image) -> None:
    """Change ``planes`` 3 h W, in place, by one in a channel or two where their lightness rounds to another of the 256 grays than the
    h W lightness ``wanted`` in [0, 100] does; a few in a million."""
    root = (wanted + np.float32(16)) * np.float32(1 / 116)
    # What a difference in lightness is in luminance: the slope of one over the other, at most.
    near = np.maximum(np.float32(_NEAR * 3 / 116) * root * root, np.float32(_NEAR * 27 / 24389))
    rows, columns = np.nonzero(np.abs(_luminance(planes) - lightness_to_luminance(wanted)) > near)
    if not rows.size:
        return
    aim = wanted[rows, columns]
    step = _step(aim)
    crossed = _step(_lightness(planes[:, rows, columns].T)) != step
    rows, columns, aim, step = rows[crossed], columns[crossed], aim[crossed], step[crossed]
    moves = np.array(sorted(product((-1, 0, 1), repeat=3), key=lambda move: sum(map(abs, move))), np.int16)
    choices = np.clip(planes[:, rows, columns].T.astype(np.int16)[:, None] + moves, 0, 255).astype(np.uint8)
    found = _lightness(choices)
    # The right gray first, then the fewest changes, then the nearest lightness.
    cost = (_step(found) != step[:, None]) * 100.0 + np.abs(moves).sum(1) + 0.1 * np.abs(found - aim[:, None])
    planes[:, rows, columns] = choices[np.arange(len(rows)), cost.argmin(1)].T


@cache
def _linear() -> Image:
    """256: the linear light of every value."""
    return srgb_to_linear(np.arange(256, dtype=np.float32) / np.float32(255))


@cache
def _borders() -> Image:
    """255: the L half way between each two neighbouring grays."""
    grays = luminance_to_lightness(_linear() * LUMINANCE_WEIGHTS.sum())
    return np.asarray((grays[1:] + grays[:-1]) / 2, np.float32)


def _luminance(planes: Pixels) -> Image:
    """``planes`` 3 h W to Y h W in [0, 1]."""
    red, green, blue = (cv2.LUT(plane, _linear() * weight) for plane, weight in zip(planes, LUMINANCE_WEIGHTS, strict=True))
    red += green
    red += blue
    return np.asarray(red, np.float32)


def _lightness(pixels: Pixels) -> Image:
    return luminance_to_lightness(_linear()[pixels] @ LUMINANCE_WEIGHTS)


def _step(values: Image) -> npt.NDArray[np.int64]:
    return np.asarray(np.searchsorted(_borders(), values), np.int64)
