"""Colors of superpixels: the 313 bins as labels, the likeliest colors, and which of them differ most (Xia et al. 2022, section 3.3)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from huefill_models.gamut import bins

# How many of a superpixel's likeliest colors its alternatives are chosen from.
ALTERNATIVES = 10
# The temperature of the sharpened distribution.
_ANNEALED = 0.38


def centers(like: Tensor) -> Tensor:
    """(313, 2): the bins' ab, on the device and in the precision of ``like``."""
    return torch.from_numpy(bins()).to(like)


def label(ab: Tensor) -> Tensor:
    """``ab`` N 2 h w in units of Lab to the nearest bin's number, N h w int64."""
    return (ab[:, None] - centers(ab)[None, :, :, None, None]).square().sum(2).argmin(1)


def one_hot(labels: Tensor) -> Tensor:
    """``labels`` N h w to N 313 h w, 1 in the bin and 0 elsewhere."""
    return F.one_hot(labels, len(bins())).permute(0, 3, 1, 2)


def annealed_mean(logits: Tensor) -> Tensor:
    """``logits`` N 313 h w to N 2 h w in units of Lab: the mean of the sharpened distribution (Zhang et al. 2016, section 2.3)."""
    sharpened = torch.softmax(logits / _ANNEALED, 1)
    return torch.einsum("nqhw,qc->nchw", sharpened, centers(sharpened))


def variants(probability: Tensor) -> tuple[Tensor, Tensor]:
    """``probability`` N 313 h w to each superpixel's ten likeliest colors, N 10 2 h w in units of Lab, and how likely each is, N 10 h w.

    In the order in which variants of a picture take them: first the likeliest; second the farthest from it; then those that lie farthest
    from both together.
    """
    chance, index = probability.topk(ALTERNATIVES, 1)
    colors = centers(probability)[index].movedim(-1, 2)
    from_first = (colors - colors[:, :1]).norm(dim=2)
    farthest = from_first.argmax(1, keepdim=True)
    second = colors.gather(1, farthest[:, :, None].expand(-1, -1, 2, -1, -1))
    from_both = from_first + (colors - second).norm(dim=2)
    # The first two keep their places, by sums that no color has.
    place = torch.arange(ALTERNATIVES, device=probability.device)[None, :, None, None]
    order = from_both.masked_fill(place == farthest, 1e4).masked_fill(place == 0, 2e4).argsort(1, descending=True)
    return colors.gather(1, order[:, :, None].expand(-1, -1, 2, -1, -1)), chance.gather(1, order)
