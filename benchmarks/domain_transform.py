"""Colorization by an edge-aware filter of sparse colors: the domain transform (Gastal and Oliveira 2011, section 6).

Needs OpenCV's contributed modules: the extra `benchmarks`.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def domain_transform(gray: Image, chroma: Image, known: Mask, sigma_range: float = 0.12) -> Image:
    """Complete H W C ``chroma`` where it is not ``known`` (H W) along the H W ``gray`` in [0, 1]; known values stay as they are.

    The known chroma and its indicator are filtered alike, recursively, and divided (normalised convolution); ``sigma_range`` is
    the gray difference that counts as an edge. Raises ValueError when nothing is known.
    """
    if not known.any():
        raise ValueError("no color is known")
    weight = known.astype(np.float32)
    reach = float(max(gray.shape))
    stack = np.ascontiguousarray(np.dstack([chroma * weight[..., None], weight]), np.float32)
    guide = np.ascontiguousarray(gray, np.float32)
    filtered = np.dstack(
        [
            cv2.ximgproc.dtFilter(guide, np.ascontiguousarray(stack[..., k]), reach, sigma_range, mode=cv2.ximgproc.DTF_RF, numIters=3)
            for k in range(stack.shape[2])
        ]
    )
    total = filtered[..., -1:]
    mean = (chroma * weight[..., None]).sum((0, 1)) / weight.sum()
    # Where next to nothing arrives the mean of all that is known stands in.
    spread = (filtered[..., :-1] + 1e-6 * mean) / (total + 1e-6)
    return np.where(known[..., None], chroma, spread).astype(np.float32)
