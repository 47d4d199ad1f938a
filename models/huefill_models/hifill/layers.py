"""Light-weight gated convolutions (Yi et al. 2020, section 3.3): ``sigmoid(gate) * elu(feature)`` with a gate that costs little.

The coarse network has one gate for all channels ("single-channel"), the refinement a gate by a 1x1 convolution ("depth-separable" in the
paper; its published weights have no depthwise part). Both keep the size divided by the stride, padded as TensorFlow pads.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.deepfill.layers import Convolution


class Gated(nn.Module):
    """``inputs`` to ``outputs`` channels by a square ``kernel``; ``single``: one gate for all of them, by as large a kernel."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, *, stride: int = 1, dilation: int = 1, single: bool = False) -> None:
        super().__init__()
        pad = "tensorflow"
        self.feature = Convolution(inputs, outputs, kernel, stride=stride, dilation=dilation, padding=pad)
        self.gate = (
            Convolution(inputs, 1, kernel, stride=stride, dilation=dilation, padding=pad)
            if single
            else nn.Conv2d(inputs, outputs, 1, stride)
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.elu(self.feature(x)) * torch.sigmoid(self.gate(x))


class Raised(Gated):
    """Twice the size, then a gated convolution."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(doubled(x))


class Painted(nn.Module):
    """Twice the size, then a picture in [-1, 1] by a plain convolution: a gated one would never quite reach black."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(self.conv(doubled(x)))


def doubled(x: Tensor) -> Tensor:
    """N C h w to N C 2h 2w: TensorFlow's bilinear without half pixels, which every second pixel passes unchanged."""
    for axis in (2, 3):
        size = x.shape[axis]
        following = torch.cat([x.narrow(axis, 1, size - 1), x.narrow(axis, size - 1, 1)], dim=axis)
        x = torch.stack([x, (x + following) / 2], dim=axis + 1).flatten(axis, axis + 1)
    return x
