"""Where the anchors lie: one superpixel for each of K groups of superpixels that are alike.

`locate` groups as published (Xia et al. 2022, section 3.3); `spread_out` chooses where a color that is known would tell most of the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

# How many anchors a picture has unless somebody asks for more or fewer.
USUAL = 8
_ROUNDS = 20
# The most anchors that `spread_out` gives.
MOST = 16
# How far a color is believed to reach, in longer sides of the picture (chosen on photographs held back from training,
# benchmarks/results/hints_tried.md), and how much more the superpixels count with which a seed begins.
_FAR, _FAVORED = 0.25, 1.0


class Anchors(NamedTuple):
    """``places`` K int64, the anchors' superpixels; ``members`` K int64, how many superpixels each stands for (0: there is no such anchor,
    as in a flat picture); ``group`` T int64, which anchor stands for each superpixel."""

    places: Tensor
    members: Tensor
    group: Tensor


def beginning(seed: int | tuple[int, ...], count: int, superpixels: int) -> Tensor:
    """The ``count`` different superpixels of so many with which the grouping begins, by ``seed``: int64."""
    return torch.from_numpy(np.random.default_rng(seed).choice(superpixels, min(count, superpixels), replace=False))


def locate(features: Tensor, sizes: Tensor, start: Tensor) -> Anchors:
    """Anchors among superpixels with ``features`` T C and ``sizes`` T, by k-means that begins at the superpixels ``start`` K.

    Of each group the largest superpixel is the anchor. The same start gives the same anchors.
    """
    group = _grouped(features, start)
    member = group[:, None] == torch.arange(start.shape[0], device=group.device)
    places = torch.where(member, sizes[:, None], -1.0).argmax(0)
    return Anchors(places, member.sum(0), group)


def spread_out(features: Tensor, weights: Tensor, places: Tensor, start: Tensor) -> Anchors:
    """Anchors among superpixels with ``features`` T C that lie at ``places`` T 2, in longer sides of the picture: one after another the
    one by which most of the ``weights`` T, what is not known of each superpixel's color, would be known. Superpixels are known by an
    anchor as far as they are like it and near it. At most `MOST`; those at ``start`` K count more, so that a seed decides between likely
    ones.
    """
    alike = F.normalize(features, dim=1)
    near = torch.exp(-(places[:, None] - places).square().sum(2) / (2 * _FAR**2))
    known = (alike @ alike.T).clamp_min(0).square() * near
    favored = (torch.arange(features.shape[0], device=features.device)[:, None] == start).any(1)
    unknown = weights * (1 + _FAVORED * favored.to(weights.dtype))
    covered = torch.zeros_like(weights)
    chosen = []
    for _ in range(MOST):
        best = (unknown[:, None] * (known - covered[:, None]).clamp_min(0)).sum(0).argmax()
        chosen.append(best)
        covered = torch.maximum(covered, known[:, best])
    found = torch.stack(chosen)[: start.shape[0]]
    group = known[:, found].argmax(1)
    return Anchors(found, (group[:, None] == torch.arange(start.shape[0], device=group.device)).sum(0), group)


def _grouped(features: Tensor, start: Tensor) -> Tensor:
    """Lloyd's algorithm; a group that loses all its members begins again at the superpixel that its own group suits least."""
    number = torch.arange(start.shape[0], device=features.device)
    centers = features[start]
    for _ in range(_ROUNDS):
        distance = (features[:, None] - centers).square().sum(2)
        group = distance.argmin(1)
        member = (group[:, None] == number).to(features.dtype)
        count = member.sum(0)
        means = member.T @ features / count.clamp_min(1)[:, None]
        misfits = distance.amin(1).argsort(descending=True)
        empty = count == 0
        anew = features[misfits[(empty.cumsum(0) - 1).clamp_min(0)]]
        centers = torch.where(empty[:, None], anew, means)
    return (features[:, None] - centers).square().sum(2).argmin(1)
