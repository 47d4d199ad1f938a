"""How an inpainting network is trained: pixels first, then what an encoder sees, and late the adversarial loss of SN-PatchGAN.

Every architecture is trained alike, but for the weights that its folder sets (`Architecture.training`): the losses of its paper. Two
substitutes: the encoder of `huefill_models.encoders` for VGG, and the hinge loss of SN-PatchGAN for every paper's own critic.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from huefill_models.architecture import architectures
from huefill_models.encoders.efficientnet_lite import published
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.recipe import Recipe
from huefill_models.harness.schedule import descend, one_cycle
from huefill_models.inpainting.adversary import Adversary, Shown
from huefill_models.inpainting.contract import channels, planes
from huefill_models.inpainting.encoder_losses import USED, EncoderLosses
from huefill_models.inpainting.holes import hole as drawn_hole
from huefill_models.inpainting.losses import focal_frequency, gradient_l1, masked_l1

_DEFAULTS: dict[str, Any] = {
    "variant": "mono",
    "width": 24,
    "rate": 1e-3,
    "warmup": 0.02,
    "size": 128,
    "batch": 4,
    "late_size": 192,
    "late_batch": 2,
    "late_from": 0.75,
    "gray": 0.15,
    "known": 0.2,
    "stages": 1.0,
    "gradient": 0.5,
    "frequency": 0.5,
    "encoder": "lite0",
    "perceptual": 0.05,
    "style": 0.0,
    "id_mrf": 0.0,
    "encoder_from": 0.2,
    "critic_width": 32,
    "critic_rate": 4e-4,
    "adversarial": 0.02,
    "matching": 0.0,
    "adversarial_from": 0.6,
}


class Inpainting(Recipe):
    """The recipe of every architecture whose role is inpainting.

    ``variant``                  "mono" (gives gray) or "rgb".
    ``width``, ``critic_width``  channels of generator and discriminator (48 and 64 published; small ones for a CPU).
    ``rate``, ``critic_rate``    Adam's peak learning rates: a linear warm-up over the share ``warmup``, then half a cosine.
    ``size``, ``batch``          pixels of a square crop and crops in a batch; ``late_…`` from the share ``late_from`` on.
    ``gray``                     share of examples without color.
    ``known``, ``stages``        weights of L1 outside the hole, and of the stages before the last one.
    ``gradient``, ``frequency``  weights of L1 of neighbouring pixels' differences, and of the focal frequency loss: against blur.
    ``perceptual``, ``style``, ``id_mrf``  weights of the losses on features of ``encoder``, from the share ``encoder_from`` on.
    ``adversarial``, ``matching``  weights of the adversarial loss and of the critic's features, from ``adversarial_from`` on.
    """

    DEFAULTS: ClassVar[dict[str, Any]] = _DEFAULTS
    averaged: ClassVar[str] = "generator"

    def __init__(self, architecture: str, **arguments: Any) -> None:
        described = architectures()[architecture]
        super().__init__(architecture, **{**described.training, **arguments})
        a = self.arguments
        if a["variant"] not in described.variants:
            raise SystemExit(f"{architecture} has no variant '{a['variant']}': choose one of {', '.join(described.variants)}")
        self.variant, self.options = a["variant"], {"width": a["width"]}
        self.generator = described.build(self.variant, **self.options)
        self.adversary = Adversary(channels(self.variant), a["critic_width"], a["critic_rate"])
        inner = getattr(self.generator, "critics", {})
        self.inner = {name: Adversary(count, a["critic_width"], a["critic_rate"]) for name, count in inner.items()}
        adam = torch.optim.Adam(self.generator.parameters(), a["rate"], betas=(0.9, 0.99))
        adversaries = {"critic": self.adversary, **{f"critic_{name}": one for name, one in self.inner.items()}}
        self.models = {"generator": self.generator, **{name: one.critic for name, one in adversaries.items()}}
        self.optimizers = {"generator": adam, **{name: one.optimizer for name, one in adversaries.items()}}

    @cached_property
    def encoder_losses(self) -> EncoderLosses | None:
        """Made when they are needed: the encoder's weights are a package that only training wants."""
        weights = {name: self.arguments[name] for name in USED}
        return EncoderLosses(published(self.arguments["encoder"]), weights) if any(weights.values()) else None

    def batch(self, photos: PhotoSet, rng: np.random.Generator, progress: float) -> tuple[Tensor, ...]:
        """RGB N 3 S S uint8 and holes N 1 S S uint8."""
        a, late = self.arguments, progress >= self.arguments["late_from"]
        size, count = (a["late_size"], a["late_batch"]) if late else (a["size"], a["batch"])
        rgb = np.stack([photos.crop(rng, size, gray=a["gray"], enlarged=1.1) for _ in range(count)]).transpose(0, 3, 1, 2)
        holes = np.stack([drawn_hole(rng, photos, size) for _ in range(count)])[:, None]
        return torch.from_numpy(np.ascontiguousarray(rgb)), torch.from_numpy(holes)

    def step(self, batch: tuple[Tensor, ...], progress: float) -> dict[str, float]:
        a = self.arguments
        rgb, hole = batch[0].float() / 255, batch[1].float()
        x, truth = planes(rgb, hole, self.variant)
        stages, losses, shown = self._learned(x, hole, truth)
        completed = stages[-1] * hole + truth * (1 - hole)
        losses |= {
            "l1": masked_l1(stages[-1], truth, hole),
            "known": a["known"] * sum((masked_l1(stage, truth, 1 - hole) for stage in stages), torch.zeros(())),
            "stages": a["stages"] * sum((masked_l1(stage, truth, hole) for stage in stages[:-1]), torch.zeros(())),
        }
        if a["gradient"] > 0:
            losses["gradient"] = a["gradient"] * gradient_l1(completed, truth, hole)
        if a["frequency"] > 0:
            losses["frequency"] = a["frequency"] * focal_frequency(completed, truth, hole)
        if progress >= a["encoder_from"] and self.encoder_losses is not None:
            losses |= self.encoder_losses.to(hole.device)(completed, truth, hole)
        told = {}
        if a["adversarial"] > 0 and progress >= a["adversarial_from"]:
            told["critic"] = self.adversary.learn(completed, truth, hole, a["critic_rate"] * one_cycle(progress, 0.0))
            losses |= self.adversary.losses(completed, truth, hole, adversarial=a["adversarial"], matching=a["matching"])
            for name, part in shown.items():
                rate = a["critic_rate"] * one_cycle(progress, 0.0)
                told[f"critic_{name}"] = self.inner[name].learn(part.made, part.true, hole, rate)
                heard = self.inner[name].losses(part.made, part.true, hole, adversarial=part.adversarial, matching=part.matching)
                losses |= {f"{key}_{name}": value for key, value in heard.items()}
        total = torch.stack(list(losses.values())).sum()
        told["norm"] = descend(self.generator, self.optimizers["generator"], total, a["rate"] * one_cycle(progress, a["warmup"]))
        return {key: float(value.detach()) for key, value in {**losses, **told}.items()}

    def _learned(self, x: Tensor, hole: Tensor, truth: Tensor) -> tuple[list[Tensor], dict[str, Tensor], Mapping[str, Shown]]:
        """The generator's stages, and, where it has any, losses and critics of its own (`huefill_models.inpainting.contract`)."""
        learn = getattr(self.generator, "learn", None)
        stages, losses, *shown = learn(x, hole, truth) if learn is not None else (self.generator(x, hole), {})
        return [stage.float() for stage in stages], dict(losses), shown[0] if shown else {}
