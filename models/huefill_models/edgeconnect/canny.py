"""Canny's edge detector (Canny 1986) on tensors, so that a network draws the edges it needs itself, in training and in use alike."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

SIGMA, LOW, HIGH = 2.0, 0.1, 0.2
# A weak edge is followed this many pixels from a strong one; the detector in the books follows it to its end.
FOLLOWED = 48
_EPSILON = torch.finfo(torch.float32).eps


def canny(gray: Tensor, known: Tensor) -> Tensor:
    """N 1 H W in {0, 1}: the edges of ``gray`` (N 1 H W in [0, 1]) where it is ``known`` (N 1 H W in {0, 1}) with all its neighbours.

    As scikit-image's ``canny(gray, sigma=2, mask=known)``, which the published networks were trained with: Gaussian of what is known,
    Sobel's gradient, interpolated suppression of what is no maximum across the edge, thresholds of 0.1 and 0.2. Only weak edges that go on
    for more than `FOLLOWED` pixels are cut.
    """
    device = gray.device.type
    if torch.is_autocast_enabled(device):  # half the precision would tear edges
        with torch.autocast(device, enabled=False):
            return canny(gray.float(), known.float())
    blurred = _gaussian(torch.cat([gray * known, known], dim=1))
    smooth = blurred[:, :1] / (blurred[:, 1:] + _EPSILON)
    down, across = _sobel(smooth)
    magnitude = torch.sqrt(down * down + across * across)
    inside = -F.max_pool2d(-F.pad(known, [1] * 4), 3, stride=1)
    weak = inside * _is_maximum(down, across, magnitude) * (magnitude >= LOW).to(gray.dtype)
    edges = weak * (magnitude >= HIGH).to(gray.dtype)
    for _ in range(FOLLOWED):
        edges = weak * _grown(edges)
    return edges


def _gaussian(x: Tensor) -> Tensor:
    """Each of the two channels by itself; beyond the border lies nothing."""
    radius = int(4 * SIGMA + 0.5)
    weights = [math.exp(-0.5 * (place / SIGMA) ** 2) for place in range(-radius, radius + 1)]
    kernel = torch.tensor(weights, dtype=x.dtype, device=x.device) / sum(weights)
    x = F.conv2d(x, kernel.view(1, 1, -1, 1).repeat(2, 1, 1, 1), padding=(radius, 0), groups=2)
    return F.conv2d(x, kernel.view(1, 1, 1, -1).repeat(2, 1, 1, 1), padding=(0, radius), groups=2)


def _sobel(x: Tensor) -> tuple[Tensor, Tensor]:
    """The gradient down and across, eight times its size."""
    x = F.pad(x, [1] * 4, mode="replicate")
    steps, smoothed = x[:, :, 2:] - x[:, :, :-2], x[:, :, :-2] + 2 * x[:, :, 1:-1] + x[:, :, 2:]
    return steps[..., :-2] + 2 * steps[..., 1:-1] + steps[..., 2:], smoothed[..., 2:] - smoothed[..., :-2]


def _grown(edges: Tensor) -> Tensor:
    """The largest value of every pixel and its neighbours: one node of a graph; in torch, where pooling of one channel is slow, ten times
    as fast by steps."""
    if torch.compiler.is_exporting():
        return F.max_pool2d(edges, 3, stride=1, padding=1)
    edges = F.pad(edges, [1] * 4)
    edges = torch.maximum(torch.maximum(edges[..., :-2], edges[..., 1:-1]), edges[..., 2:])
    return torch.maximum(torch.maximum(edges[:, :, :-2], edges[:, :, 1:-1]), edges[:, :, 2:])


def _is_maximum(down: Tensor, across: Tensor, magnitude: Tensor) -> Tensor:
    """1 where the gradient is at least as large as on both sides of the edge, between the two neighbours that its direction points at."""
    rows, columns = magnitude.shape[2:]
    padded = F.pad(magnitude, [1] * 4)

    def neighbour(by_row: int, by_column: int) -> Tensor:
        return padded[:, :, 1 + by_row : 1 + by_row + rows, 1 + by_column : 1 + by_column + columns]

    steep = down.abs() > across.abs()
    share = torch.minimum(down.abs(), across.abs()) / torch.maximum(down.abs(), across.abs()).clamp_min(1e-12)
    falling = (down > 0) == (across > 0)  # the gradient points to the lower right or to the upper left
    found = torch.ones_like(magnitude)
    for side in (1, -1):
        # One side of the edge: the straight neighbour along the larger part of the gradient, and the diagonal one beside it.
        straight = torch.where(steep, neighbour(side, 0), torch.where(falling, neighbour(0, side), neighbour(0, -side)))
        diagonal = torch.where(falling, neighbour(side, side), neighbour(side, -side))
        found = found * (diagonal * share + straight * (1 - share) <= magnitude).to(magnitude.dtype)
    return found
