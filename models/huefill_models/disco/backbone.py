"""What the network sees of a photo: the published backbone, which learns all by itself, and a compact one on the hints network."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from huefill_models.disco import superpixels
from huefill_models.encoders import efficientnet_lite
from huefill_models.gamut import REACH, bins
from huefill_models.hints.global_statistics import INPUTS
from huefill_models.hints.network import EXPECTED, GRID, SEEN, HintsNetwork
from huefill_models.hints.network import Seen as SeenByHints

_SLOPE = 0.2
# Convolutions, channels and stride of the published blocks 1 to 7.
_BLOCKS = ((2, 64, 1), (3, 128, 2), (3, 256, 2), (3, 512, 2), (3, 512, 1), (3, 512, 1), (3, 512, 1))


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


class HintsBackbone(nn.Module):
    """The compact one: what the hints network sees of a photo, brought together at a quarter of the size; it also generates the colors.

    ``lightness`` N 1 H W as (L - 50) / 50, sides multiples of 32, to features N ``width`` H/4 W/4, none below 0, and what the hints
    network's decoder needs (`huefill_models.hints.network.Seen`). Nothing of the hints network changes in training; ``dropped`` is the
    share of its maps that training leaves out.
    """

    grain = GRID
    multiple = efficientnet_lite.MULTIPLE

    def __init__(self, encoder: str, width: int, dropped: float = 0.1) -> None:
        super().__init__()
        self.hints = HintsNetwork(encoder).eval().requires_grad_(False)
        self.dropped = dropped
        sixteenth, eighth, quarter = SEEN
        self.sixteenth, self.eighth, self.quarter = (nn.Conv2d(inputs, width, 1) for inputs in (sixteenth, eighth, quarter))
        self.both = nn.Sequential(
            nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()
        )

    def train(self, mode: bool = True) -> HintsBackbone:
        """The hints network stays in evaluation mode."""
        super().train(mode)
        self.hints.eval()
        return self

    def forward(self, lightness: Tensor) -> tuple[Tensor, SeenByHints]:
        with torch.no_grad():
            seen = self.hints.see((lightness + 1) / 2)
        sixteenth, eighth, quarter = (F.dropout2d(each, self.dropped, self.training) for each in seen)
        x = F.interpolate(self.sixteenth(sixteenth), scale_factor=4.0, mode="nearest")
        x = x + F.interpolate(self.eighth(eighth), scale_factor=2.0, mode="nearest")
        return self.both(x + self.quarter(quarter)), seen

    def generate(self, seen: SeenByHints, affinity: Tensor, ab: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """As `huefill_models.disco.network.Disco.generate`: every anchor is a hint that covers its superpixel."""
        coarse, cell = superpixels.coarser(affinity, GRID), superpixels.CELL // GRID
        # A place follows the superpixel that it belongs to most.
        owned = (coarse >= coarse.amax(1, keepdim=True)).to(ab.dtype)
        owned = owned / owned.sum(1, keepdim=True)
        covered = superpixels.spread(mask, owned, cell)
        hinted = (covered > 0).to(ab.dtype)
        asked = superpixels.spread(ab * mask, owned, cell) / covered.clamp_min(1 / superpixels.NEIGHBORS)
        decoder = self.hints.decoder
        features = decoder(seen, torch.cat([asked / REACH, torch.ones_like(hinted)], 1) * hinted, ab.new_zeros(len(ab), INPUTS))
        # Bins last: an exported softmax over what does not lie side by side takes as long as half of all the rest.
        likely = torch.softmax(decoder.logits(features).flatten(2).transpose(1, 2), 2)
        regressed = decoder.ab(features)
        expected = (likely @ torch.from_numpy(bins()).to(likely)).transpose(1, 2).reshape(regressed.shape) / REACH
        out = torch.lerp(regressed, expected, EXPECTED)
        logits = decoder.logits(superpixels.pool(features, coarse, cell)[0])
        return F.interpolate(out, scale_factor=float(GRID), mode="bilinear", align_corners=False), logits
