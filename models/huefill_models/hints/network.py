"""The network of Zhang et al. 2017 (figure 3): a U-shaped trunk of ten blocks, in any width, with its side branch and global hints.

With `PUBLISHED` and without the global branch its trunk has the published weights' shapes (see `importers`).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.gamut import bins
from huefill_models.hints.global_branch import GlobalBranch

MULTIPLE = 8


@dataclass(frozen=True)
class Widths:
    """Channels of the blocks: 1 (full size), 2 (half), 3 (quarter), 4 to 7 (eighth), 8 to 10; of side and global branch (0: none)."""

    first: int
    second: int
    third: int
    middle: int
    eighth: int
    ninth: int
    tenth: int
    side: int
    globals: int


PUBLISHED = Widths(64, 128, 256, 512, 256, 128, 128, side=0, globals=0)
COMPACT = Widths(24, 48, 96, 192, 96, 48, 32, side=192, globals=192)


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

    H and W are multiples of 8. Gives ab / 110 and the features of blocks 1 to 8. ``global_features`` N C 1 1 are added to block 4.
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

    def forward(self, lightness: Tensor, ab: Tensor, mask: Tensor, global_features: Tensor | None = None) -> tuple[Tensor, list[Tensor]]:
        one = self.block1(torch.cat([lightness, ab, mask], 1))
        two = self.block2(one[:, :, ::2, ::2])
        three = self.block3(two[:, :, ::2, ::2])
        four = self.block4(three[:, :, ::2, ::2])
        if global_features is not None:
            four = four + global_features
        five = self.block5(four)
        six = self.block6(five)
        seven = self.block7(six)
        eight = self.block8(self.up8(seven) + self.short8(three))
        nine = self.block9(self.up9(eight) + self.short9(two))
        ten = self.block10(self.up10(nine) + self.short10(one))
        return torch.tanh(self.out(ten)), [one, two, three, four, five, six, seven, eight]


# Of the side branch's leaky ReLU below 0.
_SLOPE = 0.2


class SideBranch(nn.Module):
    """The distribution over the 313 bins at chosen places, from a hypercolumn of blocks 1 to 8 (section 3.3).

    Two layers on the features at each place alone: no image of distributions is ever made. Gradients stop at the features.
    """

    # How much coarser than the quarter-size grid of places a block is: full, half, quarter, four eighths, quarter.
    _STEP = (4.0, 2.0, 1.0, 0.5, 0.5, 0.5, 0.5, 1.0)

    def __init__(self, widths: Widths) -> None:
        super().__init__()
        w = widths
        inputs = w.first + w.second + w.third + 4 * w.middle + w.eighth
        self.layers = nn.Sequential(nn.Linear(inputs, w.side), nn.LeakyReLU(_SLOPE), nn.Linear(w.side, len(bins())))

    def forward(self, features: list[Tensor], at: Tensor) -> Tensor:
        """``at`` N K 2 int64: x, y on the grid of a quarter of the picture's size. Gives logits N K 313."""
        columns = []
        for feature, step in zip(features, self._STEP, strict=True):
            place = at * int(step) if step >= 1 else at // int(1 / step)
            index = place[..., 1] * feature.shape[-1] + place[..., 0]
            flat = feature.detach().flatten(2)
            columns.append(flat.gather(2, index[:, None].expand(-1, flat.shape[1], -1)))
        return self.layers(torch.cat(columns, 1).transpose(1, 2))  # type: ignore[no-any-return]

    def everywhere(self, features: list[Tensor]) -> Tensor:
        """The same for every place of the grid, row by row: the first layer works at each block's own size, so no hypercolumn is made."""
        first, last = self.layers[0], self.layers[2]
        assert isinstance(first, nn.Linear) and isinstance(last, nn.Linear)
        weights = first.weight.split([feature.shape[1] for feature in features], 1)
        quarter, eighth = first.bias[None, :, None, None], torch.zeros(())
        for feature, step, weight in zip(features, self._STEP, weights, strict=True):
            stride = max(1, int(step))
            part = F.conv2d(feature.detach()[:, :, ::stride, ::stride], weight[:, :, None, None])
            quarter, eighth = (quarter + part, eighth) if step >= 1 else (quarter, eighth + part)
        hidden = F.leaky_relu(quarter + F.interpolate(eighth, scale_factor=2.0, mode="nearest"), _SLOPE)
        return F.conv2d(hidden, last.weight[:, :, None, None], last.bias).flatten(2).transpose(1, 2)


class HintsNetwork(nn.Module):
    """Trunk, side branch and global branch: local and global hints together (named as future work by the paper)."""

    def __init__(self, widths: Widths = COMPACT) -> None:
        super().__init__()
        self.trunk = Trunk(widths)
        self.side = SideBranch(widths)
        self.global_branch = GlobalBranch(widths.globals, widths.middle)

    def forward(self, lightness: Tensor, ab: Tensor, mask: Tensor, global_hints: Tensor, at: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """As `Trunk`; ``global_hints`` N 316 1 1. Gives ab / 110 and the logits N K 313 at the places ``at`` (None: everywhere)."""
        out, features = self.trunk(lightness, ab, mask, self.global_branch(global_hints))
        return out, self.side.everywhere(features) if at is None else self.side(features, at)
