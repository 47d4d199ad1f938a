"""Long work on Krita's thread, done in pieces between Krita's own events."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

from .qt import QTimer


class Turns:
    """One work at a time; to start another drops what is left of the last."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        """``failed(error)`` is told what a piece of work has raised, which ends the work."""
        self._failed = failed
        self._steps: Iterator[int] | None = None

    def start(self, steps: Iterator[int]) -> None:
        """Begin at once. ``steps`` yields, after each piece, the milliseconds until the next."""
        self._steps = steps
        self._go_on(steps)

    def stop(self) -> None:
        self._steps = None

    @property
    def busy(self) -> bool:
        return self._steps is not None

    def _go_on(self, steps: Iterator[int]) -> None:
        if steps is not self._steps:
            return
        try:
            pause = next(steps)
        except StopIteration:
            self._steps = None
        except Exception as error:
            self._steps = None
            self._failed(error)
        else:
            QTimer.singleShot(pause, partial(self._go_on, steps))


def in_thread(work: Callable[[], Any]) -> Generator[int, None, Any]:
    """A piece of work that needs nothing of Krita or Qt's widgets, done beside: what ``work()`` returns or raises."""
    results: list[Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="huefill-aside", daemon=True)
    thread.start()
    while thread.is_alive():
        yield 5
    if errors:
        raise errors[0]
    return results[0]
