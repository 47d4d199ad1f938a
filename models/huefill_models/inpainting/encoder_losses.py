"""Losses on the features of a pretrained encoder, where the papers use those of VGG: perceptual distance, style, ID-MRF.

The encoder is `huefill_models.encoders.efficientnet_lite`. Features are scaled to unit length place by place, so that weights mean the
same at every stride. The completed picture equals the truth outside the hole: what is summed there is near 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.encoders.efficientnet_lite import STRIDES, EfficientNetLite
from huefill_models.encoders.perceptual import feature_distance
from huefill_models.inpainting.losses import hole_share

# Strides at which each loss compares: a picture's grain lies in the first, its things in the last.
USED: Mapping[str, tuple[int, ...]] = {"perceptual": (2, 4, 8, 16), "style": (2, 4, 8), "id_mrf": (8, 16)}


class EncoderLosses(nn.Module):
    """The losses of `USED` whose weight in ``weights`` is not 0, weighted; ``encoder`` is frozen and stays in evaluation mode."""

    def __init__(self, encoder: EfficientNetLite, weights: Mapping[str, float]) -> None:
        super().__init__()
        self.weights = {name: weights[name] for name in USED if weights.get(name, 0.0) > 0}
        self.encoder = encoder.eval().requires_grad_(False)
        self.deepest = max((stride for name in self.weights for stride in USED[name]), default=0)

    def train(self, mode: bool = True) -> EncoderLosses:
        """The encoder's batch norms keep what they learned."""
        super().train(mode)
        self.encoder.eval()
        return self

    def forward(self, completed: Tensor, truth: Tensor, hole: Tensor) -> dict[str, Tensor]:
        """``completed`` and ``truth`` N 1|3 H W in [-1, 1], ``hole`` N 1 H W; the losses by name, each the mean over the pictures."""
        made = self._features(completed)
        with torch.no_grad():
            true = self._features(truth)
        share, losses = hole_share(hole), {}
        for name, weight in self.weights.items():
            pairs = [(made[stride], true[stride]) for stride in USED[name]]
            value = _LOSSES[name]([one for one, _ in pairs], [other for _, other in pairs])
            losses[name] = weight * (value / share if name == "perceptual" else value).mean()
        return losses

    def _features(self, image: Tensor) -> dict[int, Tensor]:
        rgb = (image * 0.5 + 0.5).expand(-1, 3, -1, -1)
        features = self.encoder(rgb, deepest=self.deepest)
        return {stride: F.normalize(one.float(), dim=1, eps=1e-6) for stride, one in zip(STRIDES, features, strict=False)}


def style(made: Sequence[Tensor], true: Sequence[Tensor]) -> Tensor:
    """How differently channels go together: the absolute difference of the Gram matrices (Gatys et al. 2016), N values in [0, 2 C]."""
    return torch.stack([(_gram(one) - _gram(other)).abs().sum((1, 2)) for one, other in zip(made, true, strict=True)]).mean(0)


def id_mrf(made: Sequence[Tensor], true: Sequence[Tensor], *, bandwidth: float = 0.5) -> Tensor:
    """Implicit diversified Markov random field (Wang et al. 2018, section 3.2): every true place is to have one that is made after it.

    Features of unit length; a made place is like a true one relative to what else it is like. N values, 0 at best.
    """
    return torch.stack([_diversity(one.flatten(2), other.flatten(2), bandwidth) for one, other in zip(made, true, strict=True)]).mean(0)


def _gram(features: Tensor) -> Tensor:
    flat = features.flatten(2)
    return torch.matmul(flat, flat.transpose(1, 2)) / flat.shape[2]


def _diversity(made: Tensor, true: Tensor, bandwidth: float) -> Tensor:
    center = true.mean((0, 2), keepdim=True)
    made, true = F.normalize(made - center, dim=1, eps=1e-6), F.normalize(true - center, dim=1, eps=1e-6)
    distance = (1 - torch.matmul(true.transpose(1, 2), made)) / 2  # N true place, made place
    relative = distance / (distance.amin(1, keepdim=True) + 1e-5)
    likeness = torch.softmax((1 - relative) / bandwidth, dim=1)
    return -likeness.amax(2).mean(1).clamp_min(1e-12).log()


_Loss = Callable[[Sequence[Tensor], Sequence[Tensor]], Tensor]
_LOSSES: dict[str, _Loss] = {"perceptual": feature_distance, "style": style, "id_mrf": id_mrf}
