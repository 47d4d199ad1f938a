"""GMCNN (Wang et al. 2018, "Image Inpainting via Generative Multi-column Convolutional Neural Networks", section 3.1): three columns of
different kernels (7, 5, 3) side by side, each brought back to full size in its own way, and two convolutions that merge them.

Published form: ``Columns(4, 3, width=32, padding="reflect")`` on masked RGB and hole. `build` makes Huefill's form, in both variants.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.card import Sizes
from huefill_models.gmcnn.losses import terms
from huefill_models.inpainting.contract import channels

KERNELS = (7, 5, 3)
# A column keeps a quarter of the size with these dilations; its widest padding is 16 times 3.
_DILATIONS = (1, 1, 2, 4, 8, 16, 1, 1)
PADDINGS = ("reflect", "zeros")
# A side of a quarter of the size must be longer than the padding that is reflected into it.
_REFLECTED = Sizes(minimum=4 * (16 * (KERNELS[0] // 2) + 1), multiple=4, best_area=512 * 512, reach=128)
# E[elu(1.27 z)^2] = 1 for standard normal z.
_GAIN = 1.27


class Convolution(nn.Module):
    """A convolution that keeps the size divided by ``stride``, then ELU. Reflected borders show the whole kernel picture; zeros cost
    nothing and fit any size."""

    def __init__(self, inputs: int, outputs: int, kernel: int, padding: str, *, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        reach = dilation * (kernel // 2)
        self.reflected = reach if padding == "reflect" else 0
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, 0 if self.reflected else reach, dilation)

    def forward(self, x: Tensor) -> Tensor:
        return F.elu(self.before(x))

    def before(self, x: Tensor) -> Tensor:
        """Without the ELU."""
        return self.conv(F.pad(x, [self.reflected] * 4, mode="reflect") if self.reflected else x)


class Column(nn.Module):
    """One column: down to a quarter of the size, dilated convolutions, and up: the coarser the kernel, the fewer steps it takes."""

    def __init__(self, inputs: int, width: int, kernel: int, padding: str) -> None:
        super().__init__()

        def convolution(before: int, after: int, stride: int = 1, dilation: int = 1) -> Convolution:
            return Convolution(before, after, kernel, padding, stride=stride, dilation=dilation)

        self.down = nn.Sequential(
            convolution(inputs, width),
            convolution(width, 2 * width, 2),
            convolution(2 * width, 2 * width),
            convolution(2 * width, 4 * width, 2),
            *(convolution(4 * width, 4 * width, dilation=rate) for rate in _DILATIONS),
        )
        halves = [[(4 * width, 2 * width), (2 * width, 2 * width)], [(2 * width, width), (width, width)]]
        steps = KERNELS.index(kernel)
        self.up = nn.ModuleList([nn.Sequential(*(convolution(*pair) for pair in pairs)) for pairs in halves[:steps]])
        self.outputs = (4 * width, 2 * width, width)[steps]

    def forward(self, x: Tensor) -> Tensor:
        x = self.down(x)
        for step in self.up:
            x = step(F.interpolate(x, scale_factor=2.0, mode="nearest"))
        rest = 4 >> len(self.up)
        return x if rest == 1 else F.interpolate(x, scale_factor=float(rest), mode="bilinear", align_corners=True)


class Columns(nn.Module):
    """``x`` N 5 H W and ``hole`` N 1 H W to one picture N C H W in [-1, 1]; H and W multiples of 4.

    ``inputs``   4: masked RGB and hole; 5: all of x.
    ``width``    channels at full size (32 published); a multiple of 2.
    ``padding``  "reflect" (published; sides of 196 pixels at least) or "zeros".
    """

    def __init__(self, inputs: int = 4, outputs: int = 3, width: int = 32, *, padding: str = "zeros") -> None:
        super().__init__()
        if width % 2 or padding not in PADDINGS:
            raise ValueError(f"width must be a multiple of 2 and padding one of {PADDINGS}, not {width} and {padding!r}")
        self.inputs = inputs
        if padding == "reflect":
            self.sizes = _REFLECTED
        self.columns = nn.ModuleList([Column(inputs, width, kernel, padding) for kernel in KERNELS])
        self.merge = Convolution(7 * width, width // 2, 3, padding)
        self.last = Convolution(width // 2, outputs, 3, padding)

    def forward(self, x: Tensor, hole: Tensor) -> tuple[Tensor]:
        x = x if self.inputs == x.shape[1] else torch.cat([x[:, : self.inputs - 1], hole], dim=1)
        merged = self.merge(torch.cat([column(x) for column in self.columns], dim=1))
        return (torch.clamp(self.last.before(merged), -1, 1),)

    def learn(self, x: Tensor, hole: Tensor, truth: Tensor) -> tuple[tuple[Tensor], dict[str, Tensor]]:
        """The picture, and what it costs beside the losses that all backbones have."""
        stages = self(x, hole)
        return stages, terms(stages[-1], truth, hole)


def build(variant: str, width: int) -> Columns:
    """An untrained network for x of `huefill_models.inpainting.contract`, giving gray ("mono") or RGB ("rgb"); borders are zeros."""
    network = Columns(5 if variant == "mono" else 4, channels(variant), width)
    for layer in network.modules():
        if isinstance(layer, Convolution):
            fan = layer.conv.weight[0].numel()
            nn.init.normal_(layer.conv.weight, std=(0.3 if layer is network.last else _GAIN) / fan**0.5)
            assert layer.conv.bias is not None
            nn.init.zeros_(layer.conv.bias)
    return network
