"""HiFill (Yi et al. 2020, "Contextual Residual Aggregation for Ultra High-Resolution Image Inpainting", section 3).

A coarse network at half of the size, a refinement that computes attention once, at its narrowest place, and rebuilds the features of
every size with it. The same attention brings the result to full resolution (`huefill_models.hifill.residuals`).
Published form: ``HiFill(4, 3, width=32)`` on 512 x 512 pixels. `build` makes Huefill's form, in both variants.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.deepfill.layers import Convolution
from huefill_models.hifill.attention import BLOCK, rebuilt, similar
from huefill_models.hifill.layers import Gated, Painted, Raised, doubled
from huefill_models.inpainting.contract import channels

_COARSE_DILATIONS = (1, 1, 1, 2, 2, 2, 2, 2, 4, 4, 4, 4, 8, 8)
_FINE_DILATIONS = (1, 2, 4, 8, 16)


class Coarse(nn.Module):
    """At half of the size: down to an eighth, dilated convolutions, and back. N inputs h w to N outputs h w in [-1, 1]."""

    def __init__(self, inputs: int, outputs: int, width: int, *, published: bool) -> None:
        super().__init__()
        wide = 2 * width
        self.encoder = nn.Sequential(
            Gated(inputs, width, 5, stride=2, single=True),
            Gated(width, width, single=True),
            Gated(width, wide, stride=2, single=True),
            *(Gated(wide, wide, single=True) for _ in range(3)),
        )
        self.dilated = nn.Sequential(*(Gated(wide, wide, dilation=rate, single=True) for rate in _COARSE_DILATIONS))
        self.decoder = nn.Sequential(
            *(Gated(wide, wide, single=True) for _ in range(3)),
            Raised(wide, width, single=True),
            Gated(width, width, single=True),
            Raised(width, outputs, single=True) if published else Painted(width, outputs),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.dilated(self.encoder(x))).clamp(-1, 1)


class Level(nn.Module):
    """Half of the size: a strided and a plain convolution."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.down, self.plain = Gated(inputs, outputs, stride=2), Gated(outputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.plain(self.down(x))


class Rise(nn.Module):
    """Twice the size, beside what attention rebuilds of the encoder's features at this size: N 2*outputs."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.up, self.plain = Raised(inputs, outputs), Gated(outputs, outputs)
        self.attended = nn.Sequential(Gated(outputs, outputs), Gated(outputs, outputs, dilation=2))

    def forward(self, x: Tensor, copied: Tensor) -> Tensor:
        return torch.cat([self.attended(copied), self.plain(self.up(x))], dim=1)


class Refinement(nn.Module):
    """``published``: squares of 3 pixels at the narrowest place, and overlaps are added up; else they are averaged."""

    def __init__(self, inputs: int, outputs: int, width: int, *, published: bool) -> None:
        super().__init__()
        self.published = published
        self.levels = nn.ModuleList([Level(inputs, width), Level(width, 2 * width), Level(2 * width, 4 * width)])
        narrow = 4 * width
        self.dilated = nn.Sequential(*(Gated(narrow, narrow, dilation=rate) for rate in _FINE_DILATIONS))
        self.attended = Gated(narrow, narrow)
        self.joined = Gated(2 * narrow, narrow)
        self.rises = nn.ModuleList([Rise(narrow, 2 * width), Rise(4 * width, width)])
        self.last = Raised(2 * width, outputs) if published else Painted(2 * width, outputs)

    def forward(self, x: Tensor, hole: Tensor) -> tuple[Tensor, Tensor]:
        """The picture N outputs H W in [-1, 1] and the attention N P P."""
        rows, columns = x.shape[2] // BLOCK, x.shape[3] // BLOCK
        encoded = []
        for level in self.levels:
            x = level(x)
            encoded.append(x)
        x = self.dilated(x)
        weights = similar(x, hole, fuse=self.published)
        kernel = 3 if self.published else 4
        x = self.joined(torch.cat([x, self.attended(self._copied(x, weights, rows, columns, kernel))], dim=1))
        for rise, features, block in zip(self.rises, reversed(encoded[:-1]), (4, 8), strict=True):
            x = rise(x, self._copied(features, weights, rows, columns, 2 * block))
        return self.last(x).clamp(-1, 1), weights

    def _copied(self, features: Tensor, weights: Tensor, rows: int, columns: int, kernel: int) -> Tensor:
        laid = rebuilt(features, weights, rows, columns, kernel)
        return laid if self.published else laid / 4


class HiFill(nn.Module):
    """Both networks. ``x`` N 5 H W and ``hole`` N 1 H W of `huefill_models.inpainting.contract`; H and W multiples of 16.

    ``inputs``     4: masked RGB and hole (published); 5: all of x.
    ``outputs``    channels of the result; those of x that hold the same, masked, start at ``known``.
    ``width``      channels at half of the size (32 published).
    ``published``  exactly as published, else what is better in small: overlaps are averaged, the coarse network sees means of pixels, and
                   the last convolutions have no gates.
    """

    def __init__(self, inputs: int = 4, outputs: int = 3, width: int = 32, *, known: int = 0, published: bool = True) -> None:
        super().__init__()
        self.inputs, self.outputs, self.known, self.published = inputs, outputs, known, published
        self.coarse = Coarse(inputs, outputs, width, published=published)
        self.refinement = Refinement(outputs + 1, outputs, width, published=published)

    def forward(self, x: Tensor, hole: Tensor) -> tuple[Tensor, Tensor]:
        """The coarse and the refined picture, N outputs H W in [-1, 1], over the whole picture: the caller composes."""
        coarse, refined, _ = self.attend(x, hole)
        return coarse, refined

    def attend(self, x: Tensor, hole: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The coarse and the refined picture, and the attention N P P of the blocks, for `huefill_models.hifill.residuals`."""
        seen = x if self.inputs == x.shape[1] else torch.cat([x[:, : self.inputs - 1], hole], dim=1)
        half = seen[:, :, ::2, ::2] if self.published else F.avg_pool2d(seen, 2)
        coarse = doubled(self.coarse(half))
        own = x[:, self.known : self.known + self.outputs]
        completed = coarse * hole + own * (1 - hole)
        refined, weights = self.refinement(torch.cat([completed, hole], dim=1), hole)
        return coarse, refined, weights


def build(variant: str, width: int) -> HiFill:
    """An untrained network for x of `huefill_models.inpainting.contract`, giving gray ("mono") or RGB ("rgb")."""
    inputs, known = {"mono": (5, 3), "rgb": (4, 0)}[variant]
    network = HiFill(inputs, channels(variant), width, known=known, published=False)
    for layer in network.modules():
        if isinstance(layer, Gated):
            _initialise(layer)
        elif isinstance(layer, Painted):
            nn.init.normal_(layer.conv.weight, std=0.3 / layer.conv.weight[0].numel() ** 0.5)
            assert layer.conv.bias is not None
            nn.init.zeros_(layer.conv.bias)
    return network


def _initialise(layer: Gated) -> None:
    """As DeepFill's: the signal keeps its variance through forty gates."""
    gate = layer.gate.conv if isinstance(layer.gate, Convolution) else layer.gate
    for convolution, gain in ((layer.feature.conv, 2.5), (gate, 1.0)):
        nn.init.normal_(convolution.weight, std=gain / convolution.weight[0].numel() ** 0.5)
        assert convolution.bias is not None
        nn.init.zeros_(convolution.bias)
