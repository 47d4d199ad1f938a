"""Colour propagation along the monochrome as a layer: Levin's affinities, relaxed coarse to fine.

The affinities and the equation are those of Levin, Lischinski and Weiss 2004, section 2 (each unknown pixel is the weighted mean of its
eight neighbours, weighted by the likeness of their monochrome). Instead of a sparse solve the equation is relaxed level
by level, which runs in batches, on any device, and comes close enough for a network that corrects it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

NEIGHBOURS = tuple((dy, dx) for dy in (0, 1, 2) for dx in (0, 1, 2) if (dy, dx) != (1, 1))


def affinities(gray: Tensor) -> Tensor:
    """N 1 H W monochrome in [0, 1] to N 8 H W weights that sum to one; neighbours outside the picture weigh nothing."""
    height, width = gray.shape[-2:]
    padded = F.pad(gray, (1, 1, 1, 1), mode="replicate")
    inside = F.pad(torch.ones_like(gray), (1, 1, 1, 1))
    around = torch.cat([padded[..., dy : dy + height, dx : dx + width] for dy, dx in NEIGHBOURS], 1)
    valid = torch.cat([inside[..., dy : dy + height, dx : dx + width] for dy, dx in NEIGHBOURS], 1)
    count = valid.sum(1, keepdim=True) + 1
    mean = ((around * valid).sum(1, keepdim=True) + gray) / count
    variance = (((around - mean) ** 2 * valid).sum(1, keepdim=True) + (gray - mean) ** 2) / count
    distance = (around - gray) ** 2
    # The constants of the authors' code: 0.6 of the variance, but never so little that the nearest neighbour weighs below 0.01.
    nearest = torch.where(valid > 0, distance, torch.full_like(distance, 9.0)).amin(1, keepdim=True)
    width_ = torch.maximum(torch.maximum(0.6 * variance, nearest / 4.605), torch.full_like(variance, 2e-6))
    weights = torch.exp(-distance / width_) * valid
    return weights / weights.sum(1, keepdim=True).clamp_min(1e-12)


def relax(chroma: Tensor, weights: Tensor, fixed: Tensor, given: Tensor, steps: int) -> Tensor:
    """``steps`` Jacobi sweeps of N C H W chroma; where N 1 H W ``fixed`` (in [0, 1]) is one it stays at ``given``."""
    height, width = chroma.shape[-2:]
    for _ in range(steps):
        padded = F.pad(chroma, (1, 1, 1, 1), mode="replicate")
        total = torch.zeros_like(chroma)
        for index, (dy, dx) in enumerate(NEIGHBOURS):
            total = torch.addcmul(total, weights[:, index : index + 1], padded[..., dy : dy + height, dx : dx + width])
        chroma = total + fixed * (given - total)
    return chroma


def halve(gray: Tensor, chroma: Tensor, known: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """One pyramid level down (box); chroma is the mean of its known pixels, ``known`` becomes the known share. Odd sides round up."""
    odd = (0, gray.shape[-1] % 2, 0, gray.shape[-2] % 2)
    gray, chroma, known = (F.pad(x, odd, mode="replicate") if any(odd) else x for x in (gray, chroma, known))
    share = F.avg_pool2d(known, 2)
    return F.avg_pool2d(gray, 2), F.avg_pool2d(chroma * known, 2) / share.clamp_min(1e-6), share


def enlarge(chroma: Tensor, like: Tensor) -> Tensor:
    """One pyramid level up, bilinear, to the size of ``like``; the inverse of the halving of `halve`, cut where a side was odd."""
    return F.interpolate(chroma, scale_factor=2, mode="bilinear", align_corners=False)[..., : like.shape[-2], : like.shape[-1]]


def propagate(gray: Tensor, chroma: Tensor, known: Tensor, steps: int = 12) -> list[Tensor]:
    """The propagated chroma of every pyramid level, finest first, down to a side of 4 or less.

    gray N 1 H W in [0, 1]; chroma N C H W, read where N 1 H W known (share in [0, 1]) is above zero.
    """
    levels = [(gray, chroma, known)]
    while min(levels[-1][0].shape[-2:]) > 4:
        levels.append(halve(*levels[-1]))
    coarsest, given, share = levels[-1]
    total = share.sum((-2, -1), keepdim=True).clamp_min(1e-6)
    guess = ((given * share).sum((-2, -1), keepdim=True) / total).expand_as(given)
    guesses = []
    for level, (gray_, given, share) in enumerate(reversed(levels)):
        if level:
            guess = enlarge(guess, gray_)
        guess = relax(guess + share * (given - guess), affinities(gray_), share, given, steps)
        guesses.append(guess)
    return guesses[::-1]
