"""What is exported: three graphs that run one after another, the first once for each photo, the last for each changed anchor.

Their tensors are in pixels and in units of Lab; height and width are dynamic. What one part gives, a later one takes by its name.
"""

from __future__ import annotations

import copy
import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from huefill_models.card import Sizes
from huefill_models.disco import ROLE, superpixels
from huefill_models.disco.anchors import MOST, USUAL, Anchors, beginning, locate, spread_out
from huefill_models.disco.backbone import HintsBackbone
from huefill_models.disco.colors import ALTERNATIVES, variants
from huefill_models.disco.network import Disco, Seen, from_ab
from huefill_models.disco.superpixels import CELL
from huefill_models.gamut import REACH, bins
from huefill_models.harness.export import Exportable, InParts
from huefill_models.hints.network import SEEN
from huefill_models.hints.network import Seen as SeenByHints

# Sixteen superpixels at least: twice as many as there are anchors.
_MINIMUM = 4 * CELL
_BEST_SIDE = 256
_LARGEST = 4096
# How much farther from gray than the mean of what is likely an anchor's first color is (chosen on photographs held back from training).
_BOLD = 1.4
# What a hints network sees, and on which grid.
_BY_HINTS = {"sixteenth": 16, "eighth": 8, "quarter": 4}
_MEANING = {
    "lightness": "1 1 H W, L* 0..100",
    "affinity": "1 9 H W, each pixel's shares in the superpixels of the 3 x 3 cells around it, row by row; sums to 1",
    "tokens": "1 C H/16 W/16, the superpixels' features",
    "extent": "1 1 H/16 W/16, how many cells' worth of pixels each superpixel has",
    "sixteenth": "1 C H/16 W/16, what a hints network's encoder sees of the photo",
    "eighth": "1 C H/8 W/8, the same, finer",
    "quarter": "1 C H/4 W/4, the same, finer still",
    "start": "1 K int64, the superpixels, row by row, that the grouping begins with: all different, drawn by a seed",
    "anchors": "1 K 2 int64, x y on the grid of superpixels",
    "members": "1 K int64, how many superpixels each anchor stands for; 0: there is no such anchor",
    "groups": "1 H/16 W/16 int64, the anchor that stands for each superpixel",
    "probability": "1 313 H/16 W/16, how likely each bin is before any anchor; sums to 1",
    "colors": "1 10 2 H/16 W/16, -110..110, the ten likeliest: first the likeliest, then those farthest from the former",
    "chances": "1 10 H/16 W/16, the probability of each of these",
    "ab": "1 2 H/16 W/16, -110..110, an anchor's color",
    "mask": "1 1 H/16 W/16, 1 at an anchor, else 0",
    "ab_out": "1 2 H W, -110..110",
    "probability_out": "1 313 H/16 W/16, how likely each bin is with these anchors, or with none; sums to 1",
}


class _Part(Exportable):
    def __init__(self, network: Disco) -> None:
        super().__init__()
        self.network = network
        self.sizes = Sizes(minimum=-(-_MINIMUM // network.multiple) * network.multiple, multiple=network.multiple, best_side=_BEST_SIDE)

    def example(self, height: int, width: int, seed: int = 0) -> dict[str, Tensor]:
        """A random picture with four random anchors, and whatever a part before would say of it."""
        random = torch.Generator().manual_seed(seed)
        rows, columns = height // CELL, width // CELL
        channels = self.network.modeler.colors.in_features
        mask = torch.zeros(1, 1, rows, columns)
        mask.view(-1)[beginning(seed, USUAL // 2, rows * columns)] = 1
        every = {
            "lightness": 100 * torch.rand(1, 1, height, width, generator=random),
            "affinity": torch.softmax(3 * torch.randn(1, superpixels.NEIGHBORS, height, width, generator=random), 1),
            "tokens": torch.randn(1, channels, rows, columns, generator=random),
            "extent": 2 * torch.rand(1, 1, rows, columns, generator=random),
            **{
                name: torch.randn(1, wide, height // grid, width // grid, generator=random)
                for (name, grid), wide in zip(_BY_HINTS.items(), SEEN, strict=True)
            },
            "start": beginning(seed, USUAL, rows * columns)[None],
            "ab": 80 * (2 * torch.rand(1, 2, rows, columns, generator=random) - 1) * mask,
            "mask": mask,
            "probability_out": torch.softmax(4 * torch.randn(1, len(bins()), rows, columns, generator=random), 1),
        }
        return {name: every[name] for name in self.inputs}

    def dynamic(self) -> dict[str, Any]:
        multiple = self.network.multiple
        rows, columns = (torch.export.Dim(name, min=2, max=_LARGEST // multiple) for name in ("rows", "columns"))

        def sides(pixels: int) -> dict[int, Any]:
            factor = multiple // pixels
            return {2: rows, 3: columns} if factor == 1 else {2: factor * rows, 3: factor * columns}

        grids = {"lightness": 1, "affinity": 1, **_BY_HINTS}
        known: dict[str, Any] = {name: sides(grids.get(name, CELL)) for name in self.inputs if name != "start"}
        return {**known, "start": {1: torch.export.Dim("anchors", min=2, max=MOST)}}

    def description(self) -> dict[str, Any]:
        return {"inputs": {name: _MEANING[name] for name in self.inputs}, "outputs": {name: _MEANING[name] for name in self.outputs}}


class Features(_Part):
    """``lightness`` to the photo's superpixels and what is to be known of them: ``affinity``, ``tokens``, ``extent``; on a hints network
    also what that sees."""

    inputs = ("lightness",)

    def __init__(self, network: Disco) -> None:
        super().__init__(network)
        more = tuple(_BY_HINTS) if network.on_hints else ()
        self.outputs = ("affinity", "tokens", "extent", *more)
        # Which superpixel a pixel belongs to most is a choice. Features of the hints network are compared in units of about their size.
        self.scales = (1, 1, math.inf, *(10 for _ in more))

    def forward(self, lightness: Tensor) -> tuple[Tensor, ...]:
        seen = self.network.see(_centered(lightness))
        return seen.affinity, seen.tokens, superpixels.sizes(seen.affinity), *(seen.by_hints or ())


class AnchorLocation(_Part):
    """``tokens`` and ``extent`` to the color modeler's distribution, and to the anchors that the grouping finds from ``start``."""

    inputs = ("tokens", "extent", "start")
    outputs = ("anchors", "members", "groups", "probability", "colors", "chances")
    # Anchors, and which color is the tenth, are choices.
    scales = (math.inf, math.inf, math.inf, 1, math.inf, 1)

    def forward(self, tokens: Tensor, extent: Tensor, start: Tensor) -> tuple[Tensor, ...]:
        features, logits = self.network.modeler(tokens)
        probability = torch.softmax(logits, 1)
        found = locate(features.flatten(2)[0].T, extent.flatten(), start[0])
        return *_described(found, _cells(features)), probability, *variants(probability)


def _cells(maps: Tensor) -> Tensor:
    """x y of each place of maps N C h w, h w 2, int64."""
    rows, columns = maps.shape[2:]
    x, y = torch.arange(columns)[None].expand(rows, columns), torch.arange(rows)[:, None].expand(rows, columns)
    return torch.stack([x, y], 2)


def _described(found: Anchors, cells: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Places, members and groups as the graph gives them; ``cells`` h w 2."""
    return cells.flatten(0, 1)[found.places][None], found.members[None], found.group.reshape(1, *cells.shape[:2])


class AnchorLocationByHints(_Part):
    """The same where a hints network generates: how likely colors are is what its decoder says before any anchor, ``probability_out``.

    Anchors lie where a color would tell most: where the distribution is wide and much is alike. The first color of each superpixel is
    the mean of that distribution, `_BOLD` times as far from gray: the mean alone is timid, and the likeliest bin is often gray.
    """

    inputs = (*AnchorLocation.inputs, "probability_out")
    outputs = AnchorLocation.outputs
    scales = AnchorLocation.scales

    def forward(self, tokens: Tensor, extent: Tensor, start: Tensor, probability_out: Tensor) -> tuple[Tensor, ...]:
        features, _ = self.network.modeler(tokens)
        # A graph may not give an input back as it is.
        probability = probability_out / probability_out.sum(1, keepdim=True)
        colors, chances = variants(probability)
        centers = torch.from_numpy(bins()).to(probability)
        mean = torch.einsum("nqhw,qc->nchw", probability, centers)
        variance = torch.einsum("nqhw,q->nhw", probability, centers.square().sum(1)) - mean.square().sum(1)
        cells = _cells(features)
        places = cells.flatten(0, 1).to(features.dtype) / torch.sym_max(*cells.shape[:2])
        found = spread_out(features.flatten(2)[0].T, variance.clamp_min(0).flatten() * extent.flatten(), places, start[0])
        return *_described(found, cells), probability, torch.cat([_BOLD * mean[:, None], colors[:, 1:]], 1), chances


class Generation(_Part):
    """What was seen and ``ab`` at the anchors of ``mask`` to the photo's colors and the distribution that follows."""

    inputs = ("lightness", "affinity", "tokens", "ab", "mask")
    outputs = ("ab_out", "probability_out")
    scales = (REACH, 1)

    def forward(self, lightness: Tensor, affinity: Tensor, tokens: Tensor, ab: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        out, logits = self.network.generate(_centered(lightness), Seen(affinity, tokens, None), ab, mask)
        return from_ab(out), torch.softmax(logits, 1)


class GenerationByHints(_Part):
    """The same by the decoder of a hints network."""

    inputs = ("affinity", "ab", "mask", *_BY_HINTS)
    outputs = Generation.outputs
    scales = Generation.scales

    def forward(
        self, affinity: Tensor, ab: Tensor, mask: Tensor, sixteenth: Tensor, eighth: Tensor, quarter: Tensor
    ) -> tuple[Tensor, Tensor]:
        backbone = self.network.backbone
        assert isinstance(backbone, HintsBackbone)
        out, logits = backbone.generate(SeenByHints(sixteenth, eighth, quarter), affinity, ab, mask)
        return from_ab(out), torch.softmax(logits, 1)


def wrap(network: nn.Module) -> InParts:
    """What is exported of a network, its spectral norms made part of the weights."""
    assert isinstance(network, Disco)
    folded = copy.deepcopy(network).eval()
    for module in list(folded.modules()):
        if parametrize.is_parametrized(module, "weight"):
            parametrize.remove_parametrizations(module, "weight")
    parts: dict[str, Exportable] = {
        "features": Features(folded),
        "anchors": (AnchorLocationByHints if folded.on_hints else AnchorLocation)(folded),
        "generation": (GenerationByHints if folded.on_hints else Generation)(folded),
    }
    facts = {
        "role": ROLE,
        "sizes": parts["features"].sizes.to_json(),
        "detail": "none",
        "color": "keep",
        "cell": CELL,
        "anchors": USUAL,
        "alternatives": ALTERNATIVES,
        "bins": bins().tolist(),
    }
    return InParts(facts, parts)


def _centered(lightness: Tensor) -> Tensor:
    return (lightness - 50) / 50
