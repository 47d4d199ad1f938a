"""What the colorizer sees of a place: its gray in ever wider surroundings, its texture, and where it lies."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]

_SCALES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
_TEXTURE = (1.5, 4.0, 10.0)
_WAVES = (0.5, 1.0, 2.0)


def appearance(gray: Image) -> Image:
    """H W gray in [0, 1] to H W 15 float32, each of about unit size."""
    border = cv2.BORDER_REFLECT_101 if min(gray.shape) > 1 else cv2.BORDER_REPLICATE

    def smooth(image: Image, sigma: float) -> Image:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma, borderType=border).reshape(image.shape), np.float32)

    blurred = [smooth(gray, sigma) for sigma in _SCALES]
    planes = [4 * (plane - 0.5) for plane in (gray, *blurred)]
    planes += [10 * (gray - blurred[1]), 8 * (blurred[0] - blurred[2]), 6 * (blurred[2] - blurred[4])]
    for sigma in _TEXTURE:
        variance = smooth(gray * gray, sigma) - smooth(gray, sigma) ** 2
        planes.append(np.log(np.maximum(variance, 1e-5)) / 3 + 2)
    # Which way texture runs: the structure tensor, without its size.
    across = cv2.Sobel(blurred[0], cv2.CV_32F, 1, 0, scale=0.25, borderType=border).reshape(gray.shape)
    down = cv2.Sobel(blurred[0], cv2.CV_32F, 0, 1, scale=0.25, borderType=border).reshape(gray.shape)
    energy = smooth(across * across + down * down, 3.0) + 1e-4
    planes += [smooth(across * across - down * down, 3.0) / energy, smooth(2 * across * down, 3.0) / energy]
    return np.ascontiguousarray(np.stack(planes, -1), np.float32)


def position(shape: tuple[int, ...]) -> Image:
    """H W 2: x and y, zero in the middle, 1.5 at the ends of the longer side."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    longest = max(shape[:2])
    return np.stack([1.5 * (2 * columns - shape[1]) / longest, 1.5 * (2 * rows - shape[0]) / longest], -1)


def place(shape: tuple[int, ...]) -> Image:
    """H W 14: the position and waves over it, so that a network can tell places of equal look apart."""
    here = position(shape)
    waves = [wave(np.pi * times * here / 0.75) for times in _WAVES for wave in (np.sin, np.cos)]
    return np.concatenate([here, *waves], -1).astype(np.float32)
