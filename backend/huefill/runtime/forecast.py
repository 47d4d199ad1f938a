"""The time that a task still takes, from what its stages took on this computer before and from how the present one goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huefill.runtime.paces import Paces

# Work that is late is expected to be late by this share of its delay once more.
_LATE = 0.5


@dataclass(frozen=True)
class Work:
    """``units`` (pixels, for example) of a ``stage``, as `Progress.timed` names it; ``depends`` is what else its pace depends on (engine,
    preset, device). ``light`` for so little that the remaining time is known without it."""

    stage: str
    units: float
    depends: tuple[str, ...] = ()
    light: bool = False


@dataclass
class _Running:
    """A stage that runs: the ``work`` that was expected of it, and the seconds of stages within it."""

    stage: str
    work: Work | None
    begun: float
    within: float = 0.0


class Forecast:
    """Follows one task through its stages, and has ``paces`` learn from them. Used by the task's own thread."""

    def __init__(self, paces: Paces, task: str, clock: Callable[[], float] = time.perf_counter) -> None:
        self._paces, self._task, self._clock = paces, task, clock
        self._ahead: list[Work] = []
        self._running: list[_Running] = []
        self._told = False

    def expect(self, works: Sequence[Work]) -> None:
        """The stages to come, in their order."""
        self._ahead, self._told = list(works), True

    def skip(self, *stages: str) -> None:
        """The next work of each of these stages is not done after all."""
        for stage in stages:
            work = self._next(stage)
            if work is not None:
                self._ahead.remove(work)

    def begin(self, stage: str) -> None:
        work = self._next(stage)
        if work is not None:
            self._ahead.remove(work)
        self._running.append(_Running(stage, work, self._clock()))

    def end(self, whole: bool) -> None:
        """The stage that began last is over; nothing is learned from one that was broken off."""
        done = self._running.pop()
        spent = self._clock() - done.begun
        if self._running:
            self._running[-1].within += spent
        if whole and done.work is not None:
            self._paces.learn(self._name(done.work), spent - done.within, done.work.units)

    def remaining(self, said: float | None) -> float | None:
        """Seconds until the task is done, None while that is not known. ``said`` is what the present stage knows of its own rest."""
        if not self._told:
            return said
        total = 0.0
        for running in self._running:
            rest = self._rest(running, said if running is self._running[-1] else None)
            if rest is None:
                return None
            total += rest
        for work in self._ahead:
            expected = self._expected(work)
            if expected is None and not work.light:
                return None
            total += expected or 0.0
        return total

    def _rest(self, running: _Running, said: float | None) -> float | None:
        expected = None if running.work is None else self._expected(running.work)
        if expected is None:
            return 0.0 if said is None and (running.work is None or running.work.light) else said
        spent = self._clock() - running.begun - running.within
        learned = max(expected - spent, _LATE * (spent - expected))
        if said is None:
            return learned
        # What the stage sees of itself counts the more, the longer it runs.
        share = min(1.0, spent / max(expected, 1e-9))
        return share * said + (1 - share) * learned

    def _expected(self, work: Work) -> float | None:
        pace = self._paces.of(self._name(work))
        return None if pace is None else pace * work.units

    def _name(self, work: Work) -> str:
        return "/".join((self._task, work.stage, *work.depends))

    def _next(self, stage: str) -> Work | None:
        return next((work for work in self._ahead if work.stage == stage), None)
