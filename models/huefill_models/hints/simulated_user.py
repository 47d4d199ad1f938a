"""Simulated users: where they click, how large their points are, where they stroke (Zhang et al. 2017, section 3.1 and beyond).

As a map of segments, H W int16: 0 where nothing is said, k in the k-th hint; a hint's color is the mean over its pixels.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Photo = npt.NDArray[np.uint8]
Segments = npt.NDArray[np.int16]

# Sizes in the paper are those of pictures of 256 pixels.
_PAPER_SIZE = 256
_GEOMETRIC = 1 / 8
_ALL = 0.01


def simulate(rng: np.random.Generator, photo: Photo, *, none: float, many: float, strokes: float) -> tuple[Segments, bool]:
    """Hints for ``photo`` H W 3, and whether all of its colors are given instead (1 % of the time).

    The number of points is geometric (p = 1/8), their centres Gaussian around the middle with a quarter of the sides as deviation, their
    sides 1 to 9 pixels. Beyond the paper: with the chance ``none`` no hint at all, with ``many`` up to 500 anywhere, and each hint is
    with the chance ``strokes`` a stroke that stays on similar colors, as a brush does.
    """
    height, width = photo.shape[:2]
    segments = np.zeros((height, width), np.int16)
    if rng.random() < _ALL:
        return segments, True
    kind = rng.random()
    if kind < none:
        return segments, False
    anywhere = kind < none + many
    count = int(np.exp(rng.uniform(np.log(8), np.log(500)))) if anywhere else int(rng.geometric(_GEOMETRIC)) - 1
    scale = min(height, width) / _PAPER_SIZE
    for number in range(1, count + 1):
        if anywhere:
            x, y = rng.uniform(0, width), rng.uniform(0, height)
        else:
            x, y = rng.normal(width / 2, width / 4), rng.normal(height / 2, height / 4)
        x, y = int(np.clip(x, 0, width - 1)), int(np.clip(y, 0, height - 1))
        side = max(1, round(int(rng.integers(1, 10)) * scale))
        if rng.random() < strokes:
            _stroke(rng, photo, segments, x, y, side, number)
        else:
            top, left = max(0, y - side // 2), max(0, x - side // 2)
            segments[top : y - side // 2 + side, left : x - side // 2 + side] = number
    return segments, False


def _stroke(rng: np.random.Generator, photo: Photo, segments: Segments, x: int, y: int, side: int, number: int) -> None:
    """A bent line from x, y that ends where the color changes."""
    height, width = segments.shape
    begun = photo[y, x].astype(np.int32)
    direction = rng.uniform(0, 2 * np.pi)
    u, v = float(x), float(y)
    for _ in range(int(rng.integers(3, max(4, min(height, width) // 3)))):
        column, row = int(u), int(v)
        if not (0 <= column < width and 0 <= row < height):
            break
        # Opponent differences alone: a stroke may cross shading, not another color.
        change = photo[row, column].astype(np.int32) - begun
        if max(abs(change[0] - change[1]), abs(change[2] - change[1])) > 24:
            break
        segments[max(0, row - side // 2) : row - side // 2 + side, max(0, column - side // 2) : column - side // 2 + side] = number
        direction += rng.normal(0, 0.15)
        u, v = u + np.cos(direction), v + np.sin(direction)


def reveal(ab: Tensor, segments: Tensor, everything: Tensor) -> tuple[Tensor, Tensor]:
    """``ab`` N 2 H W, ``segments`` N H W (0: nothing) and ``everything`` N bool to hints N 2 H W and their mask N 1 H W.

    A segment's hint is the mean of its ab; a picture with ``everything`` gets its own ab everywhere.
    """
    count = int(segments.max()) + 1
    flat = (segments + torch.arange(len(segments), device=ab.device)[:, None, None] * count).flatten()
    colors = ab.permute(0, 2, 3, 1).reshape(-1, 2)
    sums = torch.zeros(len(segments) * count, 2, device=ab.device).index_add_(0, flat, colors)
    sizes = torch.bincount(flat, minlength=len(sums)).clamp_min(1)
    means = (sums / sizes[:, None])[flat].reshape(ab.shape[0], *ab.shape[2:], 2).permute(0, 3, 1, 2)
    mask = (segments > 0)[:, None].float()
    whole = everything[:, None, None, None].float()
    return means * mask * (1 - whole) + ab * whole, torch.maximum(mask, whole.expand_as(mask))
