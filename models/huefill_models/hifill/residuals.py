"""Contextual residual aggregation (Yi et al. 2020, section 3.1): a result at full resolution whose detail is the photo's own.

The network sees the photo reduced by a whole number. What the reduction lost of each known block is laid down wherever the network's
attention took something of that block: as much of it, at the same place.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from huefill_models.hifill.attention import BLOCK, rebuilt


def aggregated(photo: Tensor, small: Tensor, filled: Tensor, hole: Tensor, weights: Tensor) -> Tensor:
    """``photo`` N C kH kW, the same ``small`` N C H W, what the network ``filled`` N C H W, ``hole`` N 1 H W in {0, 1}, its attention
    ``weights`` N P P (`HiFill.attend`): the filled picture N C kH kW, whole; the caller composes. k is a whole number.

    All pictures are in one range. Residuals in the hole count as none: there is nothing to be learned from it.
    """
    factor = photo.shape[2] // small.shape[2]
    if (small.shape[2] * factor, small.shape[3] * factor) != tuple(photo.shape[2:]):
        raise ValueError(f"a photo of {tuple(photo.shape[2:])} is not a whole number of times as large as {tuple(small.shape[2:])}")
    if factor == 1:
        return filled
    known = F.interpolate(1 - hole, scale_factor=float(factor), mode="nearest")
    lost = (photo - _enlarged(small, factor)) * known
    rows, columns = small.shape[2] // BLOCK, small.shape[3] // BLOCK
    return _enlarged(filled, factor) + rebuilt(lost, weights, rows, columns, BLOCK * factor)


def _enlarged(x: Tensor, factor: int) -> Tensor:
    return F.interpolate(x, scale_factor=float(factor), mode="bilinear", align_corners=False)
