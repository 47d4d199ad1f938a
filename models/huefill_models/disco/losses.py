"""What training asks for: superpixels of one color (Xia et al. 2022, section 3.2), and rare colors, too (Zhang et al. 2016)."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from huefill_models.disco import superpixels
from huefill_models.disco.superpixels import CELL
from huefill_models.gamut import REACH, bins, soft_encode
from huefill_models.harness.data import PhotoSet
from huefill_models.lab import rgb_to_lab

# As published: how much a superpixel's color, and its place, count.
_COLOR, _PLACE = 10.0, 0.003
# How many photographs, reduced to how many pixels a side, tell how common each color is.
_COUNTED, _THUMBNAIL = 4096, 8


def superpixel_loss(affinity: Tensor, ab: Tensor) -> dict[str, Tensor]:
    """How far each pixel's color (``ab`` N 2 H W in units of Lab, compared as ab / 110) and place (in cells) lie from those that its
    superpixels give back to it; "loss" is what training lowers."""
    height, width = ab.shape[-2:]
    rows, columns = torch.arange(height, device=ab.device).float(), torch.arange(width, device=ab.device).float()
    place = torch.stack([columns[None].expand(height, width), rows[:, None].expand(height, width)])[None].expand(len(ab), -1, -1, -1)
    given = torch.cat([ab / REACH, place / CELL], 1)
    error = superpixels.spread(superpixels.pool(given, affinity)[0], affinity) - given
    color, apart = error[:, :2].norm(dim=1).mean(), error[:, 2:].norm(dim=1).mean()
    return {"loss": _COLOR * color + _PLACE * apart, "color": color, "place": apart}


def balanced_entropy(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Cross-entropy of ``logits`` N 313 h w against the bins ``labels`` N h w, each place weighed by its bin's of ``weights`` 313."""
    return (weights[labels] * F.cross_entropy(logits.float(), labels, reduction="none")).mean()


def class_weights(prior: Tensor, balance: float) -> Tensor:
    """``prior`` 313, how common each bin is, to how much each counts: 1 on the mean over all places, more for rare bins.

    ``balance`` is how much of a uniform distribution is mixed into the prior before rarity is measured: 1 counts all alike, 0 lets every
    bin weigh as much in sum (Zhang et al. 2016, section 2.2; 0.5 published).
    """
    weights = 1 / ((1 - balance) * prior + balance / len(prior))
    return weights / (prior * weights).sum()


def common_colors(photos: PhotoSet) -> Tensor:
    """How common each bin is in the photographs, 313 numbers that sum to 1; smooth, as their colors are counted in the bins around."""
    step = max(1, len(photos) // _COUNTED)
    total = torch.zeros(len(bins()))
    for photo in photos.photos[::step]:
        small = np.asarray(Image.fromarray(photo).resize((_THUMBNAIL, _THUMBNAIL), Image.Resampling.BOX), np.float32) / 255
        ab = rgb_to_lab(torch.from_numpy(small.transpose(2, 0, 1)[None].copy()))[0, 1:]
        total += soft_encode(ab.flatten(1).T).sum(0)
    return total / total.sum()


def explained(ab: Tensor, truth: Tensor) -> Tensor:
    """Of the ``truth``'s chroma, the share that ``ab`` has: 0 for gray, 1 for the truth itself.

    Both in units of Lab; a truth that is gray counts as if it had a chroma of about 1.
    """
    return 1 - (ab - truth).square().sum() / truth.square().sum().clamp_min(truth.numel())
