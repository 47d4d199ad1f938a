"""The detail of what is thin and missing, from the photo close by: an estimate by few waves, and one by how pixels there go together.

Few waves: photographs are sparse in overlapping cosine transforms, so what is missing is what makes them sparsest; with a threshold that
falls, the structure comes first and the texture last (Guleryuz 2006, nonlinear approximation based image recovery, part II). Going
together: taken as a stationary Gaussian field whose spectrum is that of the window, what is missing has one likeliest value; its
equations have as many unknowns as pixels are missing (kriging, written with the field's precision). Each errs in its own way, so their
mean is nearer to the truth than both, and a better start for a last turn of few waves.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import fft

Plane = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

# All measured on mosaics of training photographs under drawn damage. Side and step of the cosine windows; thresholds from the first turn to
# the last, in the unit range, and how many turns: to begin with, and to end with.
_SIDE, _STEP, _LAST_SIDE, _LAST_STEP = 16, 4, 24, 6
_BEGIN, _END, _TURNS, _AGAIN, _TURNS_AGAIN = 0.5, 0.01, 12, 0.1, 8
# Side of a window whose spectrum is taken, and of its middle, which is kept; how far pixels go together, and the noise among them.
_WINDOW, _MIDDLE, _TOGETHER, _NOISE = 24, 8, 4.0, 1e-3
# A window with more missing than this share says nothing of its spectrum; and how many numbers are solved for at once.
_MOST_MISSING, _AT_ONCE = 0.6, 2_000_000


def estimate_detail(plane: Plane, missing: Mask, wanted: Mask, check: Callable[[], None] = lambda: None) -> Plane:
    """H W: ``plane`` (H W, [0, 1]) with better values where ``wanted`` (H W).

    ``missing`` (H W, all that is wanted and more) has a first guess in ``plane``; all else is the photo, and stays. ``check`` may raise to
    stop. Below one window's side the guess comes back as it is.
    """
    if min(plane.shape) < _LAST_SIDE or not wanted.any():
        return plane
    waves = _few_waves(plane, missing, wanted, _SIDE, _STEP, np.geomspace(_BEGIN, _END, _TURNS), check)
    likely = _likeliest(waves, missing, wanted, check)
    both = np.asarray((waves + likely) / 2, np.float32)
    again = np.geomspace(_AGAIN, _END, _TURNS_AGAIN)
    ends = [_few_waves(both, missing, wanted, side, step, again, check) for side, step in ((_SIDE, _STEP), (_LAST_SIDE, _LAST_STEP))]
    return np.asarray((ends[0] + ends[1]) / 2, np.float32)


def _few_waves(
    plane: Plane, missing: Mask, wanted: Mask, side: int, step: int, thresholds: npt.NDArray[np.float64], check: Callable[[], None]
) -> Plane:
    """Keep of each window's cosines what is above the threshold, take the mean of all windows over a pixel, and so on."""
    framed, empty = np.pad(plane, side, mode="reflect"), np.pad(missing, side)
    places = _windows(np.pad(wanted, side), side, step, 0)
    turned = empty & _covered(places, empty.shape, side)
    flat, where = framed.ravel(), np.flatnonzero(turned)
    taken = _pixels_of(places, framed.shape[1], side).reshape(-1, side * side)
    cosines = _cosines(side)
    for threshold in thresholds:
        check()
        found = cosines @ flat[taken].reshape(-1, side, side) @ cosines.T
        kept = np.abs(found) > threshold
        kept[:, 0, 0] = True
        # The fewer waves a window needs the more it is believed.
        belief = (1 / kept.sum((1, 2))).astype(np.float32)
        back = (cosines.T @ (found * kept) @ cosines) * belief[:, None, None]
        total = np.bincount(taken.ravel(), back.ravel(), len(flat))[where]
        weight = np.bincount(taken.ravel(), np.repeat(belief, side * side), len(flat))[where]
        flat[where] = total / weight
    return np.where(wanted, np.clip(_unframed(flat, framed.shape, side), 0, 1), plane)


def _likeliest(plane: Plane, missing: Mask, wanted: Mask, check: Callable[[], None]) -> Plane:
    """The likeliest values of the missing pixels in the middle of each window, given its others."""
    around = (_WINDOW - _MIDDLE) // 2
    frame = around + _MIDDLE
    framed = np.pad(plane, frame, mode="reflect")
    flat, out = framed.ravel(), framed.ravel().copy()
    places = _windows(np.pad(wanted, frame), _MIDDLE, _MIDDLE, around)
    taken = _pixels_of(places, framed.shape[1], _WINDOW)
    unknown = np.pad(missing, frame).ravel()[taken]
    kept = unknown.mean((1, 2)) < _MOST_MISSING
    taken, unknown = taken[kept], unknown[kept]
    values = flat[taken]
    usual = values.mean((1, 2), keepdims=True)
    differing = values - usual
    spectrum = _spectrum(differing)
    precision = fft.irfft2(1 / spectrum, s=(_WINDOW, _WINDOW))
    pulled = fft.irfft2(fft.rfft2(np.where(unknown, 0, differing)) / spectrum, s=(_WINDOW, _WINDOW))
    counts = unknown.sum((1, 2))
    order = np.argsort(counts, kind="stable")
    begun = 0
    while begun < len(order):
        check()
        most = int(counts[order[begun]] * 1.2) + 8
        end = min(int(np.searchsorted(counts[order], most, "right")), begun + max(1, _AT_ONCE // most**2))
        some = order[begun:end]
        begun = end
        rows, columns, there = _listed(unknown[some])
        solved = _solved(precision[some], pulled[some], rows, columns, there) + usual[some, :, 0]
        middle = there & (np.abs(rows - _WINDOW / 2 + 0.5) < _MIDDLE / 2) & (np.abs(columns - _WINDOW / 2 + 0.5) < _MIDDLE / 2)
        out[taken[some][np.arange(len(some))[:, None], rows, columns][middle]] = solved[middle]
    return np.where(wanted, np.clip(_unframed(out, framed.shape, frame), 0, 1), plane)


def _spectrum(windows: Plane) -> Plane:
    """The power spectrum of each (N side side, without its mean): that of its autocorrelation, as far as pixels go together."""
    bell = np.hanning(_WINDOW + 2)[1:-1].astype(np.float32)
    tapered = fft.rfft2(windows * np.outer(bell, bell))
    power = (tapered.real**2 + tapered.imag**2) / (bell**2).sum() ** 2
    lag = np.minimum(np.arange(_WINDOW), _WINDOW - np.arange(_WINDOW))
    near = np.exp(-(lag**2) / (2 * _TOGETHER**2)).astype(np.float32)
    smooth = fft.rfft2(fft.irfft2(power, s=(_WINDOW, _WINDOW)) * np.outer(near, near)).real
    return np.asarray(np.maximum(smooth, 0) + _NOISE, np.float32)


def _listed(unknown: Mask) -> tuple[Ints, Ints, Mask]:
    """Row and column of each window's missing pixels, N most, and which of those places are used."""
    counts = unknown.sum((1, 2))
    shape = (len(counts), int(counts.max()))
    rows, columns, there = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.arange(shape[1]) < counts[:, None]
    _, rows[there], columns[there] = np.nonzero(unknown)
    return rows, columns, there


def _solved(precision: Plane, pulled: Plane, rows: Ints, columns: Ints, there: Mask) -> Plane:
    each = np.arange(len(rows))
    down, right = ((place[:, :, None] - place[:, None]) % _WINDOW for place in (rows, columns))
    matrix = np.where(there[:, :, None] & there[:, None], precision[each[:, None, None], down, right], 0)
    diagonal = np.arange(rows.shape[1])
    matrix[:, diagonal, diagonal] += ~there
    return np.asarray(np.linalg.solve(matrix, np.where(there, -pulled[each[:, None], rows, columns], 0)[..., None])[..., 0], np.float32)


def _cosines(side: int) -> Plane:
    """The orthonormal cosine transform (DCT-II), side side."""
    return np.asarray(fft.dct(np.eye(side), axis=0, norm="ortho"), np.float32)


def _windows(wanted: Mask, side: int, step: int, around: int) -> Ints:
    """N 2: top left corners of windows, ``around`` pixels beyond those ``side`` squares of a grid that have something wanted."""
    height, width = wanted.shape
    sums = np.zeros((height + 1, width + 1), np.int64)
    sums[1:, 1:] = wanted.cumsum(0).cumsum(1)
    y, x = np.meshgrid(
        np.arange(around, height - side - around + 1, step), np.arange(around, width - side - around + 1, step), indexing="ij"
    )
    filled = sums[y + side, x + side] - sums[y, x + side] - sums[y + side, x] + sums[y, x] > 0
    return np.stack([y[filled] - around, x[filled] - around], axis=1)


def _covered(places: Ints, shape: tuple[int, ...], side: int) -> Mask:
    """H W: what the windows see."""
    seen = np.zeros(shape, bool)
    seen.ravel()[_pixels_of(places, shape[1], side)] = True
    return seen


def _pixels_of(places: Ints, width: int, side: int) -> Ints:
    """N side side: the flat index of each window's pixels."""
    square = np.arange(side)[:, None] * width + np.arange(side)
    return np.asarray((places[:, 0] * width + places[:, 1])[:, None, None] + square)


def _unframed(flat: Plane, shape: tuple[int, ...], frame: int) -> Plane:
    return flat.reshape(shape)[frame:-frame, frame:-frame]
