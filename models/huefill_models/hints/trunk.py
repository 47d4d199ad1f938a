"""The published network (Zhang et al. 2017, figure 3): a U-shaped trunk of ten blocks."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Widths:
    """Channels of the blocks: 1 (full size), 2 (half), 3 (quarter), 4 to 7 (eighth), 8 to 10."""

    first: int
    second: int
    third: int
    middle: int
    eighth: int
    ninth: int
    tenth: int


PUBLISHED = Widths(64, 128, 256, 512, 256, 128, 128)


def _block(inputs: int, outputs: int, convolutions: int, dilation: int = 1) -> nn.Sequential:
    layers: list[nn.Module] = []
    for number in range(convolutions):
        layers += [nn.Conv2d(outputs if number else inputs, outputs, 3, padding=dilation, dilation=dilation), nn.ReLU()]
    return nn.Sequential(*layers, nn.BatchNorm2d(outputs))


def _joined(width: int, convolutions: int) -> nn.Sequential:
    layers: list[nn.Module] = [nn.ReLU()]
    for _ in range(convolutions):
        layers += [nn.Conv2d(width, width, 3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.BatchNorm2d(width))


class Trunk(nn.Module):
    """Blocks 1 to 10. ``lightness`` N 1 H W as (L - 50) / 100, ``ab`` N 2 H W divided by 110 (0 without a hint), ``mask`` N 1 H W.

    H and W are multiples of 8. Gives ab / 110, and the features of block 8, N C H/4 W/4, from which classes are told.
    """

    def __init__(self, widths: Widths) -> None:
        super().__init__()
        w = widths
        self.block1, self.block2, self.block3 = _block(4, w.first, 2), _block(w.first, w.second, 2), _block(w.second, w.third, 3)
        self.block4, self.block5 = _block(w.third, w.middle, 3), _block(w.middle, w.middle, 3, dilation=2)
        self.block6, self.block7 = _block(w.middle, w.middle, 3, dilation=2), _block(w.middle, w.middle, 3)
        self.up8, self.short8 = nn.ConvTranspose2d(w.middle, w.eighth, 4, 2, 1), nn.Conv2d(w.third, w.eighth, 3, padding=1)
        self.up9, self.short9 = nn.ConvTranspose2d(w.eighth, w.ninth, 4, 2, 1), nn.Conv2d(w.second, w.ninth, 3, padding=1)
        self.up10, self.short10 = nn.ConvTranspose2d(w.ninth, w.tenth, 4, 2, 1), nn.Conv2d(w.first, w.tenth, 3, padding=1)
        self.block8, self.block9 = _joined(w.eighth, 2), _joined(w.ninth, 1)
        self.block10 = nn.Sequential(nn.ReLU(), nn.Conv2d(w.tenth, w.tenth, 3, padding=1), nn.LeakyReLU(0.2))
        self.out = nn.Conv2d(w.tenth, 2, 1)

    def forward(self, lightness: Tensor, ab: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        one = self.block1(torch.cat([lightness, ab, mask], 1))
        two = self.block2(one[:, :, ::2, ::2])
        three = self.block3(two[:, :, ::2, ::2])
        four = self.block4(three[:, :, ::2, ::2])
        seven = self.block7(self.block6(self.block5(four)))
        eight = self.block8(self.up8(seven) + self.short8(three))
        nine = self.block9(self.up9(eight) + self.short9(two))
        ten = self.block10(self.up10(nine) + self.short10(one))
        return torch.tanh(self.out(ten)), eight
