"""Resampling of H W and H W C float32 arrays: area averaging down, bicubic up, and masks that never lose a hole."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.strips import LONGEST

Image = npt.NDArray[np.float32]


def resize(image: Image, shape: tuple[int, int]) -> Image:
    """To ``shape`` (height, width): box average when it shrinks, bicubic when it grows."""
    height, width = shape
    if image.shape[:2] == (height, width):
        return image
    shrinks = height * width < image.shape[0] * image.shape[1]
    out = cv2.resize(np.ascontiguousarray(image), (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return np.asarray(out.reshape(height, width, *image.shape[2:]), np.float32)


def resize_rows(image: Image, shape: tuple[int, int], rows: slice) -> Image:
    """The band ``rows`` of ``image`` (h w C) grown to ``shape`` (height, width), bicubic: h' W C, without making the rest."""
    if rows == slice(0, shape[0]) and shape[1] <= LONGEST:
        # The same values ten times as fast, but only for a whole picture.
        whole = cv2.resize(np.ascontiguousarray(image), shape[::-1], interpolation=cv2.INTER_CUBIC)
        return np.asarray(whole.reshape(*shape, image.shape[2]), np.float32)
    across, down = image.shape[1] / shape[1], image.shape[0] / shape[0]
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    source, height = np.ascontiguousarray(image), rows.stop - rows.start
    out = np.empty((height, shape[1], image.shape[2]), np.float32)
    for left in range(0, shape[1], LONGEST):
        matrix = np.array([[across, 0, (left + 0.5) * across - 0.5], [0, down, (rows.start + 0.5) * down - 0.5]], np.float64)
        part = out[:, left : left + LONGEST]
        grown = cv2.warpAffine(source, matrix, (part.shape[1], height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        part[:] = grown.reshape(part.shape)
    return out


def resize_known(image: Image, known: npt.NDArray[np.bool_], shape: tuple[int, int]) -> tuple[Image, npt.NDArray[np.bool_]]:
    """Shrink an image by averaging its known pixels alone; the second value is where all that was averaged was known.

    What a hole holds must not leak into its surroundings by resampling.
    """
    weight = known.astype(np.float32)
    small_weight = resize(weight, shape)
    divisor = np.maximum(small_weight, 1e-6)
    # Channel by channel: a weighted copy of all of a large photo would double what it takes.
    planes = image[..., None] if image.ndim == 2 else image
    small = np.stack([resize(planes[..., channel] * weight, shape) / divisor for channel in range(planes.shape[2])], -1)
    return np.asarray(small.reshape(*shape, *image.shape[2:]), np.float32), small_weight > 0.999


def working_shape(shape: tuple[int, int], budget: int) -> tuple[int, int]:
    """``shape`` scaled down, keeping its aspect, so that height x width is at most ``budget`` pixels; each side at least 1."""
    height, width = shape
    scale = min(1.0, (budget / max(1, height * width)) ** 0.5)
    return max(1, round(height * scale)), max(1, round(width * scale))
