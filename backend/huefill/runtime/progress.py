"""Progress and cancellation as a task sees them: one object, handed down, sliced into stages."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from huefill.errors import Cancelled, Caution
from huefill.runtime.forecast import Forecast, Work


@dataclass(frozen=True)
class Update:
    """One progress report.

    ``stage`` is a short phrase a person reads ("restoring color"); ``fraction`` in [0, 1] is of the whole task;
    ``remaining_s`` is an estimate in seconds or None; ``warnings`` what a person should know so far.
    """

    stage: str
    fraction: float
    remaining_s: float | None = None
    warnings: tuple[Caution, ...] = ()


def _ignore(update: Update) -> None:
    return None


def _never() -> bool:
    return False


@dataclass
class Progress:
    """Where a task reports and asks whether to go on. Every method raises `Cancelled` once a stop was asked for.

    ``sink`` receives updates, ``stopped`` is polled. `part` gives a sub-task its share of the fraction, so that a
    stage need not know what comes before or after it. `seconds` collects the time of every named stage; ``forecast``, where there is one,
    learns from it and says the remaining time of the whole. ``warnings`` come with every update from the one on that follows `warn`.
    """

    sink: Callable[[Update], None] = _ignore
    stopped: Callable[[], bool] = _never
    start: float = 0.0
    end: float = 1.0
    seconds: dict[str, float] = field(default_factory=dict)
    forecast: Forecast | None = None
    warnings: list[Caution] = field(default_factory=list)

    def check(self) -> None:
        if self.stopped():
            raise Cancelled

    def report(
        self,
        stage: str,
        fraction: float,
        *,
        remaining_s: float | None = None,
    ) -> None:
        """``fraction`` in [0, 1] of this part; ``remaining_s`` of the stage at hand, where it can tell by itself."""
        self.check()
        whole = self.start + (self.end - self.start) * min(1.0, max(0.0, fraction))
        if self.forecast is not None:
            remaining_s = self.forecast.remaining(remaining_s)
        self.sink(Update(stage, whole, remaining_s, tuple(self.warnings)))

    def warn(self, warnings: Sequence[Caution]) -> None:
        """Have a person told at once, and not only by the result, so that he can still stop what he did not mean."""
        self.warnings.extend(warning for warning in warnings if warning not in self.warnings)

    def expect(self, works: Sequence[Work]) -> None:
        """Say beforehand which stages (of `timed`) will come, in their order."""
        if self.forecast is not None:
            self.forecast.expect(works)

    def skip(self, *stages: str) -> None:
        """Say that the next work of each of these stages, which was expected, is not done."""
        if self.forecast is not None:
            self.forecast.skip(*stages)

    def part(self, start: float, end: float) -> Progress:
        """The share [start, end] of this part's own fraction, as a Progress of its own."""
        span = self.end - self.start
        begin, stop = self.start + span * start, self.start + span * end
        return Progress(self.sink, self.stopped, begin, stop, self.seconds, self.forecast, self.warnings)

    def stages(self) -> dict[str, float]:
        """The seconds of every stage so far, rounded for a record."""
        return {name: round(spent, 4) for name, spent in self.seconds.items()}

    def timed(self, stage: str) -> _Timer:
        """``with progress.timed("reconstruction"):`` adds the time spent to `seconds`."""
        return _Timer(self.seconds, stage, self.forecast)


class _Timer:
    def __init__(self, seconds: dict[str, float], stage: str, forecast: Forecast | None) -> None:
        self._seconds, self._stage, self._forecast = seconds, stage, forecast

    def __enter__(self) -> None:
        if self._forecast is not None:
            self._forecast.begin(self._stage)
        self._begin = time.perf_counter()

    def __exit__(self, kind: object, *_: object) -> None:
        spent = time.perf_counter() - self._begin
        self._seconds[self._stage] = self._seconds.get(self._stage, 0.0) + spent
        if self._forecast is not None:
            self._forecast.end(kind is None)
