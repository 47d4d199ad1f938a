"""The opponent of an inpainting network in training: SN-PatchGAN's critic, its optimizer, and what the network hears of it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from huefill_models.harness.schedule import descend
from huefill_models.inpainting.discriminator import SnPatchDiscriminator, critic_loss, generator_loss, judged


@dataclass(frozen=True)
class Shown:
    """What a critic compares, ``made`` with ``true``, N C H W each, and the weights of what the network hears of it."""

    made: Tensor
    true: Tensor
    adversarial: float
    matching: float


class Adversary:
    """Pictures N C H W in [-1, 1], C being ``channels``, holes N 1 H W; ``width`` and ``rate`` of the critic."""

    def __init__(self, channels: int, width: int, rate: float) -> None:
        self.critic = SnPatchDiscriminator(channels + 1, width)
        self.optimizer = torch.optim.Adam(self.critic.parameters(), rate, betas=(0.5, 0.99))

    def learn(self, completed: Tensor, truth: Tensor, hole: Tensor, rate: float) -> Tensor:
        """One step of the critic at ``rate``; gives its loss."""
        both = torch.cat([judged(truth, hole), judged(completed.detach(), hole)])
        loss = critic_loss(*self.critic(both).float().chunk(2))
        descend(self.critic, self.optimizer, loss, rate)
        return loss

    def losses(self, completed: Tensor, truth: Tensor, hole: Tensor, *, adversarial: float, matching: float) -> dict[str, Tensor]:
        """What the generator is told: the adversarial loss, and how far the critic's features are from those of the truth.

        Feature matching is that of Wang et al. 2018 (pix2pixHD) and Nazeri et al. 2019: the mean over the critic's layers of L1.
        """
        if matching <= 0:
            return {"adversarial": adversarial * generator_loss(self.critic(judged(completed, hole)).float())}
        # In one pass: the spectral norms move on with every pass, and the same picture would have other features.
        pairs = [layer.float().chunk(2) for layer in self.critic.features(torch.cat([judged(completed, hole), judged(truth, hole)]))]
        distances = [(made - true.detach()).abs().mean() for made, true in pairs[:-1]]
        return {"adversarial": adversarial * generator_loss(pairs[-1][0]), "matching": matching * torch.stack(distances).mean()}
