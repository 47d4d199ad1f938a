"""What is said of a whole picture: the histogram of its colors over the 313 bins, and its mean saturation."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from huefill_models.gamut import bins, nearest

# Histogram and saturation, each with a bit that says whether it is given.
INPUTS = 313 + 1 + 1 + 1


def histogram(ab: Tensor) -> Tensor:
    """``ab`` N 2 H W to N 313, each summing to 1: at a quarter of the resolution, every pixel in its nearest bin (section 3.2)."""
    small = F.avg_pool2d(ab, 4) if min(ab.shape[-2:]) >= 4 else ab
    index = nearest(small.permute(0, 2, 3, 1)).flatten(1)
    counts = torch.zeros(len(ab), len(bins()), device=ab.device, dtype=ab.dtype)
    counts.scatter_add_(1, index, torch.ones_like(index, dtype=ab.dtype))
    return counts / index.shape[1]


def saturation(rgb: Tensor) -> Tensor:
    """``rgb`` N 3 H W in [0, 1] to N: the mean of HSV's S."""
    greatest, least = rgb.amax(1), rgb.amin(1)
    return ((greatest - least) / greatest.clamp_min(1e-6)).mean((1, 2))


def join(histogram: Tensor, saturation: Tensor, given: Tensor) -> Tensor:
    """N 313, N and ``given`` N 2 (1 where histogram, saturation are given) to the branch's input N 316 1 1; what is not given is 0.

    A histogram's entries are small: they are multiplied by 10, so that the first layer sees values of about the bits' size.
    """
    with_histogram, with_saturation = given[:, :1], given[:, 1:]
    parts = [10 * histogram * with_histogram, with_histogram, saturation[:, None] * with_saturation, with_saturation]
    return torch.cat(parts, 1)[:, :, None, None]
