"""Resampling of H W and H W C float32 arrays: area averaging down, bicubic up, and masks that never lose a hole."""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]


def resize(image: Image, shape: tuple[int, int]) -> Image:
    """To ``shape`` (height, width): box average when it shrinks, bicubic when it grows."""
    height, width = shape
    if image.shape[:2] == (height, width):
        return image
    shrinks = height * width < image.shape[0] * image.shape[1]
    out = cv2.resize(np.ascontiguousarray(image), (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    return np.asarray(out.reshape(height, width, *image.shape[2:]), np.float32)


class Enlargement:
    """``image`` (h w C) grown to ``shape`` (height, width), bicubic: across it is grown once, down a few rows at a time."""

    def __init__(self, image: Image, shape: tuple[int, int]) -> None:
        self._image, self._shape = np.ascontiguousarray(image, np.float32), shape

    def whole(self) -> Image:
        """All of it, C H W: the same values as by rows, and quicker where they fit into memory."""
        grown = np.empty((self._image.shape[2], *self._shape), np.float32)
        # Planes in one piece: whatever is done with them is several times as quick.
        for plane, small in zip(grown, np.moveaxis(self._image, 2, 0), strict=True):
            cv2.resize(np.ascontiguousarray(small), self._shape[::-1], dst=plane, interpolation=cv2.INTER_CUBIC)
        return grown

    def rows(self, rows: slice) -> Image:
        """A band of rows, C n W."""
        height, width = self._shape
        small, channels = self._image.shape[0], self._image.shape[2]
        place = (np.arange(rows.start, rows.stop) + 0.5) * small / height - 0.5
        first = np.floor(place).astype(np.int64)
        grown = np.empty((channels, len(place), width), np.float32)
        for number, (begin, weights) in enumerate(zip(first.tolist(), _bicubic(place - first), strict=True)):
            # Two rows were added above, and the first of the four is one above the place.
            taps = self._across[begin + 1 : begin + 5]
            row = taps[0] * weights[0]
            for tap, weight in zip(taps[1:], weights[1:], strict=True):
                row += tap * weight
            grown[:, number] = row
        return grown

    @cached_property
    def _across(self) -> Image:
        """h + 4, C, W: grown to the full width, with the edges repeated above and below."""
        height, _, channels = self._image.shape
        wide = cv2.resize(self._image, (self._shape[1], height), interpolation=cv2.INTER_CUBIC).reshape(height, -1, channels)
        return np.ascontiguousarray(np.pad(np.moveaxis(wide, 2, 1), ((2, 2), (0, 0), (0, 0)), mode="edge"))


def _bicubic(distance: npt.NDArray[np.float64]) -> Image:
    """N 4: the weights of the four rows around each place, which lies ``distance`` in [0, 1) below the second of them.

    Keys 1981 with a = -0.75, as OpenCV has it.
    """
    a = -0.75
    near, far = np.stack([distance, 1 - distance]), np.stack([1 + distance, 2 - distance])
    inner = ((a + 2) * near - (a + 3)) * near * near + 1
    outer = ((a * far - 5 * a) * far + 8 * a) * far - 4 * a
    return np.stack([outer[0], inner[0], inner[1], outer[1]], 1).astype(np.float32)


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
