"""What is exported of a hints network: Lab pixels in, ab and the colors' probabilities at chosen places out, height and width dynamic."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.card import Sizes
from huefill_models.gamut import REACH, STEP, bins
from huefill_models.harness.export import Exportable
from huefill_models.hints import SIZES
from huefill_models.hints import global_statistics as statistics
from huefill_models.hints.histogram_fitting import agree, blur
from huefill_models.hints.network import HintsNetwork, Trunk

ROLE = "hints"
# The size that the published networks were trained at.
_PUBLISHED_SIZES = Sizes(minimum=16, multiple=8, best_side=256)
# How much the hints' own propagation counts against our own network near a hint, as the product uses it (chosen by benchmarks/colorize.py).
_PROPAGATED = 0.9
# Zhang et al. 2017's tool softens the published networks' distribution by this factor before the softmax.
PUBLISHED_TEMPERATURE = 0.2


_MEANING = {
    "lightness": "1 1 H W, L* 0..100",
    "ab": "1 2 H W, -110..110, 0 without a hint",
    "mask": "1 1 H W, 1 at a hint, else 0",
    "histogram": "1 313, sums to 1",
    "saturation": "1, 0..1",
    "given": "1 2, 1 where histogram, saturation are given",
    "at": "1 K 2 int64, x y on the grid of a quarter of the size",
}


class _HintsGraph(Exportable):
    outputs = ("ab_out", "probability")  # one graph may not use a name twice
    scales = (REACH, 1)
    sizes = SIZES

    def example(self, height: int, width: int, seed: int = 0) -> dict[str, Tensor]:
        """A random picture with random hints, two places."""
        random = torch.Generator().manual_seed(seed)
        mask = (torch.rand(1, 1, height, width, generator=random) < 0.05).float()
        every = {
            "lightness": 100 * torch.rand(1, 1, height, width, generator=random),
            "ab": 80 * (2 * torch.rand(1, 2, height, width, generator=random) - 1) * mask,
            "mask": mask,
            "histogram": torch.softmax(torch.rand(1, len(bins()), generator=random), 1),
            "saturation": torch.rand(1, generator=random),
            "given": torch.ones(1, 2),
            "at": torch.tensor([[[1, 2], [width // 4 - 1, height // 4 - 1]]]),
        }
        return {name: every[name] for name in self.inputs}

    def dynamic(self) -> dict[str, Any]:
        rows, columns = torch.export.Dim("rows", min=2, max=512), torch.export.Dim("columns", min=2, max=512)
        sides = {2: self.sizes.multiple * rows, 3: self.sizes.multiple * columns}
        return {"lightness": sides, "ab": sides, "mask": sides, "at": {1: torch.export.Dim("places", min=1, max=4096)}}

    def description(self) -> dict[str, Any]:
        places = self.places()
        return {
            "role": ROLE,
            "inputs": {name: _MEANING[name] for name in self.inputs},
            "outputs": {"ab_out": "1 2 H W, -110..110", "probability": f"1 K {len(places)}, sums to 1 at each place"},
            "sizes": self.sizes.to_json(),
            "detail": "none",
            "color": "keep",
            "global_hints": "histogram" in self.inputs,
            "bins": places,
        }

    def places(self) -> list[list[int]]:
        """The ab of each color that ``probability`` is of."""
        axis = range(-REACH, REACH + 1, STEP)
        return [[a, b] for a in axis for b in axis]


class LocalAndGlobal(_HintsGraph):
    """What is exported of a network of ours that is called as `HintsNetwork`.

    ``lightness`` 1 1 H W in 0..100, ``ab`` 1 2 H W in -110..110 (0 without a hint), ``mask`` 1 1 H W (1 at a hint), ``histogram`` 1 313
    and ``saturation`` 1 with ``given`` 1 2 (1 where each is given), ``at`` 1 K 2 int64 (x, y on the grid of a quarter of the size).
    Gives ``ab`` 1 2 H W and ``probability`` 1 K 313. H and W are multiples of 8. The trunk's ab is drawn, at a quarter of the size,
    towards what the side branch expects on the mean; with a histogram all the way, once that branch agrees with it.
    """

    inputs = ("lightness", "ab", "mask", "histogram", "saturation", "given", "at")
    # How much the distribution\'s mean counts beside the regressed ab where no histogram is given (chosen by benchmarks/colorize.py).
    expected = 0.3
    blurs: Tensor
    centres: Tensor

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("blurs", blur())
        self.register_buffer("centres", torch.from_numpy(bins()).float())

    def forward(
        self, lightness: Tensor, ab: Tensor, mask: Tensor, histogram: Tensor, saturation: Tensor, given: Tensor, at: Tensor
    ) -> tuple[Tensor, Tensor]:
        joined = statistics.join(histogram, saturation, given)
        rows, columns = lightness.shape[2] // 4, lightness.shape[3] // 4
        out, logits = self.network((lightness - 50) / 100, ab / REACH, mask, joined)
        probability = torch.softmax(logits, 2)
        with_histogram = given[:, :1, None]
        probability = torch.lerp(probability, agree(probability, histogram @ self.blurs), with_histogram)
        expected = (probability @ self.centres).transpose(1, 2).reshape(1, 2, rows, columns)
        share = self.expected + (1 - self.expected) * with_histogram[..., None]
        drawn = share * (expected - F.avg_pool2d(out * REACH, 4))
        fused = out * REACH + F.interpolate(drawn, scale_factor=4.0, mode="bilinear", align_corners=False)
        index = at[..., 1] * columns + at[..., 0]
        return fused, probability.gather(1, index[..., None].expand(-1, -1, probability.shape[2]))

    def description(self) -> dict[str, Any]:
        return {**super().description(), "propagated": _PROPAGATED}

    def places(self) -> list[list[int]]:
        found: list[list[int]] = bins().tolist()
        return found


class LocalOnly(_HintsGraph):
    """What is exported of a published network (see `huefill_models.hints.published`): as `LocalAndGlobal` without global hints.

    ``probability`` is 1 K 529, over the whole grid of ab in steps of 10, a-major. ``centre`` is what the weights expect to be
    subtracted from the mask: 0, or 0.5 for retrained ones.
    """

    inputs = ("lightness", "ab", "mask", "at")
    sizes = _PUBLISHED_SIZES

    def __init__(self, trunk: Trunk, classes: nn.Conv2d, centre: float = 0.0) -> None:
        super().__init__()
        self.trunk, self.classes, self.centre = trunk, classes, centre

    def forward(self, lightness: Tensor, ab: Tensor, mask: Tensor, at: Tensor) -> tuple[Tensor, Tensor]:
        out, features = self.trunk((lightness - 50) / 100, ab / REACH, mask - self.centre)
        eight = features[-1]
        index = at[..., 1] * eight.shape[-1] + at[..., 0]
        columns = eight.flatten(2).gather(2, index[:, None].expand(-1, eight.shape[1], -1))
        logits = self.classes(columns[..., None])[..., 0].transpose(1, 2)
        return out * REACH, torch.softmax(PUBLISHED_TEMPERATURE * logits, 2)


def wrap(network: nn.Module) -> Exportable:
    """What is exported of our own network; of a published one, itself."""
    if isinstance(network, LocalOnly):
        return network
    assert isinstance(network, HintsNetwork)
    return LocalAndGlobal(network)
