"""Which guess to trust how much, found out on mock holes in the known part of the same picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

MOCK_SHARE = 0.25  # of the known pixels that a mock hole takes
_ENOUGH = 200
_PULL = 0.6  # towards equal shares, in units of the guesses' mean squared error


def mock_hole(known: Mask, hole: Mask, random: np.random.Generator) -> Mask:
    """The hole's own shape moved and mirrored to where color is known, so that validation is as hard as the real thing (H W)."""
    best, best_score = np.zeros_like(known), np.inf
    count = max(1, int(known.sum()))
    for _ in range(24):
        shift = (int(random.integers(known.shape[0])), int(random.integers(known.shape[1])))
        moved = np.roll(hole[:: random.choice((1, -1)), :: random.choice((1, -1))], shift, (0, 1)) & known
        score = abs(float(moved.sum()) / count - MOCK_SHARE)
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


def weights(guesses: Sequence[Image], truth: Image, mock: Mask) -> npt.NDArray[np.float32]:
    """A weight for each guess, at least zero, one in sum: least squares on the mock hole, drawn towards equal shares.

    ``guesses`` and ``truth`` H W 2. One validation hole says little about the real hole, whose plain mean of the guesses is hard to
    beat: hence the strong pull, and weights for the hole as a whole (by distance from its rim they were worse on both kinds of hole).
    """
    from scipy.optimize import nnls

    equal = np.full(len(guesses), 1 / len(guesses))
    if int(mock.sum()) < _ENOUGH:
        return equal.astype(np.float32)
    columns = np.stack([guess[mock].reshape(-1) for guess in guesses], 1).astype(np.float64)
    target = truth[mock].reshape(-1).astype(np.float64)
    gram = columns.T @ columns / len(target)
    pull = _PULL * float(np.mean((columns - target[:, None]) ** 2)) + 1e-9
    system = gram + pull * np.eye(len(guesses)) + 1e3 * (np.trace(gram) + pull)
    right = columns.T @ target / len(target) + pull * equal + 1e3 * (np.trace(gram) + pull)
    factor = np.linalg.cholesky(system)
    found, _ = nnls(factor.T, np.linalg.solve(factor, right))
    return np.asarray(found / max(found.sum(), 1e-12), np.float32)
