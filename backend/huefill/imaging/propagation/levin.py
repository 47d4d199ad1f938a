"""Colorization by optimisation: neighbours of like gray have like colors (Levin, Lischinski and Weiss 2004)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.imaging.interruptible import import_interruptibly, run_interruptibly
from huefill.imaging.resample import resize

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_NEIGHBOURS = tuple((dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1) if (dy, dx) != (0, 0))
# Unknown pixels up to which the system is factorised; beyond, it is solved iteratively from a coarser solution.
_DIRECT = 60_000


def levin(gray: Image, chroma: Image, known: Mask, check: Callable[[], None] | None = None) -> Image:
    """Complete H W C ``chroma`` where it is not ``known`` (H W) along the H W ``gray`` in [0, 1]; known values stay as they are.

    Minimises the difference between a pixel's chroma and the weighted mean of its eight neighbours (equation 1 with the
    weights of equation 2, in the constants of the authors' code). Raises ValueError when nothing is known. ``check`` is called
    between the steps and may raise.
    """
    if not known.any():
        raise ValueError("no color is known")
    check = check or (lambda: None)
    import_interruptibly(("scipy.sparse.linalg", "threadpoolctl"), check)
    unknown = ~known
    if not unknown.any():
        return chroma.copy()
    if int(unknown.sum()) <= _DIRECT:
        return _solve(gray, chroma, known, None, check)
    shape = ((gray.shape[0] + 1) // 2, (gray.shape[1] + 1) // 2)
    weight = resize(known.astype(np.float32), shape)
    small = resize(chroma * known[..., None], shape) / np.maximum(weight, 1e-6)[..., None]
    coarse = levin(resize(gray, shape), np.asarray(small, np.float32), weight > 0, check)
    start = resize(coarse, (gray.shape[0], gray.shape[1]))
    return _solve(gray, chroma, known, start, check)


def _solve(gray: Image, chroma: Image, known: Mask, start: Image | None, check: Callable[[], None]) -> Image:
    from scipy.sparse.linalg import bicgstab
    from threadpoolctl import threadpool_limits

    unknown = ~known
    system, right = equations(gray, chroma, known, check)
    out = chroma.copy()
    if start is None:
        solved = np.asarray(run_interruptibly(lambda: factorise(system).solve(right), check)).reshape(len(right), -1)
    else:

        def step(_: Any) -> None:
            check()

        first = start[unknown].astype(np.float64)
        # Vectors this short are not worth threads.
        with threadpool_limits(1, "blas"):
            channels = [
                bicgstab(system, side, x0=begin, rtol=1e-4, maxiter=60, callback=step)[0]
                for side, begin in zip(right.T, first.T, strict=True)
            ]
        solved = np.stack(channels, 1)
    check()
    out[unknown] = solved
    return out


def equations(gray: Image, chroma: Image, known: Mask, check: Callable[[], None]) -> tuple[Any, npt.NDArray[np.float64]]:
    """A sparse matrix N N and right sides N C, whose solution is the chroma of the N pixels that are not ``known``, row by row."""
    from scipy.sparse import csr_matrix, identity

    unknown = ~known
    number = np.full(gray.shape, -1, np.int64)
    count = int(unknown.sum())
    number[unknown] = np.arange(count)
    check()
    weights = np.asarray(run_interruptibly(lambda: _affinities(gray)[unknown], check))
    rows, columns = np.nonzero(unknown)
    height, width = gray.shape
    right = np.zeros((count, chroma.shape[2]))
    row_ids, column_ids, values = [], [], []
    for index, (dy, dx) in enumerate(_NEIGHBOURS):
        check()
        y, x = np.clip(rows + dy, 0, height - 1), np.clip(columns + dx, 0, width - 1)
        weight = weights[:, index]
        inner = unknown[y, x] & (weight > 0)
        row_ids.append(np.flatnonzero(inner))
        column_ids.append(number[y[inner], x[inner]])
        values.append(weight[inner])
        outer = ~unknown[y, x]
        right[outer] += weight[outer, None] * chroma[y[outer], x[outer]]
    check()
    links = csr_matrix((np.concatenate(values), (np.concatenate(row_ids), np.concatenate(column_ids))), (count, count))
    return identity(count, format="csr") * (1 + 1e-7) - links, right


def factorise(system: Any) -> Any:
    """The factors of a matrix of `equations`."""
    from scipy.sparse.linalg import splu

    # Neighbours are each other's neighbours and the diagonal dominates: no pivots are needed. The columns of a grid's factors are
    # short: one at a time is quickest (benchmarks/README.md).
    return splu(system.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, panel_size=1, options={"SymmetricMode": True})


def _affinities(gray: Image) -> npt.NDArray[np.float64]:
    """H W 8 weights that sum to one over the neighbours inside the image."""
    height, width = gray.shape
    padded = np.pad(gray.astype(np.float64), 1, mode="edge")
    inside = np.pad(np.ones((height, width)), 1)
    around = np.stack([padded[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width] for dy, dx in _NEIGHBOURS], -1)
    valid = np.stack([inside[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width] for dy, dx in _NEIGHBOURS], -1)
    count = valid.sum(-1) + 1
    mean = ((around * valid).sum(-1) + gray) / count
    variance = (((around - mean[..., None]) ** 2 * valid).sum(-1) + (gray - mean) ** 2) / count
    distance = (around - gray[..., None]) ** 2
    # The authors' code: 0.6 of the variance, but never so little that the likest neighbour weighs less than 0.01.
    nearest = np.where(valid > 0, distance, np.inf).min(-1)
    nearest = np.where(np.isfinite(nearest), nearest, 0.0)
    spread = np.maximum(np.maximum(0.6 * variance, nearest / -np.log(0.01)), 2e-6)
    weights = np.exp(-distance / spread[..., None]) * valid
    return np.asarray(weights / np.maximum(weights.sum(-1, keepdims=True), 1e-12), np.float64)
