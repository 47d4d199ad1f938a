"""SN-PatchGAN and its hinge losses (Yu et al. 2019, section 3.3).

One critic for holes of every shape: a score for every place and channel of a feature map of 1/64 of the size.
"""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class SnPatchDiscriminator(nn.Sequential):
    """Six spectrally normalised 5x5 convolutions of stride 2; ``width`` channels in the first (64 published), four times that in the last.

    Takes N inputs H W (image channels in [-1, 1] and the hole), gives N 4*width H/64 W/64 scores.
    """

    def __init__(self, inputs: int, width: int = 64) -> None:
        channels = [inputs, width, 2 * width, *[4 * width] * 4]
        layers: list[nn.Module] = []
        for before, after in itertools.pairwise(channels):
            layers += [spectral_norm(nn.Conv2d(before, after, 5, stride=2, padding=2)), nn.LeakyReLU(0.2)]
        super().__init__(*layers)

    def features(self, x: Tensor) -> list[Tensor]:
        """What each convolution gives after its activation; the last are the scores."""
        features = []
        for layer in self:
            x = layer(x)
            if isinstance(layer, nn.LeakyReLU):
                features.append(x)
        return features


def critic_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Hinge loss of the discriminator."""
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def generator_loss(fake: Tensor) -> Tensor:
    """What the generator adds to its reconstruction loss."""
    return -fake.mean()


def judged(image: Tensor, hole: Tensor) -> Tensor:
    """The discriminator's input: N C+1 H W."""
    return torch.cat([image, hole], dim=1)
