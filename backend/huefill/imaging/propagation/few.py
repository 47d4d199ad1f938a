"""Levin's propagation of few colors along one picture, again and again: what the picture alone decides is worked out once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.imaging.propagation.levin import equations, factorise, levin

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Column = npt.NDArray[np.float64]

# Known pixels up to which this is quicker than `levin`, and how many of their answers are kept.
_FEW, _KEPT = 200, 256


class Propagation:
    """`levin` along one H W ``gray`` in [0, 1]. Threads may share it.

    Let B be the equations of all pixels, none of them known. With known pixels k those of the others stay, so B x is 0 but at k, and x is a
    sum of answers to a unit at each of k: columns of the inverse of B, which depend on the picture alone. Their shares are such that x has
    the known values at k.
    """

    def __init__(self, gray: Image) -> None:
        self._gray = gray
        self._lock = threading.Lock()
        self._factors: Any = None
        self._answers: OrderedDict[int, Column] = OrderedDict()

    def complete(self, chroma: Image, known: Mask) -> Image:
        """As `levin`."""
        from threadpoolctl import threadpool_limits

        places = np.flatnonzero(known)
        if not 0 < len(places) <= _FEW:
            return levin(self._gray, chroma, known)
        with self._lock:
            answers = np.stack([self._answer(int(place)) for place in places], 1)
        values = chroma.reshape(-1, chroma.shape[2])[places].astype(np.float64)
        # Matrices this small are not worth threads.
        with threadpool_limits(1, "blas"):
            spread = (answers @ np.linalg.solve(answers[places], values)).reshape(chroma.shape)
        return np.where(known[..., None], chroma, spread).astype(np.float32)

    def _answer(self, place: int) -> Column:
        if place in self._answers:
            self._answers.move_to_end(place)
            return self._answers[place]
        if self._factors is None:
            nothing = np.zeros((*self._gray.shape, 1), np.float32)
            self._factors = factorise(equations(self._gray, nothing, nothing[..., 0] > 0, lambda: None)[0])
        unit = np.zeros(self._gray.size)
        unit[place] = 1
        self._answers[place] = self._factors.solve(unit)
        while len(self._answers) > _KEPT:
            self._answers.popitem(last=False)
        return self._answers[place]
