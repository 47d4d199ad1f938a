"""Short descriptors of image patches: compare two patches by a few numbers instead of all their pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from huefill.imaging.exemplar.products import Floats, Ints, project, scatter

_ROWS_AT_ONCE = 8192
_SAMPLE = 2048


@dataclass(frozen=True)
class Descriptor:
    """A linear map from a patch (side × side × channels values) to ``basis.shape[1]`` numbers.

    Squared distances between descriptors approximate those of the patches' values and of the gradients of their first
    channel (gradients tell textures apart that have the same mean: Darabi et al. 2012, Image Melding, section 3.1).
    """

    basis: Floats
    side: int

    def of(self, padded: Floats, centres: Ints) -> Floats:
        """Descriptors of the patches around flat ``centres`` of ``padded`` (H W C); patches must lie inside it."""
        return project(patches(padded, centres, self.side), self.basis)

    def of_many(self, padded: Floats, centres: Ints, check: Callable[[], None]) -> Floats:
        """The same in slices, with ``check`` called between them."""
        result = np.empty((len(centres), self.basis.shape[1]), np.float32)
        for start in range(0, len(centres), _ROWS_AT_ONCE):
            check()
            part = slice(start, start + _ROWS_AT_ONCE)
            result[part] = self.of(padded, centres[part])
        return result


def patches(padded: Floats, centres: Ints, side: int) -> Floats:
    """The patches around flat ``centres`` of ``padded`` (H W C) as rows of side·side·C values."""
    width, channels = padded.shape[1:]
    radius = side // 2
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(0, 1))
    rows, columns = np.divmod(centres, width)
    taken = windows[rows - radius, columns - radius]
    return np.ascontiguousarray(taken).reshape(len(centres), channels * side * side)


def learn(padded: Floats, centres: Ints, side: int, size: int, gradient_weight: float, rng: np.random.Generator) -> Descriptor:
    """The principal components of a sample of the patches around ``centres``, in the metric described above."""
    sample = np.sort(rng.choice(centres, _SAMPLE, replace=False)) if len(centres) > _SAMPLE else centres
    values = patches(padded, sample, side)
    values -= values.mean(axis=0)
    metric = _metric(side, padded.shape[2], gradient_weight)
    vectors = cv2.eigen(project(project(np.ascontiguousarray(metric.T), scatter(values)), metric))[2]
    return Descriptor(project(metric, np.ascontiguousarray(vectors[:size].T)), side)


def _metric(side: int, channels: int, gradient_weight: float) -> Floats:
    """Columns: every value of the patch, then the weighted differences of neighbours in its first channel."""
    count = side * side
    index = np.arange(count).reshape(side, side)
    pairs = [*zip(index[:, :-1].ravel(), index[:, 1:].ravel(), strict=True), *zip(index[:-1].ravel(), index[1:].ravel(), strict=True)]
    gradients = np.zeros((channels * count, len(pairs)), np.float32)
    for column, (first, second) in enumerate(pairs):
        gradients[first, column] = -gradient_weight
        gradients[second, column] = gradient_weight
    return np.hstack([np.eye(channels * count, dtype=np.float32), gradients])
