"""How an inpainting network is trained: L1 in the hole, and late in the schedule the adversarial loss of SN-PatchGAN."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from huefill_models.architecture import architectures
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.masks import mixed
from huefill_models.harness.recipe import Recipe
from huefill_models.harness.schedule import descend, one_cycle
from huefill_models.inpainting.contract import channels, planes
from huefill_models.inpainting.discriminator import SnPatchDiscriminator, critic_loss, generator_loss, judged

_DEFAULTS: dict[str, Any] = {
    "variant": "mono",
    "width": 24,
    "critic_width": 32,
    "rate": 1e-3,
    "critic_rate": 4e-4,
    "size": 128,
    "batch": 8,
    "late_size": 192,
    "late_batch": 4,
    "late_from": 0.75,
    "adversarial": 0.0,
    "adversarial_from": 0.75,
    "known": 0.2,
    "gradient": 0.5,
    "gray": 0.15,
    "warmup": 0.02,
}


class Inpainting(Recipe):
    """The recipe of every architecture whose role is inpainting.

    ``variant``                  "mono" (gives gray) or "rgb".
    ``width``, ``critic_width``  channels of generator and discriminator (48 and 64 published; small ones for a CPU).
    ``rate``, ``critic_rate``    Adam's peak learning rates: a linear warm-up over the share ``warmup``, then half a cosine.
    ``size``, ``batch``          pixels of a square crop and crops in a batch; ``late_…`` from the share ``late_from`` on.
    ``adversarial``              weight of the adversarial loss from the share ``adversarial_from`` on (published: 1, from the start).
    ``known``, ``gradient``      weights of L1 outside the hole and of L1 between neighbouring pixels' differences inside it.
    ``gray``                     share of examples without color.
    """

    DEFAULTS: ClassVar[dict[str, Any]] = _DEFAULTS
    averaged: ClassVar[str] = "generator"

    def __init__(self, architecture: str, **arguments: Any) -> None:
        super().__init__(architecture, **arguments)
        a, described = self.arguments, architectures()[architecture]
        if a["variant"] not in described.variants:
            raise SystemExit(f"{architecture} has no variant '{a['variant']}': choose one of {', '.join(described.variants)}")
        self.variant, self.options = a["variant"], {"width": a["width"]}
        generator = described.build(self.variant, **self.options)
        critic = SnPatchDiscriminator(channels(self.variant) + 1, a["critic_width"])
        self.models = {"generator": generator, "critic": critic}
        self.optimizers = {
            "generator": torch.optim.Adam(generator.parameters(), a["rate"], betas=(0.9, 0.99)),
            "critic": torch.optim.Adam(critic.parameters(), a["critic_rate"], betas=(0.5, 0.99)),
        }

    def batch(self, photos: PhotoSet, rng: np.random.Generator, progress: float) -> tuple[Tensor, ...]:
        """RGB N 3 S S uint8 and holes N 1 S S uint8."""
        a, late = self.arguments, progress >= self.arguments["late_from"]
        size, count = (a["late_size"], a["late_batch"]) if late else (a["size"], a["batch"])
        rgb = np.stack([photos.crop(rng, size, gray=a["gray"]) for _ in range(count)]).transpose(0, 3, 1, 2)
        holes = np.stack([mixed(rng, size, size) for _ in range(count)])[:, None]
        return torch.from_numpy(np.ascontiguousarray(rgb)), torch.from_numpy(holes)

    def step(self, batch: tuple[Tensor, ...], progress: float) -> dict[str, float]:
        a = self.arguments
        rgb, hole = batch[0].float() / 255, batch[1].float()
        x, truth = planes(rgb, hole, self.variant)
        stages = [stage.float() for stage in self.models["generator"](x, hole)]
        l1 = _masked_l1(stages[-1], truth, hole)
        loss = l1 + sum((_masked_l1(stage, truth, hole) for stage in stages[:-1]), torch.zeros_like(l1))
        outside = [_masked_l1(stage, truth, 1 - hole) for stage in reversed(stages)]
        loss = loss + a["known"] * sum(outside[1:], outside[0])
        completed = stages[-1] * hole + truth * (1 - hole)
        loss = loss + a["gradient"] * _gradient_l1(completed, truth, hole)
        losses = {"l1": l1}
        if a["adversarial"] > 0 and progress >= a["adversarial_from"]:
            losses |= self._judge(completed, truth, hole, progress)
            adversarial = generator_loss(self._criticise(completed, hole))
            loss = loss + a["adversarial"] * adversarial
            losses["adversarial"] = adversarial
        losses["norm"] = descend(self.models["generator"], self.optimizers["generator"], loss, a["rate"] * one_cycle(progress, a["warmup"]))
        return {key: float(value.detach()) for key, value in losses.items()}

    def _judge(self, completed: Tensor, truth: Tensor, hole: Tensor, progress: float) -> dict[str, Tensor]:
        both = self._criticise(torch.cat([truth, completed.detach()]), torch.cat([hole, hole]))
        loss = critic_loss(*both.chunk(2))
        descend(self.models["critic"], self.optimizers["critic"], loss, self.arguments["critic_rate"] * one_cycle(progress, 0.0))
        return {"critic": loss}

    def _criticise(self, image: Tensor, hole: Tensor) -> Tensor:
        scores: Tensor = self.models["critic"](judged(image, hole))
        return scores.float()


def _masked_l1(image: Tensor, truth: Tensor, where: Tensor) -> Tensor:
    return ((image - truth).abs() * where).sum() / (image.shape[1] * where.sum()).clamp_min(1)


def _gradient_l1(image: Tensor, truth: Tensor, hole: Tensor) -> Tensor:
    error = image - truth
    across, down = (error[..., 1:] - error[..., :-1]).abs(), (error[..., 1:, :] - error[..., :-1, :]).abs()
    return (across.sum() + down.sum()) / (image.shape[1] * hole.sum()).clamp_min(1)
