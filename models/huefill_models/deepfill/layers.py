"""Gated convolutions (Yu et al. 2019, "Free-Form Image Inpainting with Gated Convolution", section 3.1)."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PADDINGS = ("symmetric", "tensorflow")


class Convolution(nn.Module):
    """A 2-D convolution that keeps the size divided by the stride (rounded up for even sizes).

    ``padding`` "symmetric" pads both sides alike; "tensorflow" is TensorFlow's SAME, which for a stride of 2 and even
    sizes pads the right and the lower side alone, so that the converted official weights see the pixels they learned on.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, *, stride: int = 1, dilation: int = 1, padding: str = "symmetric") -> None:
        super().__init__()
        if padding not in PADDINGS:
            raise ValueError(f"padding is one of {PADDINGS}, not {padding!r}")
        reach = dilation * (kernel - 1)
        self.before = reach // 2 if stride == 1 or padding == "symmetric" else (reach - stride + 1) // 2
        self.after = reach - self.before if stride == 1 or padding == "symmetric" else reach - stride + 1 - self.before
        even = self.before == self.after
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride=stride, dilation=dilation, padding=self.before if even else 0)

    def forward(self, x: Tensor) -> Tensor:
        if self.before != self.after:
            x = F.pad(x, (self.before, self.after, self.before, self.after))
        return self.conv(x)


class GatedConvolution(Convolution):
    """``activation(feature) * sigmoid(gate)``, feature and gate being the halves of one convolution's outputs."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int = 3,
        *,
        stride: int = 1,
        dilation: int = 1,
        padding: str = "symmetric",
        activation: str = "elu",
    ) -> None:
        super().__init__(inputs, 2 * outputs, kernel, stride=stride, dilation=dilation, padding=padding)
        activations: dict[str, Callable[[Tensor], Tensor]] = {"elu": F.elu, "relu": F.relu}
        self.activate = activations[activation]

    def forward(self, x: Tensor) -> Tensor:
        feature, gate = super().forward(x).chunk(2, dim=1)
        return self.activate(feature) * torch.sigmoid(gate)


class GatedUpsampling(GatedConvolution):
    """Nearest-neighbour upsampling by two, then a gated convolution."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(F.interpolate(x, scale_factor=2.0, mode="nearest"))
