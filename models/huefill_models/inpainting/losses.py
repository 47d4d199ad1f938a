"""What the pixels of a completed picture are compared by. Pictures are N C H W in [-1, 1], a hole is N 1 H W with 1 inside."""

from __future__ import annotations

import torch
from torch import Tensor

# A hole smaller than this share of its picture counts as one that large: else a scratch would weigh more than everything else.
LEAST_SHARE = 0.02


def masked_l1(image: Tensor, truth: Tensor, where: Tensor) -> Tensor:
    """The mean absolute difference where ``where`` is 1."""
    return ((image - truth).abs() * where).sum() / (image.shape[1] * where.sum()).clamp_min(1)


def gradient_l1(image: Tensor, truth: Tensor, hole: Tensor) -> Tensor:
    """The absolute difference of the steps between neighbouring pixels, summed over both directions, for each pixel of the hole."""
    error = image - truth
    across, down = (error[..., 1:] - error[..., :-1]).abs(), (error[..., 1:, :] - error[..., :-1, :]).abs()
    return (across.sum() + down.sum()) / (image.shape[1] * hole.sum()).clamp_min(1)


def focal_frequency(image: Tensor, truth: Tensor, hole: Tensor) -> Tensor:
    """The squared difference of the spectra, each frequency weighted by how wrong it is (Jiang et al. 2021, with alpha 1).

    ``image`` equals ``truth`` outside the hole. For each pixel of the hole, as the other losses.
    """
    with torch.autocast(image.device.type, enabled=False):
        spectrum = torch.fft.rfft2((image - truth).float(), norm="ortho")
        power = spectrum.real.square() + spectrum.imag.square()
        weights = power.detach().sqrt()
        weights = weights / weights.amax((2, 3), keepdim=True).clamp_min(1e-8)
        return ((weights * power).mean((1, 2, 3)) / hole_share(hole)).mean()


def hole_share(hole: Tensor) -> Tensor:
    """The share of every picture that its hole covers: N values of at least `LEAST_SHARE`."""
    return hole.mean((1, 2, 3)).clamp_min(LEAST_SHARE)
