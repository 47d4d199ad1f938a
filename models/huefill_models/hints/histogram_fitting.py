"""A picture's colors made to agree with a histogram that is known: more than the branch of section 3.2 alone achieves.

The side branch says for every place how likely each color is; the histogram says how often each occurs. Weights of the colors,
common to all places, that make the mean of the distributions equal to the histogram are found by iterative proportional fitting
(Deming and Stephan 1940): of all distributions that agree with the histogram, the nearest to what the side branch said.
"""

from __future__ import annotations

import torch
from torch import Tensor

from huefill_models.gamut import bins

_ROUNDS = 3
# A histogram counts every pixel in one bin; a distribution never is so sure. In units of ab, as in the side branch's soft encoding.
_BLUR = 5.0
# A color that no place expects must not be forced on the place that happens to exclude it least.
_GREATEST = 1e4
_TINY = 1e-9


def blur() -> Tensor:
    """(313, 313): spreads a histogram to neighbouring bins; rows sum to 1."""
    centres = torch.from_numpy(bins()).float()
    weight = torch.exp(-(torch.cdist(centres, centres) ** 2) / (2 * _BLUR**2))
    return weight / weight.sum(1, keepdim=True)


def agree(probability: Tensor, blurred: Tensor) -> Tensor:
    """``probability`` N K 313 at K places that stand for the picture, and its histogram N 313 after `blur`, to N K 313."""
    weight = torch.ones_like(blurred)[:, :, None]
    for _ in range(_ROUNDS):
        share = 1 / (probability @ weight).clamp_min(_TINY)
        mean = weight * (probability.transpose(1, 2) @ share) / probability.shape[1]
        weight = weight * (blurred[:, :, None] / mean.clamp_min(_TINY)).clamp_max(_GREATEST)
    return probability * weight.transpose(1, 2) / (probability @ weight).clamp_min(_TINY)
