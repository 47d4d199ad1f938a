"""What the network sees of a photo: the published backbone, which learns all by itself, and a compact one on a pretrained encoder."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from huefill_models.encoders import efficientnet_lite
from huefill_models.encoders.efficientnet_lite import EfficientNetLite

_SLOPE = 0.2
# Convolutions, channels and stride of the published blocks 1 to 7.
_BLOCKS = ((2, 64, 1), (3, 128, 2), (3, 256, 2), (3, 512, 2), (3, 512, 1), (3, 512, 1), (3, 512, 1))
_EVIDENCE = 1280


class Backbone(nn.Module):
    """The published one (the paper's supplement, table of the backbone): ten blocks after Zhang et al. 2016, spectrally normalised.

    ``lightness`` N 1 H W as (L - 50) / 50, sides multiples of 8, to features N ``width`` H W, none below 0.
    """

    grain = 1
    multiple = 8

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.blocks = nn.ModuleList()
        inputs = 1
        for count, outputs, stride in _BLOCKS:
            layers: list[nn.Module] = []
            for number in range(count):
                convolution = nn.Conv2d(outputs if number else inputs, outputs, 3, 1 if number else stride, padding=1)
                layers += [spectral_norm(convolution), nn.LeakyReLU(_SLOPE)]
            self.blocks.append(nn.Sequential(*layers, nn.BatchNorm2d(outputs)))
            inputs = outputs
        self.short = _plain(256, 256)
        self.up = nn.ModuleList([_plain(512, 256), _plain(256, 128), _plain(128, 64)])
        self.joined = nn.ModuleList(
            [
                nn.Sequential(nn.ReLU(), _plain(256, 256), nn.ReLU(), _plain(256, 256), nn.ReLU(), nn.BatchNorm2d(256)),
                nn.Sequential(_plain(128, 128), nn.ReLU(), nn.BatchNorm2d(128)),
                nn.Sequential(nn.ReLU(), _plain(64, width), nn.ReLU()),
            ]
        )

    def forward(self, lightness: Tensor) -> Tensor:
        x, quarter = lightness, lightness
        for number, block in enumerate(self.blocks):
            x = block(x)
            if number == 2:
                quarter = x
        for number, (up, joined) in enumerate(zip(self.up, self.joined, strict=True)):
            x = up(F.interpolate(x, scale_factor=2.0, mode="nearest"))
            x = joined(x if number else x + self.short(quarter))
        return x


def _plain(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1)


class EncoderBackbone(nn.Module):
    """The compact one: a pretrained encoder, whose features a few layers bring together at a quarter of the size.

    ``lightness`` N 1 H W as (L - 50) / 50, sides multiples of 32, to features N ``width`` H/4 W/4. Nothing of the encoder changes in
    training; ``dropped`` is the share of its maps that training leaves out.
    """

    grain = 4
    multiple = efficientnet_lite.MULTIPLE

    def __init__(self, encoder: str, width: int, dropped: float = 0.1) -> None:
        super().__init__()
        self.name = encoder
        self.encoder = EfficientNetLite(encoder).eval().requires_grad_(False)
        del self.encoder.classifier
        half, quarter, eighth, sixteenth, _ = efficientnet_lite.widths(encoder)
        self.dropped = dropped
        self.evidence, self.overall = nn.Conv2d(_EVIDENCE, 2 * width, 1), nn.Linear(_EVIDENCE, 2 * width)
        self.sixteenth = _Joined(sixteenth, 2 * width, 2 * width)
        self.eighth = _Joined(eighth, 2 * width, width)
        self.quarter = _Joined(quarter + 4 * half + self.grain**2, width, width)

    def train(self, mode: bool = True) -> EncoderBackbone:
        """The encoder stays in evaluation mode: its batch norms keep what they learned."""
        super().train(mode)
        self.encoder.eval()
        return self

    def pretrained(self) -> None:
        """Give the encoder the weights of its package; `ModuleNotFoundError` where that is not installed."""
        given = efficientnet_lite.published(self.name).state_dict()
        self.encoder.load_state_dict({name: value for name, value in given.items() if not name.startswith("classifier")})

    def forward(self, lightness: Tensor) -> Tensor:
        with torch.no_grad():
            maps = self.encoder(((lightness + 1) / 2).expand(-1, 3, -1, -1))
            evidence = self.encoder.evidence(maps)
        half, quarter, eighth, sixteenth = (F.dropout2d(each, self.dropped, self.training) for each in maps[:4])
        evidence = F.dropout2d(evidence, self.dropped, self.training)
        x = self.evidence(evidence) + self.overall(evidence.mean((2, 3)))[:, :, None, None]
        x = self.eighth(eighth, self.sixteenth(sixteenth, x))
        fine = F.pixel_unshuffle(lightness, self.grain)
        return self.quarter(torch.cat([quarter, F.pixel_unshuffle(half, 2), fine.to(half.dtype)], 1), x)  # type: ignore[no-any-return]


class _Joined(nn.Module):
    """A coarser map, enlarged twice, beside the encoder's own of that size: both made ``outputs`` wide and looked at together."""

    def __init__(self, inputs: int, coarser: int, outputs: int) -> None:
        super().__init__()
        self.own, self.coarser = nn.Conv2d(inputs, outputs, 1), nn.Conv2d(coarser, outputs, 1)
        self.both = nn.Sequential(
            nn.BatchNorm2d(outputs), nn.ReLU(), nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
        )

    def forward(self, own: Tensor, coarser: Tensor) -> Tensor:
        enlarged = F.interpolate(self.coarser(coarser), scale_factor=2.0, mode="nearest")
        return self.both(self.own(own) + enlarged)  # type: ignore[no-any-return]
