"""Attention that is computed once, on small features, and rebuilds features of every size (Yi et al. 2020, sections 3.1 and 3.2).

`similar` says for every block of the picture which known blocks it is rebuilt from; `rebuilt` lays down what these blocks hold, at
whatever size: features at an eighth, a quarter and half of the picture, and the photo's own residuals at full size. Written with shifts
and matrix products alone, so that it batches, differentiates and exports to ONNX with dynamic height and width.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from huefill_models.deepfill.attention import fused, patches3

# Pixels of the picture in a block.
BLOCK = 16
_SHARPNESS = 10.0


def similar(features: Tensor, hole: Tensor, *, fuse: bool) -> Tensor:
    """``features`` N C 2r 2c and ``hole`` N 1 16r 16c give weights N P P, P = r c: of each known block (first axis) for every place.

    Blocks of which, or of whose neighbours, any pixel lies in the hole are never used: their weights are 0; those of a place add up to 1.
    ``fuse``: neighbouring places prefer neighbouring blocks (Yu et al. 2018, "attention propagation").
    """
    small = features[:, :, ::2, ::2]
    rows, columns = small.shape[2:]
    patches = patches3(small).flatten(2)  # N 9C P
    length = patches.square().sum(1, keepdim=True).sqrt().clamp_min(1e-8)
    scores = torch.matmul((patches / length).transpose(1, 2), patches)
    if fuse:
        scores = fused(scores, rows, columns)
    known = 1 - F.max_pool2d(F.max_pool2d(hole, BLOCK), 3, stride=1, padding=1)
    known = known.to(scores.dtype).flatten(1).unsqueeze(2)  # N P 1
    return torch.softmax(scores * known * _SHARPNESS, dim=1) * known


def rebuilt(features: Tensor, weights: Tensor, rows: int, columns: int, kernel: int) -> Tensor:
    """``features`` N C b*rows b*columns as mixtures by ``weights`` N P P of squares of ``kernel`` pixels.

    There is one square around each block of b pixels; ``kernel`` is at most 2 b. Where squares overlap their values are added.
    """
    channels, block = features.shape[1], features.shape[2] // rows
    if kernel == block:
        flat = F.pixel_unshuffle(features, block)
        return F.pixel_shuffle(torch.matmul(flat.flatten(2), weights).reshape(flat.shape), block)
    before = (kernel - block) // 2
    cells = F.pixel_unshuffle(F.pad(features, (before, block - before, before, block - before)), block)  # N Cbb r+1 c+1
    corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
    inside = torch.arange(2 * block, device=features.device) < kernel
    laid = torch.zeros_like(cells)
    for down, right in corners:
        part = cells[:, :, down : down + rows, right : right + columns]
        mixed = torch.matmul(part.flatten(2), weights).reshape(part.shape)
        # Of the outer blocks the square covers only the first pixels.
        covered = inside[down * block : (down + 1) * block, None] & inside[None, right * block : (right + 1) * block]
        mixed = mixed * covered.to(mixed.dtype).repeat(channels, 1, 1).reshape(1, -1, 1, 1)
        laid = laid + F.pad(mixed, (right, 1 - right, down, 1 - down))
    whole = F.pixel_shuffle(laid, block)
    return whole[:, :, before : before + features.shape[2], before : before + features.shape[3]]
