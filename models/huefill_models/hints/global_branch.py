"""The branch for global hints: four 1x1 layers whose output is added to the trunk's fourth block everywhere."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

HISTOGRAM = 313
# Histogram and saturation, each with a bit that says whether it is given.
INPUTS = HISTOGRAM + 1 + 1 + 1


class GlobalBranch(nn.Sequential):
    """``hints`` N 316 1 1 (see `huefill_models.hints.global_statistics.join`) to N ``outputs`` 1 1.

    Four times 1x1 convolution, ReLU, batch norm (the paper: 512 channels each).
    """

    def __init__(self, width: int, outputs: int) -> None:
        sizes = [INPUTS, width, width, width, outputs]
        layers: list[nn.Module] = []
        for before, after in pairwise(sizes):
            layers += [nn.Conv2d(before, after, 1), nn.ReLU(), nn.BatchNorm2d(after)]
        super().__init__(*layers)

    def forward(self, hints: Tensor) -> Tensor:
        return super().forward(hints)  # type: ignore[no-any-return]
