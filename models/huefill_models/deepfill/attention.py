"""Contextual attention (Yu et al. 2018, "Generative Image Inpainting with Contextual Attention", section 4.1).

Every 3x3 patch of the feature map, taken at half its resolution, is compared by cosine similarity with every patch
that lies wholly outside the hole; a softmax over these chooses what the place is rebuilt from, as a mixture of 4x4
patches at full resolution. Written with shifts and matrix products alone, so that it batches, differentiates and
exports to ONNX with dynamic height and width.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

HALVINGS = ("first", "align_corners", "strict")


class ContextualAttention(nn.Module):
    """Rebuild features from known patches.

    ``scale``  factor before the softmax (10 in the paper).
    ``fuse``   score fusion: neighbouring places prefer neighbouring sources (section 4.1, "attention propagation").
    ``halve``  which place stands for the others when features and hole are made smaller: "first" of each block, or
               "align_corners", TensorFlow's choice. "strict" takes the first too, but calls a block of the hole known only if
               all of it is known, so that a stroke thinner than a block is not copied from.

    Memory: the scores are (h*w/4)^2 floats for features of h x w, that is 64 MiB for a photo of 512x512 (features of 128x128).
    """

    def __init__(self, *, scale: float = 10.0, fuse: bool = True, halve: str = "first") -> None:
        super().__init__()
        if halve not in HALVINGS:
            raise ValueError(f"halve is one of {HALVINGS}, not {halve!r}")
        self.scale, self.fuse, self.halve = scale, fuse, halve

    def forward(self, features: Tensor, hole: Tensor) -> Tensor:
        """``features`` N C h w (h, w even), ``hole`` N 1 4h 4w with 1 in the hole. Gives N C h w."""
        _, channels, height, width = features.shape
        rows, columns = height // 2, width // 2
        small = self._reduce(features, 2)
        hole = F.max_pool2d(hole, 8) if self.halve == "strict" else self._reduce(hole, 8)
        patches = patches3(small).flatten(2)  # N 9C P
        length = patches.square().sum(1, keepdim=True).sqrt().clamp_min(1e-4)
        scores = torch.matmul((patches / length).transpose(1, 2), patches)  # N known P, place P
        if self.fuse:
            scores = fused(scores, rows, columns)
        known = (patches3(hole).sum(1) == 0).to(scores.dtype).flatten(1).unsqueeze(2)  # N P 1
        weights = torch.softmax(scores * known * self.scale, dim=1) * known
        sources = _patches4(features).flatten(2)  # N 16C P
        mixed = torch.matmul(sources, weights)  # N 16C P
        return _overlap_add(mixed.reshape(-1, 16, channels, rows, columns)) / 4.0

    def _reduce(self, x: Tensor, factor: int) -> Tensor:
        if self.halve != "align_corners":
            return x[:, :, ::factor, ::factor]
        for axis in (2, 3):
            # Round(i * (size - 1) / (count - 1)), in whole numbers: these export with dynamic sizes.
            count = x.shape[axis] // factor
            numerator = 2 * torch.arange(count, device=x.device) * (x.shape[axis] - 1) + (count - 1)
            x = x.index_select(axis, numerator // (2 * (count - 1)) if count > 1 else numerator)
        return x


def patches3(x: Tensor) -> Tensor:
    """N C h w -> N 9C h w: the zero-padded 3x3 neighbourhood of every place."""
    height, width = x.shape[2:]
    x = F.pad(x, (1, 1, 1, 1))
    return torch.cat([x[:, :, i : i + height, j : j + width] for i in range(3) for j in range(3)], dim=1)


def _patches4(x: Tensor) -> Tensor:
    """N C h w -> N 16C h/2 w/2: the zero-padded 4x4 neighbourhood of every 2x2 block."""
    rows, columns = x.shape[2] // 2, x.shape[3] // 2
    x = F.pad(x, (1, 1, 1, 1))
    return torch.cat([x[:, :, i : i + 2 * rows : 2, j : j + 2 * columns : 2] for i in range(4) for j in range(4)], dim=1)


def _overlap_add(x: Tensor) -> Tensor:
    """N 16 C r c -> N C 2r 2c: lay 4x4 patches down around every 2x2 block and sum them: the transpose of `_patches4`."""
    x = x.unflatten(1, (4, 4))  # N 4 4 C r c
    x = _pairs(x, patch_axis=1, block_axis=4)  # N 2 4 C r c
    x = _pairs(x, patch_axis=2, block_axis=5)  # N 2 2 C r c
    count, _, _, channels, rows, columns = x.shape
    return x.permute(0, 3, 4, 1, 5, 2).reshape(count, channels, 2 * rows, 2 * columns)


def _pairs(x: Tensor, patch_axis: int, block_axis: int) -> Tensor:
    """Sum the four lines of each patch into the two lines of its block and of the blocks beside it."""
    first, second, third, fourth = x.split(1, dim=patch_axis)
    return torch.cat([second + _shift(fourth, block_axis, 1), third + _shift(first, block_axis, -1)], dim=patch_axis)


def _shift(x: Tensor, axis: int, by: int) -> Tensor:
    """Move one place up (-1) or down (+1) an axis, zeros coming in."""
    size = x.shape[axis]
    zero = torch.zeros_like(x.narrow(axis, 0, 1))
    if by > 0:
        return torch.cat([zero, x.narrow(axis, 0, size - 1)], dim=axis)
    return torch.cat([x.narrow(axis, 1, size - 1), zero], dim=axis)


def fused(scores: Tensor, rows: int, columns: int) -> Tensor:
    """Add each score to those of the diagonal neighbours, first along rows, then along columns."""
    scores = _diagonal_sum(scores)
    scores = _transpose_places(scores, rows, columns)
    scores = _diagonal_sum(scores)
    return _transpose_places(scores, columns, rows)


def _diagonal_sum(scores: Tensor) -> Tensor:
    size = scores.shape[1]
    padded = F.pad(scores, (1, 1, 1, 1))
    return sum((padded[:, k : k + size, k : k + size] for k in (0, 2)), scores)


def _transpose_places(scores: Tensor, rows: int, columns: int) -> Tensor:
    """Number places column by column instead of row by row, on both axes."""
    return scores.reshape(-1, rows, columns, rows, columns).permute(0, 2, 1, 4, 3).reshape(scores.shape)
