"""Superpixels: every pixel belongs in shares to the nine cells around it (Xia et al. 2022, section 3.2; Yang et al. 2020, SpixelFCN).

A cell is a square of `CELL` pixels of the picture; its superpixel is what the pixels around give to it. An *affinity*, N 9 H W, says each
pixel's shares, summing to 1: the nine cells row by row, from above left to below right of the pixel's own. All functions take maps whose
sides are multiples of ``cell``, the side of a cell in places of the map: `CELL` at the picture's size, less on a coarser map.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CELL = 16
NEIGHBORS = 9
# The channels at full, half, … sixteenth of the size that were published.
WIDTHS = (16, 32, 64, 128, 256)
_SLOPE = 0.1
_LEAST = 1e-8


class SPixNet(nn.Module):
    """A U-shaped network that says the affinity (the paper's supplement, table of SPixNet); ``widths`` at full to sixteenth of the size."""

    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        inputs = (1, *widths[:-1])
        self.down = nn.ModuleList(
            nn.Sequential(_convolution(before, width, stride=2 if level else 1), _convolution(width, width))
            for level, (before, width) in enumerate(zip(inputs, widths, strict=True))
        )
        pairs = list(zip(widths[:0:-1], widths[-2::-1], strict=True))
        self.up = nn.ModuleList(nn.Sequential(nn.ConvTranspose2d(before, width, 4, 2, 1), nn.LeakyReLU(_SLOPE)) for before, width in pairs)
        self.join = nn.ModuleList(_convolution(2 * width, width) for _, width in pairs)
        self.out = nn.Conv2d(widths[0], NEIGHBORS, 3, padding=1)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.kaiming_normal_(layer.weight, _SLOPE)
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    def forward(self, lightness: Tensor) -> Tensor:
        """``lightness`` N 1 H W as (L - 50) / 50, sides multiples of 16, to the affinity N 9 H W."""
        x, passed = lightness, []
        for block in self.down:
            x = block(x)
            passed.append(x)
        for up, join, finer in zip(self.up, self.join, passed[-2::-1], strict=True):
            x = join(torch.cat([finer, up(x)], 1))
        return torch.softmax(self.out(x), 1)


def _convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(_SLOPE))


def pool(features: Tensor, affinity: Tensor, cell: int = CELL) -> tuple[Tensor, Tensor]:
    """``features`` N C H W to their means over each superpixel, N C h w, and how many cells' worth of pixels each has, N 1 h w."""
    sums = sizes = features.new_zeros(())
    for number in range(NEIGHBORS):
        share = affinity[:, number : number + 1]
        sums = sums + _sent(F.avg_pool2d(features * share, cell), number)
        sizes = sizes + _sent(F.avg_pool2d(share, cell), number)
    return sums / (sizes + _LEAST), sizes


def spread(tokens: Tensor, affinity: Tensor, cell: int = CELL) -> Tensor:
    """``tokens`` N C h w to N C H W: each pixel mixes the superpixels around it by its shares. Beyond the picture's edge lie zeros."""
    height, width = tokens.shape[-2:]
    padded = F.pad(tokens, (1, 1, 1, 1))
    mixed = tokens.new_zeros(())
    for number in range(NEIGHBORS):
        down, right = divmod(number, 3)
        neighbor = padded[:, :, down : down + height, right : right + width]
        mixed = mixed + F.interpolate(neighbor, scale_factor=float(cell), mode="nearest") * affinity[:, number : number + 1]
    return mixed


def sizes(affinity: Tensor, cell: int = CELL) -> Tensor:
    """How many cells' worth of pixels belong to each superpixel most, N 1 h w; a pixel that belongs alike to several counts for each."""
    most = (affinity == affinity.amax(1, keepdim=True)).to(affinity.dtype)
    return pool(torch.ones_like(affinity[:, :1]), most, cell)[1]


def coarser(affinity: Tensor, factor: int) -> Tensor:
    """The affinity of squares of ``factor`` pixels, which pools and spreads maps of that grain just as the pixels' own does."""
    return affinity if factor == 1 else F.avg_pool2d(affinity, factor)


def _sent(given: Tensor, number: int) -> Tensor:
    """What each cell gives to its neighbor ``number`` of nine, where it arrives; what leaves the picture is lost."""
    height, width = given.shape[-2:]
    up, left = 2 - number // 3, 2 - number % 3
    return F.pad(given, (1, 1, 1, 1))[:, :, up : up + height, left : left + width]
