"""How the network is trained: first its superpixels alone, then, on these, all the rest together (Xia et al. 2022, section 3.5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.architecture import architectures
from huefill_models.disco import colors, superpixels
from huefill_models.disco.anchors import USUAL, beginning, locate
from huefill_models.disco.backbone import HintsBackbone
from huefill_models.disco.losses import balanced_entropy, class_weights, common_colors, explained, superpixel_loss
from huefill_models.disco.network import CONFIGURATIONS, Disco, Seen, from_ab
from huefill_models.disco.superpixels import CELL
from huefill_models.encoders import efficientnet_lite
from huefill_models.encoders.perceptual import PerceptualDistance
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.recipe import Recipe
from huefill_models.harness.schedule import descend, one_cycle
from huefill_models.harness.start import fill
from huefill_models.lab import lab_to_rgb, rgb_to_lab

_DEFAULTS: dict[str, Any] = {
    "configuration": "compact",
    "hints": "",
    "superpixels_until": 0.2,
    "superpixels_rate": 1e-3,
    "rate": 5e-4,
    "warmup": 0.03,
    "decay": 1e-2,
    "size": 192,
    "batch": 8,
    "squeezed": 0.5,
    "varied": 0.5,
    "most": 16,
    "balance": 0.5,
    "perceptual": 5.0,
    "pixel": 0.3,
    "delta": 10.0,
}
# Which encoder looks at the pictures for the perceptual distance.
_JUDGE = "lite0"
# Color is not judged finer than this many pixels: it costs a quarter.
_JUDGED = 2


class Anchored(Recipe):
    """The recipe of `huefill_models.disco`.

    ``configuration``        one of `huefill_models.disco.network.CONFIGURATIONS`.
    ``hints``                a trained hints network (see `huefill_models.harness.start.fill`), the compact one's backbone, never changed.
    ``superpixels_until``, ``superpixels_rate``  the share of the schedule that trains SPixNet alone, and its peak rate; then it is frozen.
    ``rate``, ``warmup``, ``decay``  AdamW's peak rate of the rest, the share of each phase it rises over, its weight decay.
    ``size``, ``batch``      pixels of a square crop, a multiple of 32, and crops in a batch.
    ``squeezed``             share of the crops that are whole photographs, squeezed to a square.
    ``varied``, ``most``     share of the pictures with any number of anchors up to ``most`` instead of eight: people delete and add them.
    ``balance``              see `huefill_models.disco.losses.class_weights`.
    ``perceptual``           weight of the perceptual distance (published: 5 times VGG-19's, whose weights are not to be had).
    ``pixel``, ``delta``     weight of a Huber loss on ab, and where it turns from a square to a line: the encoder that judges here cares
                             less for color than VGG-19.
    """

    DEFAULTS: ClassVar[dict[str, Any]] = _DEFAULTS
    averaged: ClassVar[str] = "network"

    def __init__(self, architecture: str, **arguments: Any) -> None:
        super().__init__(architecture, **arguments)
        a = self.arguments
        if a["configuration"] not in CONFIGURATIONS:
            raise SystemExit(f"there is no configuration '{a['configuration']}': choose one of {', '.join(CONFIGURATIONS)}")
        self.options = {"configuration": a["configuration"]}
        network = architectures()[architecture].build(self.variant, **self.options)
        assert isinstance(network, Disco)
        if isinstance(network.backbone, HintsBackbone) and a["hints"]:
            fill(network.backbone.hints, Path(a["hints"]))
        if a["size"] % network.multiple:
            raise SystemExit(f"the size {a['size']} is no multiple of {network.multiple}")
        self.network, self.models = network, {"network": network}
        parts = (network.backbone, network.modeler, network.generator, network.refinenet)
        self.rest = nn.ModuleList(part for part in parts if part is not None)
        self.optimizers = {
            "superpixels": torch.optim.AdamW(network.spixnet.parameters(), a["superpixels_rate"], weight_decay=0.0),
            "network": torch.optim.AdamW(_groups(self.rest, a["decay"]), a["rate"], betas=(0.9, 0.99)),
        }
        self.judge = PerceptualDistance(efficientnet_lite.published(_JUDGE)) if a["perceptual"] else None
        self.counted: tuple[PhotoSet, Tensor] | None = None

    def batch(self, photos: PhotoSet, rng: np.random.Generator, progress: float) -> tuple[Tensor, ...]:
        """RGB N 3 S S uint8; where the grouping of each picture begins, N K int64; how many anchors it has, N; weights of the bins, 313."""
        if self.counted is None or self.counted[0] is not photos:
            self.counted = photos, class_weights(common_colors(photos), self.arguments["balance"])
        a = self.arguments
        rgb = np.stack([photos.crop(rng, a["size"], least=0.7, squeezed=a["squeezed"]) for _ in range(a["batch"])])
        most, cells = max(USUAL, a["most"]), (a["size"] // CELL) ** 2
        starts = torch.stack([beginning(int(rng.integers(1 << 31)), most, cells) for _ in rgb])
        counts = [int(rng.integers(1, a["most"] + 1)) if rng.random() < a["varied"] else USUAL for _ in rgb]
        return torch.from_numpy(np.ascontiguousarray(rgb.transpose(0, 3, 1, 2))), starts, torch.tensor(counts), self.counted[1]

    def step(self, batch: tuple[Tensor, ...], progress: float) -> dict[str, float]:
        until = self.arguments["superpixels_until"]
        first = progress < until
        with torch.autocast(batch[0].device.type, enabled=False):
            lab = rgb_to_lab(batch[0].float() / 255)
        self.network.spixnet.train(first)
        losses = self._superpixels(lab, progress / until) if first else self._rest(lab, batch, (progress - until) / (1 - until))
        return {key: float(value.detach()) for key, value in losses.items()}

    def _superpixels(self, lab: Tensor, progress: float) -> dict[str, Tensor]:
        affinity = self.network.spixnet((lab[:, :1] - 50) / 50)
        with torch.autocast(lab.device.type, enabled=False):
            losses = superpixel_loss(affinity.float(), lab[:, 1:])
        rate = self.arguments["superpixels_rate"] * one_cycle(progress, self.arguments["warmup"])
        norm = descend(self.network.spixnet, self.optimizers["superpixels"], losses.pop("loss"), rate)
        return {**losses, "norm": norm}

    def _rest(self, lab: Tensor, batch: tuple[Tensor, ...], progress: float) -> dict[str, Tensor]:
        a, (_, starts, counts, weights) = self.arguments, batch
        lightness, truth = (lab[:, :1] - 50) / 50, lab[:, 1:]
        with torch.no_grad():
            affinity = self.network.spixnet(lightness)
        with torch.autocast(lab.device.type, enabled=False):
            affinity = affinity.float()
            true_colors = superpixels.pool(truth, affinity)[0]
            mask = anchor_mask(true_colors, superpixels.sizes(affinity), starts, counts)
        seen = self.network.pooled(lightness, affinity)
        _, modeled = self.network.modeler(seen.tokens)
        labels = colors.label(true_colors)
        losses = {"modeler": balanced_entropy(modeled, labels, weights)}
        loss = losses["modeler"]
        if self.network.generator is not None:
            made, ab = self._generated(lightness, seen, true_colors, mask, labels, truth, weights)
            losses |= made
            loss = loss + sum(a.get(name, 1.0) * value for name, value in made.items())
        norm = descend(self.rest, self.optimizers["network"], loss, a["rate"] * one_cycle(progress, a["warmup"]))
        losses["automatic"] = explained(colors.annealed_mean(modeled.detach().float()), true_colors)
        if self.network.generator is not None:
            losses["anchored"] = explained(ab.detach(), truth)
        return {**losses, "norm": norm}

    def _generated(
        self, lightness: Tensor, seen: Seen, true_colors: Tensor, mask: Tensor, labels: Tensor, truth: Tensor, weights: Tensor
    ) -> tuple[dict[str, Tensor], Tensor]:
        """The losses of generator and RefineNet by name, and what they made, N 2 H W in units of Lab."""
        out, generated = self.network.generate(lightness, seen, true_colors, mask)
        with torch.autocast(lightness.device.type, enabled=False):
            ab = from_ab(out.float())
            losses = {
                "generator": balanced_entropy(generated, labels, weights),
                "pixel": F.huber_loss(ab, truth, delta=self.arguments["delta"]) / self.arguments["delta"],
            }
        if self.judge is not None:
            pictures = (F.avg_pool2d(_shown(50 * lightness + 50, each), _JUDGED) for each in (truth, ab))
            losses["perceptual"] = self.judge.to(lightness.device)(*pictures).mean()
        return losses, ab


def anchor_mask(true_colors: Tensor, sizes: Tensor, starts: Tensor, counts: Tensor) -> Tensor:
    """Where a picture's anchors lie when its colors are known, N 1 h w: superpixels grouped by ``true_colors`` N 2 h w (published).

    ``sizes`` N 1 h w; each grouping begins at the first of ``starts`` N K, as many as ``counts`` N says.
    """
    mask = torch.zeros_like(sizes)
    for number, count in enumerate(counts.tolist()):
        found = locate(true_colors[number].flatten(1).T, sizes[number].flatten(), starts[number, :count])
        mask[number].view(-1)[found.places[found.members > 0]] = 1
    return mask


def _groups(module: nn.Module, decay: float) -> list[dict[str, Any]]:
    """Weights decay; biases and norms do not."""
    learned = [parameter for parameter in module.parameters() if parameter.requires_grad]
    return [
        {"params": [p for p in learned if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in learned if p.ndim < 2], "weight_decay": 0.0},
    ]


def _shown(lightness: Tensor, ab: Tensor) -> Tensor:
    """What a screen shows of it: N 3 H W in [0, 1]."""
    return lab_to_rgb(torch.cat([lightness, ab], 1)).clamp(0, 1)
