"""Measures of a result against the truth. Images are H W or H W 3 float32 in [0, 1]; ``where`` is H W bool or None."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.color_spaces import ciede2000, rgb_to_lab

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def psnr(result: Image, truth: Image, where: Mask | None = None) -> float:
    """Peak signal-to-noise ratio in dB for a peak of 1, over ``where``; infinite for equal images."""
    difference = np.asarray(result, np.float64) - truth
    if where is not None:
        difference = difference[where]
    error = float(np.mean(difference**2))
    return float("inf") if error == 0 else -10 * float(np.log10(error))


def ssim_map(result: Image, truth: Image) -> Image:
    """Structural similarity per pixel, H W (Wang et al. 2004: Gaussian window of sigma 1.5, K 0.01 and 0.03), mean over channels."""

    def smooth(image: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(cv2.GaussianBlur(image, (11, 11), 1.5, borderType=cv2.BORDER_REFLECT), np.float64)

    x, y = np.asarray(result, np.float64), np.asarray(truth, np.float64)
    mean_x, mean_y = smooth(x), smooth(y)
    var_x, var_y, cov = smooth(x * x) - mean_x**2, smooth(y * y) - mean_y**2, smooth(x * y) - mean_x * mean_y
    c1, c2 = 0.01**2, 0.03**2
    value = (2 * mean_x * mean_y + c1) * (2 * cov + c2) / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))
    return np.asarray(value if value.ndim == 2 else value.mean(-1), np.float32)


def ssim(result: Image, truth: Image, where: Mask | None = None) -> float:
    """Mean of `ssim_map` over ``where``."""
    values = ssim_map(result, truth)
    return float(values.mean() if where is None else values[where].mean())


def delta_e(result: Image, truth: Image, where: Mask | None = None) -> float:
    """Mean CIEDE2000 between two H W 3 sRGB images over ``where``."""
    if where is not None:
        result, truth = result[where], truth[where]
    return float(ciede2000(rgb_to_lab(result), rgb_to_lab(truth)).mean())
