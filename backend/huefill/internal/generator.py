"""The generator that maps gray to color (Wang et al. 2021, section 3.3, and the layout of the authors' code)."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


class ReflectionPad(nn.Module):
    """One pixel of reflection on every side; a side of a single pixel, which has nothing to reflect, is repeated."""

    def forward(self, x: Tensor) -> Tensor:
        x = F.pad(x, (1, 1, 0, 0), mode="reflect" if x.shape[-1] > 1 else "replicate")
        return F.pad(x, (0, 0, 1, 1), mode="reflect" if x.shape[-2] > 1 else "replicate")


class ResidualBlock(nn.Module):
    """pad, conv, BN, LReLU, pad, conv, BN, plus the input; nothing after the sum."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            ReflectionPad(),
            nn.Conv2d(width, width, 3, bias=False),
            nn.BatchNorm2d(width),
            nn.LeakyReLU(0.2),
            ReflectionPad(),
            nn.Conv2d(width, width, 3, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.blocks(x)
        return out


class Generator(nn.Module):
    """N C H W in [0, 1] (gray, or gray and the coarser level's color) to N 3 H W RGB in [0, 1].

    158,979 parameters for one input channel and 8 blocks, 159,843 for four, as published.
    """

    def __init__(self, inputs: int, blocks: int, width: int = 32) -> None:
        super().__init__()
        self.model = nn.Sequential(
            ReflectionPad(),
            nn.Conv2d(inputs, width, 3),
            nn.LeakyReLU(0.2),
            *(ResidualBlock(width) for _ in range(blocks)),
            ReflectionPad(),
            nn.Conv2d(width, width, 3),
            nn.BatchNorm2d(width),
            ReflectionPad(),
            nn.Conv2d(width, 3, 3),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.model(x)
        return out
