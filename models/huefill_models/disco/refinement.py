"""RefineNet: from what the superpixels know to the color of every pixel (Xia et al. 2022, section 3.4; the supplement's table)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class RefineNet(nn.Module):
    """An hourglass with ``widths`` channels at the size it is given, half and quarter of it; three residual blocks at the narrowest.

    N ``inputs`` H W, sides multiples of 4, to N 2 H W: what becomes ab / 110 behind a tanh. ``spectral``: as published, each block's
    second convolution is spectrally normalised.
    """

    def __init__(self, inputs: int, widths: tuple[int, int, int] = (64, 128, 256), *, spectral: bool = True) -> None:
        super().__init__()
        full, half, quarter = widths
        self.first = _convolutions(inputs, full, 2)
        self.down = nn.ModuleList([_convolutions(full, half, 2, stride=2), _convolutions(half, quarter, 2, stride=2)])
        self.residual = nn.Sequential(*[_Residual(quarter, spectral) for _ in range(3)])
        self.up = nn.ModuleList([_Up(quarter, half), _Up(half, full)])
        self.out = nn.Conv2d(full, 2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        full = self.first(x)
        half = self.down[0](full)
        x = self.residual(self.down[1](half))
        return self.out(self.up[1](self.up[0](x, half), full))  # type: ignore[no-any-return]


def _convolutions(inputs: int, outputs: int, count: int, stride: int = 1) -> nn.Sequential:
    layers: list[nn.Module] = []
    for number in range(count):
        layers += [nn.Conv2d(outputs if number else inputs, outputs, 3, 1 if number else stride, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.BatchNorm2d(outputs))


class _Residual(nn.Module):
    def __init__(self, width: int, spectral: bool) -> None:
        super().__init__()
        first, second, third = (nn.Conv2d(width, width, 3, padding=1) for _ in range(3))
        self.layers = nn.Sequential(first, spectral_norm(second) if spectral else second, nn.ReLU(), third)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.layers(x))


class _Up(nn.Module):
    """Enlarged twice, joined with what the way down knew at that size."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.before = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.join = nn.Conv2d(2 * outputs, outputs, 3, padding=1)
        self.after = _convolutions(outputs, outputs, 2)

    def forward(self, x: Tensor, finer: Tensor) -> Tensor:
        x = F.interpolate(self.before(x), scale_factor=2.0, mode="nearest")
        return self.after(F.relu(self.join(torch.cat([x, finer], 1))))  # type: ignore[no-any-return]
