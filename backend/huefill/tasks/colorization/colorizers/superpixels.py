"""The superpixels of a photo: which pixels belong to each, where each lies, and maps from what is known of each (Xia et al. 2022, 3.2)."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]


class Superpixels:
    """Numbered row by row on a ``grid`` (rows, columns) of cells; a pixel belongs in shares to the nine cells around it."""

    def __init__(self, affinity: Image, grid: tuple[int, int]) -> None:
        """``affinity`` 9 h w: each pixel's shares in the cells from above left to below right of its own, as the network says them."""
        self._affinity, self.grid = affinity, grid
        self._cell = affinity.shape[1] // grid[0]

    def __len__(self) -> int:
        return self.grid[0] * self.grid[1]

    @cached_property
    def owner(self) -> npt.NDArray[np.int64]:
        """h w: the superpixel to which each pixel belongs most."""
        rows, columns = self._cells
        best, owner = np.full(self._affinity.shape[1:], -1, np.float32), np.zeros(self._affinity.shape[1:], np.int64)
        for number, share in enumerate(self._affinity):
            row, column = rows + number // 3 - 1, columns + number % 3 - 1
            there = (row >= 0) & (row < self.grid[0]) & (column >= 0) & (column < self.grid[1])
            better = there & (share > best)
            best[better] = share[better]
            owner[better] = (row * self.grid[1] + column)[better]
        return owner

    @cached_property
    def _cells(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The row and the column, h 1 and 1 w, of each pixel's own cell."""
        height, width = self._affinity.shape[1:]
        return (np.arange(height) // self._cell)[:, None], (np.arange(width) // self._cell)[None]

    def at(self, x: int, y: int) -> int:
        """The superpixel of the pixel nearest to ``x``, ``y``."""
        height, width = self.owner.shape
        return int(self.owner[min(height - 1, max(0, y)), min(width - 1, max(0, x))])

    def middle(self, superpixel: int) -> tuple[int, int]:
        """x, y of the pixel of the superpixel that is nearest to the mean of all of them; the middle of its cell where it has none."""
        y, x = np.nonzero(self.owner == superpixel)
        if not len(x):
            row, column = divmod(superpixel, self.grid[1])
            return column * self._cell + self._cell // 2, row * self._cell + self._cell // 2
        nearest = int(((x - x.mean()) ** 2 + (y - y.mean()) ** 2).argmin())
        return int(x[nearest]), int(y[nearest])

    def means(self, values: Image, weight: Image) -> tuple[Image, Image]:
        """Of ``values`` h w C and their ``weight`` h w: the weighted mean over each superpixel's pixels, T C, and its mean weight, T."""
        owner, count = self.owner.reshape(-1), len(self)
        total = np.bincount(owner, weight.reshape(-1), count)
        sums = [np.bincount(owner, (weight * values[..., channel]).reshape(-1), count) for channel in range(values.shape[2])]
        size = np.maximum(np.bincount(owner, minlength=count), 1)
        return (np.stack(sums, 1) / np.maximum(total, 1e-6)[:, None]).astype(np.float32), (total / size).astype(np.float32)
