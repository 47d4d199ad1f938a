"""How different two pictures look: their features at several strides, normalised and compared (after Zhang et al. 2018, "LPIPS")."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.encoders.efficientnet_lite import STRIDES, EfficientNetLite


class PerceptualDistance(nn.Module):
    """The distance of pictures by an ``encoder``, which is left as it is: frozen, in evaluation mode.

    At every place of each of ``strides`` the features are scaled to unit length; the distance is the mean of their squared differences
    over the places, and the mean over the strides: 0 for equal pictures, at most 4. LPIPS weighs the channels by what people
    answered; here each counts alike.
    """

    def __init__(self, encoder: EfficientNetLite, strides: tuple[int, ...] = STRIDES) -> None:
        super().__init__()
        if not strides or not set(strides) <= set(STRIDES):
            raise ValueError(f"strides must be some of {STRIDES}, not {strides}")
        self.encoder = encoder.eval().requires_grad_(False)
        self.chosen = [STRIDES.index(stride) for stride in strides]

    def train(self, mode: bool = True) -> PerceptualDistance:
        """The encoder stays in evaluation mode: its batch norms keep what they learned."""
        super().train(mode)
        self.encoder.eval()
        return self

    def forward(self, first: Tensor, second: Tensor, where: Tensor | None = None) -> Tensor:
        """``first`` and ``second`` N 3 H W, sRGB in [0, 1], to N distances; gradients reach both pictures.

        ``where`` N 1 H W in [0, 1]: the mean is over these places alone, each by its share. What lies near them is seen there, too.
        """
        features = self.encoder(torch.cat([first, second]))
        pairs = [F.normalize(features[index], dim=1, eps=1e-6).chunk(2) for index in self.chosen]
        return feature_distance([one for one, _ in pairs], [other for _, other in pairs], where)


def feature_distance(first: Sequence[Tensor], second: Sequence[Tensor], where: Tensor | None = None) -> Tensor:
    """Features of two batches of pictures, N C h w of unit length at every place, one of each stride, to N distances.

    ``where`` as in `PerceptualDistance.forward`.
    """
    distances = []
    for one, other in zip(first, second, strict=True):
        apart = (one - other).square().sum(1)
        if where is None:
            distances.append(apart.mean((1, 2)))
        else:
            share = F.adaptive_avg_pool2d(where, (apart.shape[1], apart.shape[2]))[:, 0]
            distances.append((apart * share).sum((1, 2)) / share.sum((1, 2)).clamp_min(1e-6))
    return torch.stack(distances).mean(0)
