"""Which guess to trust how much, found out on mock holes in the known part of the same picture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from huefill.imaging.mask import distance_to

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_SHARE = 0.25  # of the known pixels that a mock hole takes
_BANDS = 4
_ENOUGH = 200


def mock_hole(known: Mask, hole: Mask, random: np.random.Generator) -> Mask:
    """The hole's own shape moved and mirrored to where colour is known, so that the rehearsal is as hard as the real thing (H W)."""
    best, best_score = np.zeros_like(known), np.inf
    count = max(1, int(known.sum()))
    for _ in range(24):
        shift = (int(random.integers(known.shape[0])), int(random.integers(known.shape[1])))
        moved = np.roll(hole[:: random.choice((1, -1)), :: random.choice((1, -1))], shift, (0, 1)) & known
        score = abs(float(moved.sum()) / count - _SHARE)
        if score < best_score:
            best, best_score = moved, score
    return _thinned(best, count, random)


def _thinned(mock: Mask, count: int, random: np.random.Generator) -> Mask:
    """Give tiles back until at most 40 % of the known pixels are taken: what is left must still teach."""
    side = max(4, max(mock.shape) // 12)
    tiles = [(y, x) for y in range(0, mock.shape[0], side) for x in range(0, mock.shape[1], side)]
    random.shuffle(tiles)
    for y, x in tiles:
        if mock.sum() <= 0.4 * count:
            break
        mock[y : y + side, x : x + side] = False
    return mock


def weights(guesses: Sequence[Image], truth: Image, mock: Mask, known: Mask, hole: Mask) -> list[Image]:
    """H W weights, one for each guess, that sum to one: least squares on the mock hole, by distance from the known pixels.

    ``guesses`` and ``truth`` H W 2; ``known`` what the guesses could see (the mock hole taken out); ``hole`` where they will be used.
    """
    inside, outside = distance_to(known), distance_to(~hole)
    if int(mock.sum()) < _ENOUGH:
        return [np.full(hole.shape, 1 / len(guesses), np.float32) for _ in guesses]
    edges = np.quantile(inside[mock], np.linspace(0, 1, _BANDS + 1))
    overall = _fit([guess[mock] for guess in guesses], truth[mock], None)
    centres, fitted = [], []
    for lower, upper in pairwise(edges):
        band = mock & (inside >= lower) & (inside <= upper)
        if int(band.sum()) >= _ENOUGH // _BANDS:
            centres.append(float(inside[band].mean()))
            fitted.append(_fit([guess[band] for guess in guesses], truth[band], overall))
    table = np.array(fitted)
    return [np.interp(outside, centres, table[:, index]).astype(np.float32) for index in range(len(guesses))]


def _fit(guesses: Sequence[Image], truth: Image, prior: npt.NDArray[np.float64] | None) -> npt.NDArray[np.float64]:
    """Weights of at least zero that sum to one; drawn towards ``prior`` (or equal shares) where the data say little."""
    from scipy.optimize import nnls

    columns = np.stack([guess.reshape(-1) for guess in guesses], 1).astype(np.float64)
    target = truth.reshape(-1).astype(np.float64)
    share = np.full(len(guesses), 1 / len(guesses)) if prior is None else prior
    gram = columns.T @ columns / len(target)
    pull = 0.03 * float(np.mean((columns - target[:, None]) ** 2)) + 1e-9
    system = gram + pull * np.eye(len(guesses)) + 1e3 * (np.trace(gram) + pull)
    right = columns.T @ target / len(target) + pull * share + 1e3 * (np.trace(gram) + pull)
    factor = np.linalg.cholesky(system)
    found, _ = nnls(factor.T, np.linalg.solve(factor, right))
    return np.asarray(found / max(found.sum(), 1e-12), np.float64)
