"""Lifting small chroma to the document's resolution along the photo's own edges."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.resample import Enlargement
from huefill.imaging.strips import strips

Image = npt.NDArray[np.float32]


def lift_chroma(chroma: Image, gray: Image, full_gray: Image, radius: int = 2, eps: float = 4e-4) -> Image:
    """Small chroma (h w C) with its gray (h w) to the size of ``full_gray`` (H W), edges following the full gray.

    Joint upsampling by the fast guided filter (He and Sun 2015): in each small window chroma is a linear function of gray;
    the functions are fitted small, interpolated, and applied to the full gray. ``radius`` in small pixels; ``eps`` is the
    gray variance below which a window counts as flat.
    """
    if chroma.shape[:2] == full_gray.shape:
        return chroma
    lift = ChromaLift(chroma, gray, full_gray.shape, radius, eps)
    lifted = np.empty((*full_gray.shape, chroma.shape[2]), np.float32)
    for rows in strips(full_gray.shape):
        lifted[rows] = lift.rows(rows, full_gray[rows])
    return lifted


class ChromaLift:
    """`lift_chroma`, a band of rows at a time: the functions are fitted once, what is large is made as it is needed."""

    def __init__(self, chroma: Image, gray: Image, shape: tuple[int, ...], radius: int = 2, eps: float = 4e-4) -> None:
        """``shape`` (height, width) of the full image; the other arguments as in `lift_chroma`."""
        self._shape = (shape[0], shape[1])
        self._chroma = chroma if chroma.shape[:2] == self._shape else None
        size = (2 * radius + 1, 2 * radius + 1)

        def mean(image: Image) -> Image:
            return np.asarray(cv2.blur(image, size, borderType=cv2.BORDER_REFLECT).reshape(image.shape), np.float32)

        mean_gray, mean_square = mean(gray), mean(gray * gray)
        variance = mean_square - mean_gray**2
        slopes, offsets = [], []
        for channel in range(chroma.shape[2]):
            plane = np.ascontiguousarray(chroma[..., channel])
            mean_chroma = mean(plane)
            slope = (mean(gray * plane) - mean_gray * mean_chroma) / (variance + eps)
            offset = mean_chroma - slope * mean_gray
            # What the linear functions cannot express of the small chroma itself is carried over as it is.
            slope, offset = mean(slope), mean(offset)
            remainder = plane - (slope * gray + offset)
            slopes.append(slope)
            offsets.append(offset + remainder)
        self._functions = Enlargement(np.stack(slopes + offsets, -1), self._shape)

    def rows(self, rows: slice, gray: Image) -> Image:
        """Chroma of a band of rows (h W C), whose full ``gray`` (h W) is given; each channel lies in one piece in memory."""
        if self._chroma is not None:
            return self._chroma[rows].copy()
        whole = rows == slice(0, self._shape[0])
        functions = self._functions.whole() if whole else self._functions.rows(rows)
        slopes, offsets = np.split(functions, 2)
        lifted = slopes * gray
        lifted += offsets
        return np.moveaxis(lifted, 0, -1)
