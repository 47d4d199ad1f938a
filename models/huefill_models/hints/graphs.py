"""What is exported of a hints network: Lab pixels in, ab and the colors' probabilities at chosen places out, height and width dynamic.

Our own is two graphs: the encoder runs once for each photo, the decoder for each changed hint. A published one is a single graph.
"""

from __future__ import annotations

from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.card import Sizes
from huefill_models.gamut import REACH, STEP, bins
from huefill_models.harness.export import Exportable, InParts
from huefill_models.hints import SIZES
from huefill_models.hints import global_statistics as statistics
from huefill_models.hints.histogram_fitting import agree, blur
from huefill_models.hints.network import EXPECTED, GRID, SEEN, HintsNetwork, Seen, cells, from_ab
from huefill_models.hints.trunk import Trunk

ROLE = "hints"
# The size that the published networks were trained at.
_PUBLISHED_SIZES = Sizes(minimum=16, multiple=8, best_side=256)
# How much the hints' own propagation counts against our own network near a hint, as the product uses it (chosen by benchmarks/colorize.py).
_PROPAGATED = 0.9
# Zhang et al. 2017's tool softens the published networks' distribution by this factor before the softmax.
PUBLISHED_TEMPERATURE = 0.2
_LARGEST = 4096

_MEANING = {
    "lightness": "1 1 H W, L* 0..100",
    "sixteenth": "1 C H/16 W/16, what the photo shows",
    "eighth": "1 C H/8 W/8, the same, finer",
    "quarter": "1 C H/4 W/4, the same, finer still",
    "ab": "1 2 H W, -110..110, 0 without a hint",
    "mask": "1 1 H W, 1 at a hint, else 0",
    "histogram": "1 313, sums to 1",
    "saturation": "1, 0..1",
    "given": "1 2, 1 where histogram, saturation are given",
    "at": "1 K 2 int64, x y on the grid of a quarter of the size",
    "ab_out": "1 2 H W, -110..110",
    "probability": "1 K {bins}, sums to 1 at each place",
}


class _HintsGraph(Exportable):
    sizes = SIZES
    # Places of a grid for each place of a tensor that is no picture of H W.
    grids: ClassVar[dict[str, int]] = {"sixteenth": 16, "eighth": 8, "quarter": 4}

    def example(self, height: int, width: int, seed: int = 0) -> dict[str, Tensor]:
        """A random picture of which an encoder said random things, with random hints, and two places."""
        random = torch.Generator().manual_seed(seed)
        mask = (torch.rand(1, 1, height, width, generator=random) < 0.05).float()
        every = {
            **{
                name: torch.randn(1, channels, height // grid, width // grid, generator=random)
                for (name, grid), channels in zip(self.grids.items(), SEEN, strict=True)
            },
            "lightness": 100 * torch.rand(1, 1, height, width, generator=random),
            "ab": 80 * (2 * torch.rand(1, 2, height, width, generator=random) - 1) * mask,
            "mask": mask,
            "histogram": torch.softmax(torch.rand(1, len(bins()), generator=random), 1),
            "saturation": torch.rand(1, generator=random),
            "given": torch.ones(1, 2),
            "at": torch.tensor([[[1, 2], [width // GRID - 1, height // GRID - 1]]]),
        }
        return {name: every[name] for name in self.inputs}

    def dynamic(self) -> dict[str, Any]:
        multiple = self.sizes.multiple
        rows, columns = (torch.export.Dim(name, min=2, max=_LARGEST // multiple) for name in ("rows", "columns"))
        shapes: dict[str, Any] = {"at": {1: torch.export.Dim("places", min=1, max=_LARGEST)}}
        for name in {"lightness", "ab", "mask", *self.grids} & set(self.inputs):
            factor = multiple // self.grids.get(name, 1)
            shapes[name] = {2: rows, 3: columns} if factor == 1 else {2: factor * rows, 3: factor * columns}
        return {name: shape for name, shape in shapes.items() if name in self.inputs}

    def description(self) -> dict[str, Any]:
        places = self.places()
        meaning = {**_MEANING, "probability": _MEANING["probability"].format(bins=len(places))}
        return {
            "role": ROLE,
            "inputs": {name: meaning[name] for name in self.inputs},
            "outputs": {name: meaning[name] for name in self.outputs},
            "sizes": self.sizes.to_json(),
            "detail": "none",
            "color": "keep",
            "global_hints": "histogram" in self.inputs,
            "bins": places,
        }

    def places(self) -> list[list[int]]:
        """The ab of each color that ``probability`` is of."""
        found: list[list[int]] = bins().tolist()
        return found


class Encoder(_HintsGraph):
    """``lightness`` 1 1 H W in 0..100, H and W multiples of 32, to what the decoder needs of the photo: see `Seen`."""

    inputs = ("lightness",)
    outputs = ("sixteenth", "eighth", "quarter")
    # Features are compared in units of about their size.
    scales = (10, 10, 10)

    def __init__(self, network: HintsNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, lightness: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return tuple(self.network.see(lightness / 100))  # type: ignore[return-value]


class Decoder(_HintsGraph):
    """The colors of a photo that was seen, under hints.

    ``sixteenth``, ``eighth`` and ``quarter`` from `Encoder`; ``ab`` 1 2 H W in -110..110 (0 without a hint), ``mask`` 1 1 H W (1 at a
    hint), ``histogram`` 1 313 and ``saturation`` 1 with ``given`` 1 2 (1 where each is given), ``at`` 1 K 2 int64 (x, y on the grid of a
    quarter of the size). Gives ``ab`` 1 2 H W and ``probability`` 1 K 313. The regressed ab is drawn, at a quarter of the size, towards
    what the distribution expects on the mean; with a histogram all the way, once the distribution agrees with it.
    """

    inputs = (*Encoder.outputs, "ab", "mask", "histogram", "saturation", "given", "at")
    outputs = ("ab_out", "probability")  # one graph may not use a name twice
    scales = (REACH, 1)
    blurs: Tensor
    centres: Tensor

    def __init__(self, network: HintsNetwork) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("blurs", blur())
        self.register_buffer("centres", torch.from_numpy(bins()).float())

    def forward(
        self,
        sixteenth: Tensor,
        eighth: Tensor,
        quarter: Tensor,
        ab: Tensor,
        mask: Tensor,
        histogram: Tensor,
        saturation: Tensor,
        given: Tensor,
        at: Tensor,
    ) -> tuple[Tensor, Tensor]:
        decoder = self.network.decoder
        joined = statistics.join(histogram, saturation, given).flatten(1)
        features = decoder(Seen(sixteenth, eighth, quarter), cells(ab / REACH, mask), joined)
        probability = torch.softmax(decoder.logits(features).flatten(2).transpose(1, 2), 2)
        with_histogram = given[:, :1, None]
        probability = torch.lerp(probability, agree(probability, histogram @ self.blurs), with_histogram)
        regressed = from_ab(decoder.ab(features))
        expected = (probability @ self.centres).transpose(1, 2).reshape(regressed.shape)
        share = EXPECTED + (1 - EXPECTED) * with_histogram[..., None]
        drawn = torch.lerp(regressed, expected, share.expand_as(regressed))
        index = at[..., 1] * quarter.shape[3] + at[..., 0]
        asked = probability.gather(1, index[..., None].expand(-1, -1, probability.shape[2]))
        return F.interpolate(drawn, scale_factor=float(GRID), mode="bilinear", align_corners=False), asked


class LocalOnly(_HintsGraph):
    """What is exported of a published network (see `huefill_models.hints.published`): one graph, points and strokes alone.

    ``lightness``, ``ab``, ``mask`` and ``at`` as in `Encoder` and `Decoder`, H and W multiples of 8. ``probability`` is 1 K 529, over the
    whole grid of ab in steps of 10, a-major. ``centre`` is what the weights expect to be subtracted from the mask: 0, or 0.5 for retrained
    ones.
    """

    inputs = ("lightness", "ab", "mask", "at")
    outputs = Decoder.outputs
    scales = Decoder.scales
    sizes = _PUBLISHED_SIZES

    def __init__(self, trunk: Trunk, classes: nn.Conv2d, centre: float = 0.0) -> None:
        super().__init__()
        self.trunk, self.classes, self.centre = trunk, classes, centre

    def forward(self, lightness: Tensor, ab: Tensor, mask: Tensor, at: Tensor) -> tuple[Tensor, Tensor]:
        out, eight = self.trunk((lightness - 50) / 100, ab / REACH, mask - self.centre)
        index = at[..., 1] * eight.shape[-1] + at[..., 0]
        columns = eight.flatten(2).gather(2, index[:, None].expand(-1, eight.shape[1], -1))
        logits = self.classes(columns[..., None])[..., 0].transpose(1, 2)
        return out * REACH, torch.softmax(PUBLISHED_TEMPERATURE * logits, 2)

    def places(self) -> list[list[int]]:
        axis = range(-REACH, REACH + 1, STEP)
        return [[a, b] for a in axis for b in axis]


def wrap(network: nn.Module) -> Exportable | InParts:
    """What is exported of our own network; of a published one, itself."""
    if isinstance(network, LocalOnly):
        return network
    assert isinstance(network, HintsNetwork)
    parts = {"encoder": Encoder(network), "decoder": Decoder(network)}
    return InParts({**parts["decoder"].description(), "propagated": _PROPAGATED}, parts)
