"""Matrix products in blocks so small that the BLAS behind numpy computes each on the calling core.

On a machine that is busy with something else a product spread over all cores waits for the slowest: measured, ten times
longer than on one core, and nothing can be reported or cancelled meanwhile.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# Multiplications up to which OpenBLAS stays on one core (its GEMM_MULTITHREAD_THRESHOLD x 65536).
_ONE_CORE = 262_144
_COLUMNS = 64


def project(rows: Floats, basis: Floats) -> Floats:
    """``rows`` (N × D) times ``basis`` (D × K)."""
    block = max(1, _ONE_CORE // basis.size)
    result = np.empty((len(rows), basis.shape[1]), np.float32)
    whole = len(rows) // block * block
    np.matmul(rows[:whole].reshape(-1, block, rows.shape[1]), basis, out=result[:whole].reshape(-1, block, basis.shape[1]))
    result[whole:] = rows[whole:] @ basis
    return result


def scatter(rows: Floats) -> Floats:
    """``rows`` (N × D) transposed, times themselves: D × D."""
    size = rows.shape[1]
    block = max(1, _ONE_CORE // (size * size))
    padded = np.zeros((-(-len(rows) // block) * block, size), np.float32)
    padded[: len(rows)] = rows
    parts = padded.reshape(-1, block, size)
    return np.asarray(np.matmul(parts.transpose(0, 2, 1), parts).sum(axis=0))


class Nearest:
    """For rows, the index of the column (of ``columns``, M × D) that gives the least product plus ``offsets`` (M)."""

    def __init__(self, columns: Floats, offsets: Floats | None = None) -> None:
        count, size = columns.shape
        blocks = -(-count // _COLUMNS)
        padded = np.zeros((blocks * _COLUMNS, size), np.float32)
        padded[:count] = columns
        self._columns = np.ascontiguousarray(padded.reshape(blocks, _COLUMNS, size).transpose(0, 2, 1))
        self._offsets = np.full(blocks * _COLUMNS, np.inf, np.float32)
        self._offsets[:count] = 0 if offsets is None else offsets
        self._rows = max(1, _ONE_CORE // (_COLUMNS * size))
        # As many rows at once as take some ten milliseconds.
        self.rows_at_once = max(1, 200_000_000 // max(1, padded.size))

    def of(self, rows: Floats) -> Ints:
        """N × D: N indices."""
        count = len(rows)
        blocks = -(-count // self._rows)
        padded = np.zeros((blocks * self._rows, rows.shape[1]), np.float32)
        padded[:count] = rows
        products = np.matmul(padded.reshape(blocks, 1, self._rows, -1), self._columns)
        products += self._offsets.reshape(1, -1, 1, _COLUMNS)
        within = products.argmin(axis=3)
        least = np.take_along_axis(products, within[..., None], axis=3)[..., 0]
        block = least.argmin(axis=1)
        index = block * _COLUMNS + np.take_along_axis(within, block[:, None], axis=1)[:, 0]
        return np.asarray(index.ravel()[:count], np.int64)
