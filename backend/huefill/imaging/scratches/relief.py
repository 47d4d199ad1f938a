"""What stands out in a scan: the photo without what a median takes away, against what the photo's own detail leaves there.

The median over more than twice a scratch's width does not know the scratch, and keeps edges. What it leaves of grain, texture and edges
is measured around each pixel: damage has to stand out from that. Long faint lines are below it at every single pixel, but not on the mean
along them, so the relief is also averaged along a line in every direction.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

# What the photo's own detail leaves: a floor for the grain, so much of the texture around, so much of the edges. Found by random search on
# 18 photographs (training ones and examples/) under drawn damage, with the limits in `shapes`.
_FLOOR, _TEXTURE, _EDGES = 4.8, 1.83, 0.34
# What lines there are anyhow: a floor, and so much of those around.
_LINE_FLOOR, _LINES = 1.0, 2.0
# A line's mean over 32 pixels by doubling, in whole steps of a 64th; and the frame around the picture that it reaches into.
_ANGLES, _DOUBLINGS, _STEPS, _REACH = 12, (1, 2, 4, 8, 16), 64, 48
# The texture is measured on a picture so many times smaller; from this width on lines are on one half as large.
_COARSE, _WIDE = 4, 8


@dataclass(frozen=True)
class Relief:
    """All H W. ``height`` above (positive) or below the photo beneath, in 8-bit steps; ``stands_out`` the same in units of the photo's own
    detail; ``brightest`` and ``darkest`` the greatest and the least mean of that along any line, in units of the lines around; ``step`` how
    much the photo beneath differs from one side to the other, in 8-bit steps."""

    height: Floats
    stands_out: Floats
    brightest: Floats
    darkest: Floats
    step: Bytes


def relief_of(photo: Bytes, width: int) -> Relief:
    """The relief of ``photo`` (H W gray) for damage of at most ``width`` pixels."""
    # Mirrored at the photo's edges: a median would know too little there.
    kind = cv2.BORDER_REFLECT_101 if min(photo.shape) > 2 * width else cv2.BORDER_REPLICATE
    far = 2 * width
    framed, inner = cv2.copyMakeBorder(photo, far, far, far, far, kind), slice(far, -far)
    beneath = np.ascontiguousarray(cv2.medianBlur(framed, 2 * width + 1)[inner, inner], np.uint8)
    height = photo.astype(np.float32) - beneath
    stands_out = np.asarray(height / _own_detail(height, beneath, width), np.float32)
    brightest, darkest = _lines(stands_out, width)
    step = cv2.morphologyEx(cv2.medianBlur(beneath, 5), cv2.MORPH_GRADIENT, np.ones((width | 1, width | 1), np.uint8))
    return Relief(height, stands_out, brightest, darkest, np.asarray(step, np.uint8))


def _own_detail(height: Floats, beneath: Bytes, width: int) -> Floats:
    """What the photo's own grain, texture and edges leave in ``height`` around each pixel, 8-bit steps."""
    small = cv2.resize(np.abs(height), _smaller(height, _COARSE), interpolation=cv2.INTER_AREA)
    side = 12 * width // _COARSE | 1
    capped = small
    for _ in range(2):  # the damage itself does not count
        capped = np.minimum(small, 2.5 * cv2.blur(capped, (side, side)))
    texture = cv2.resize(cv2.blur(capped, (side, side)), height.shape[::-1], interpolation=cv2.INTER_LINEAR)
    edges = cv2.blur(cv2.morphologyEx(beneath, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)), (5, 5))
    return np.asarray(_FLOOR + _TEXTURE * texture + np.float32(_EDGES) * edges, np.float32)


def _lines(stands_out: Floats, width: int) -> tuple[Floats, Floats]:
    half = 2 if width >= _WIDE else 1
    small = stands_out if half == 1 else cv2.resize(stands_out, _smaller(stands_out, half), interpolation=cv2.INTER_AREA)
    most, least = _along_lines(np.asarray(small, np.float32))
    side = 24 * width // half + 1
    usual = _LINE_FLOOR + _LINES * cv2.blur(np.minimum(np.maximum(most, -least), 1.5), (side, side))
    both = [np.asarray(values / usual, np.float32) for values in (most, least)]
    if half > 1:
        both = [np.asarray(cv2.resize(one, stands_out.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32) for one in both]
    return both[0], both[1]


def _smaller(image: Floats, times: int) -> tuple[int, int]:
    return max(1, image.shape[1] // times), max(1, image.shape[0] // times)


def _along_lines(stands_out: Floats) -> tuple[Floats, Floats]:
    """The greatest and the least mean along 32 pixels in any direction, H W; a blot counts no more than a line."""
    height, width = stands_out.shape
    framed = np.pad(np.rint(np.clip(stands_out, -3, 3) * _STEPS).astype(np.int16), _REACH)
    most, least = np.full((height, width), -(1 << 14), np.int16), np.full((height, width), 1 << 14, np.int16)
    for number in range(_ANGLES):
        dx, dy = float(np.cos(np.pi * number / _ANGLES)), float(np.sin(np.pi * number / _ANGLES))
        total, x, y = framed, 0, 0  # where (0, 0) of `total` is in `framed`
        for step in _DOUBLINGS:
            right, down = round(step * dx), round(step * dy)
            total, x, y = _added(total, right, down), x + max(0, -right), y + max(0, -down)
        # Centred on its pixel: the sum reaches 31 steps ahead.
        left, top = _REACH - round(15.5 * dx) - x, _REACH - round(15.5 * dy) - y
        here = total[top : top + height, left : left + width]
        np.maximum(most, here, out=most)
        np.minimum(least, here, out=least)
    scale = np.float32(1 / (_STEPS * 2 ** len(_DOUBLINGS)))
    return most * scale, least * scale


def _added(image: npt.NDArray[np.int16], dx: int, dy: int) -> npt.NDArray[np.int16]:
    """Each pixel and the one ``dx``, ``dy`` farther, wherever both are there."""
    height, width = image.shape
    here = image[max(0, -dy) : height - max(0, dy), max(0, -dx) : width - max(0, dx)]
    there = image[max(0, dy) : height - max(0, -dy), max(0, dx) : width - max(0, -dx)]
    return np.asarray(here + there, np.int16)
