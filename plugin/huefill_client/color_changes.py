"""Who is told of what has changed in a colorization."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum


class Change(Enum):
    """What a listener is told of. ``POINTS``: points or the selected one, with every move of the hand; ``STEP``: a change of the points is
    complete, and worth keeping with the document; ``PICTURE``: another preview; ``SUGGESTIONS``: other colors for the selected point;
    ``SOURCES``: painted layer, reference, saturation, strength, network, what is shown; ``VARIANTS``: others were asked for, have come, or
    another one is chosen; ``PHOTO``: another photo, or none; ``MESSAGE``."""

    PHOTO, POINTS, STEP, PICTURE, SUGGESTIONS, SOURCES, VARIANTS, MESSAGE = range(8)


# What another photo changes: nothing of it is worth keeping with a document.
OF_ANOTHER_PHOTO = tuple(change for change in Change if change is not Change.STEP)


class Listeners:
    """They are told in the order in which they came."""

    def __init__(self) -> None:
        self._all: list[tuple[frozenset[Change], Callable[[], None]]] = []

    def add(self, call: Callable[[], None], *changes: Change) -> None:
        self._all.append((frozenset(changes), call))

    def clear(self) -> None:
        self._all.clear()

    def tell(self, *changes: Change) -> None:
        """Each of those that listen to any of ``changes``, once."""
        for wanted, call in self._all:
            if not wanted.isdisjoint(changes):
                call()
