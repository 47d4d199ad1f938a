"""The whole network (Xia et al. 2022, figure 3): a photo's superpixels, what color each may have, and the colors that anchors ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.disco import colors, superpixels
from huefill_models.disco.backbone import Backbone, HintsBackbone
from huefill_models.disco.refinement import RefineNet
from huefill_models.disco.superpixels import CELL, SPixNet
from huefill_models.disco.transformer import Transformer
from huefill_models.gamut import REACH, bins
from huefill_models.hints.network import Seen as SeenByHints


@dataclass(frozen=True)
class Configuration:
    """Channels of SPixNet by level; of a superpixel; layers and inner channels of each transformer; channels of RefineNet by level.

    ``encoder`` "" is the published network. Else a hints network on that encoder is the backbone, and in the place of generator and
    RefineNet its decoder makes the colors, to which the anchors are hints.
    """

    superpixels: tuple[int, ...]
    width: int
    layers: int
    inner: int
    refinement: tuple[int, int, int] = (64, 128, 256)
    encoder: str = ""


CONFIGURATIONS = {
    "published": Configuration((16, 32, 64, 128, 256), 64, 6, 256, (64, 128, 256)),
    "compact": Configuration((12, 24, 48, 80, 112), 96, 4, 256, encoder="lite1"),
}


class Seen(NamedTuple):
    """A photo, looked at once: ``affinity`` N 9 H W (see `superpixels`), ``tokens`` N C h w, the superpixels' features, and ``by_hints``,
    what a hints network that is the backbone sees of it."""

    affinity: Tensor
    tokens: Tensor
    by_hints: SeenByHints | None


class Modeler(nn.Module):
    """The color modeler: ``tokens`` N C h w to what each superpixel's colors depend on, N C h w, and the logits of its bins, N 313 h w."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__()
        c = configuration
        self.transformer = Transformer(c.width, c.layers, inner=c.inner)
        self.colors = nn.Linear(c.width, len(bins()), bias=False)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        x = self.transformer(tokens)
        return x, self.colors(x.movedim(1, 3)).movedim(3, 1)


class Generator(nn.Module):
    """The color generator: ``tokens`` N C h w, ``ab`` N 2 h w in units of Lab and ``mask`` N 1 h w, 1 at an anchor, to features and logits
    as `Modeler` gives them. It knows an anchor's color by its bin.
    """

    def __init__(self, configuration: Configuration) -> None:
        super().__init__()
        c = configuration
        self.embed = nn.Linear(c.width + len(bins()) + 1, c.width, bias=False)
        self.transformer = Transformer(c.width, c.layers, inner=c.inner)
        self.colors = nn.Linear(c.width, len(bins()), bias=False)

    def forward(self, tokens: Tensor, ab: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        asked = colors.one_hot(colors.label(ab)).to(tokens.dtype) * mask.to(tokens.dtype)
        joined = torch.cat([tokens, asked, mask.to(tokens.dtype)], 1)
        x = self.transformer(self.embed(joined.movedim(1, 3)).movedim(3, 1))
        return x, self.colors(x.movedim(1, 3)).movedim(3, 1)


class Disco(nn.Module):
    """Colorization by anchors. ``lightness`` is N 1 H W as (L - 50) / 50, sides multiples of ``multiple``; h, w are H / 16, W / 16."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__()
        c = configuration
        self.spixnet = SPixNet(c.superpixels)
        self.backbone = HintsBackbone(c.encoder, c.width) if c.encoder else Backbone(c.width)
        self.modeler = Modeler(c)
        self.grain = self.backbone.grain
        self.multiple = max(CELL, self.backbone.multiple)
        self.on_hints = bool(c.encoder)
        self.generator = None if self.on_hints else Generator(c)
        self.refinenet = None if self.on_hints else RefineNet(self.grain**2 + c.width, c.refinement)
        for weight in (*self.modeler.parameters(), *(() if self.generator is None else self.generator.parameters())):
            if weight.ndim > 1:
                nn.init.xavier_uniform_(weight)
        # Before it has learned anything, a photo stays gray.
        for parameter in () if self.refinenet is None else self.refinenet.out.parameters():
            nn.init.zeros_(parameter)

    def see(self, lightness: Tensor) -> Seen:
        """What is needed of a photo, whatever its anchors."""
        return self.pooled(lightness, self.spixnet(lightness))

    def pooled(self, lightness: Tensor, affinity: Tensor) -> Seen:
        """The same with superpixels that are known already."""
        seen = self.backbone(lightness)
        features, by_hints = seen if self.on_hints else (seen, None)
        tokens, _ = superpixels.pool(features, superpixels.coarser(affinity, self.grain), CELL // self.grain)
        return Seen(affinity, tokens, by_hints)

    def generate(self, lightness: Tensor, seen: Seen, ab: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Colors under anchors, ``ab`` and ``mask`` as in `Generator`: ab / 110, N 2 H W, and each superpixel's logits, N 313 h w."""
        if seen.by_hints is not None:
            assert isinstance(self.backbone, HintsBackbone)
            return self.backbone.generate(seen.by_hints, seen.affinity, ab, mask)
        assert self.generator is not None and self.refinenet is not None
        x, logits = self.generator(seen.tokens, ab, mask)
        spread = superpixels.spread(x, superpixels.coarser(seen.affinity, self.grain), CELL // self.grain)
        out = self.refinenet(torch.cat([F.pixel_unshuffle(lightness, self.grain), spread], 1))
        return torch.tanh(out), logits


def from_ab(ab: Tensor) -> Tensor:
    """The network's ab / 110 in units of Lab."""
    return ab * REACH
