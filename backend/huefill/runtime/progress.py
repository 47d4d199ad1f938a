"""Progress and cancellation as a task sees them: one object, handed down, sliced into stages."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from huefill.errors import Cancelled


@dataclass(frozen=True)
class Update:
    """One progress report.

    ``stage`` is a short phrase a person reads ("restoring color"); ``fraction`` in [0, 1] is of the whole task;
    ``remaining_s`` is an estimate in seconds or None; ``preview`` an H W 3 uint8 picture or None.
    """

    stage: str
    fraction: float
    remaining_s: float | None = None
    preview: npt.NDArray[np.uint8] | None = None


def _ignore(update: Update) -> None:
    return None


def _never() -> bool:
    return False


@dataclass
class Progress:
    """Where a task reports and asks whether to go on. Every method raises `Cancelled` once a stop was asked for.

    ``sink`` receives updates, ``stopped`` is polled. `part` gives a sub-task its share of the fraction, so that a
    stage need not know what comes before or after it. `seconds` collects the time of every named stage.
    """

    sink: Callable[[Update], None] = _ignore
    stopped: Callable[[], bool] = _never
    start: float = 0.0
    end: float = 1.0
    seconds: dict[str, float] = field(default_factory=dict)

    def check(self) -> None:
        if self.stopped():
            raise Cancelled

    def report(
        self,
        stage: str,
        fraction: float,
        *,
        remaining_s: float | None = None,
        preview: npt.NDArray[np.uint8] | None = None,
    ) -> None:
        """``fraction`` in [0, 1] of this part."""
        self.check()
        whole = self.start + (self.end - self.start) * min(1.0, max(0.0, fraction))
        self.sink(Update(stage, whole, remaining_s, preview))

    def part(self, start: float, end: float) -> Progress:
        """The share [start, end] of this part's own fraction, as a Progress of its own."""
        span = self.end - self.start
        return Progress(self.sink, self.stopped, self.start + span * start, self.start + span * end, self.seconds)

    def stages(self) -> dict[str, float]:
        """The seconds of every stage so far, rounded for a record."""
        return {name: round(spent, 4) for name, spent in self.seconds.items()}

    def timed(self, stage: str) -> _Timer:
        """``with progress.timed("reconstruction"):`` adds the time spent to `seconds`."""
        return _Timer(self.seconds, stage)


class _Timer:
    def __init__(self, seconds: dict[str, float], stage: str) -> None:
        self._seconds, self._stage = seconds, stage

    def __enter__(self) -> None:
        self._begin = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        spent = time.perf_counter() - self._begin
        self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + spent
