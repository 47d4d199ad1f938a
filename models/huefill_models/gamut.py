"""The 313 color bins: steps of 10 in a and b that the sRGB gamut reaches (Zhang et al. 2016, section 2.2; 2017, section 3.3).

The bins are computed, not stored: every multiple of 10 in the convex hull of the gamut's projection on the ab plane, and its
eight neighbours, ordered by a, then b. This agrees with the published table, index by index.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from huefill_models.lab import rgb_to_lab

STEP = 10
REACH = 110
SIDE = 2 * REACH // STEP + 1


@cache
def bins() -> npt.NDArray[np.int64]:
    """(313, 2): the ab centres of the bins."""
    value = torch.linspace(0, 1, 65, dtype=torch.float64)
    faces = []
    for channel in range(3):
        for edge in (0.0, 1.0):
            u, v = (axis.flatten() for axis in torch.meshgrid(value, value, indexing="ij"))
            face = [u, v]
            face.insert(channel, torch.full_like(u, edge))
            faces.append(torch.stack(face))
    surface = rgb_to_lab(torch.cat(faces, 1)[None, :, :, None])[0, 1:, :, 0].T.numpy()
    hull = _hull(surface)
    axis = np.arange(-REACH, REACH + 1, STEP)
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1).astype(np.float64)
    inside = np.ones((SIDE, SIDE), bool)
    for (x0, y0), (x1, y1) in zip(hull, np.roll(hull, -1, axis=0), strict=True):
        inside &= (x1 - x0) * (grid[..., 1] - y0) - (y1 - y0) * (grid[..., 0] - x0) >= 0
    wide = np.pad(inside, 1)
    reached = np.zeros_like(inside)
    for row in range(3):
        for column in range(3):
            reached |= wide[row : row + SIDE, column : column + SIDE]
    return np.asarray(grid[reached], dtype=np.int64)


def _hull(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The convex hull, counterclockwise (Andrew's monotone chain)."""
    order = points[np.lexsort((points[:, 1], points[:, 0]))]

    def half(candidates: npt.NDArray[np.float64]) -> list[npt.NDArray[np.float64]]:
        chain: list[npt.NDArray[np.float64]] = []
        for point in candidates:
            while len(chain) > 1:
                (ax, ay), (bx, by) = chain[-1] - chain[-2], point - chain[-1]
                if ax * by - ay * bx > 0:
                    break
                chain.pop()
            chain.append(point)
        return chain[:-1]

    return np.array(half(order) + half(order[::-1]))


@cache
def nearest_table() -> Tensor:
    """(221 * 221,) int64: the nearest bin of every whole ab in [-110, 110], a-major; see `nearest`."""
    axis = torch.arange(-REACH, REACH + 1, dtype=torch.float32)
    whole = torch.stack(torch.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)
    return torch.cdist(whole, torch.from_numpy(bins()).float()).argmin(1)


def nearest(ab: Tensor) -> Tensor:
    """``ab`` ... 2 to the index of the bin nearest to it, ... int64 (ab rounded to whole units first)."""
    whole = ab.round().clamp(-REACH, REACH).long() + REACH
    return nearest_table().to(ab.device)[whole[..., 0] * (2 * REACH + 1) + whole[..., 1]]


def soft_encode(ab: Tensor, neighbours: int = 10, sigma: float = 5.0) -> Tensor:
    """``ab`` M 2 to distributions M 313: Gaussian weights over the nearest bins (Zhang et al. 2017, section 3.3)."""
    centres = torch.from_numpy(bins()).to(ab)
    distance, index = torch.cdist(ab, centres).topk(neighbours, largest=False)
    weight = torch.exp(-(distance**2) / (2 * sigma**2))
    # Far outside the gamut every weight would vanish: the nearest bin keeps one.
    weight = weight + (torch.arange(neighbours, device=ab.device) == 0) * 1e-6
    return torch.zeros(len(ab), len(centres), device=ab.device, dtype=ab.dtype).scatter_(1, index, weight / weight.sum(1, keepdim=True))
