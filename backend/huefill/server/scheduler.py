"""Runs jobs one at a time in a thread, the clients taking turns; keeps results for a bounded time in bounded memory."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from huefill.errors import Cancelled
from huefill.runtime.forecast import Forecast
from huefill.runtime.paces import Paces
from huefill.runtime.progress import Progress
from huefill.server.failures import Refusal, explain
from huefill.server.jobs import CANCELLED, DONE, FAILED, FINAL, QUEUED, RUNNING, Job, Order, PreparedOrder, State
from huefill.server.wire import body_from_result
from huefill.tasks.contract import Context
from huefill_protocol.wire import BODY_LIMIT

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """``held_bytes`` bounds the pictures of all jobs that wait or run, ``result_bytes`` all results that were not fetched."""

    waiting: int = 64
    waiting_per_client: int = 16
    held_bytes: int = 2 * BODY_LIMIT
    results: int = 8
    result_bytes: int = BODY_LIMIT
    result_s: float = 600.0
    idle_s: float = 120.0


class Scheduler:
    """``release`` is called in the worker thread once after each time without work for ``limits.idle_s`` seconds."""

    def __init__(self, release: Callable[[], None], log_file: Path | None = None, limits: Limits | None = None) -> None:
        self._release = release
        self._log_file = log_file
        self._limits = limits or Limits()
        self._paces = Paces()
        self._jobs: dict[str, Job] = {}
        self._turns: dict[str, int] = {}
        self._numbers = itertools.count(1)
        self._reserved = 0
        self._running: Job | None = None
        self._stopping = False
        self._wake = threading.Condition()
        # A daemon, because a library that hangs must not keep the process: `stop` says whether it has ended.
        self._thread = threading.Thread(target=self._work, name="huefill-worker", daemon=True)
        self._thread.start()

    def reserve(self, size: int) -> None:
        """Claim room for a body before it is read; `submit` or `unreserve` ends the claim. Raises `Refusal`."""
        with self._wake:
            if self._held() + size > self._limits.held_bytes:
                raise Refusal(507, "memory", "The backend already holds as many pictures as it can.", "Wait until a job has ended.")
            self._reserved += size

    def unreserve(self, size: int) -> None:
        with self._wake:
            self._reserved -= size

    def submit(self, client: str, order: Order | PreparedOrder, size: int) -> Job:
        """Queue a job. Raises `Refusal` when too many wait."""
        with self._wake:
            waiting = self._waiting()
            if len(waiting) >= self._limits.waiting or sum(job.client == client for job in waiting) >= self._limits.waiting_per_client:
                raise Refusal(503, "busy", "Too many jobs are waiting.", "Wait until some have ended, or cancel them.")
            job = Job(client, order, size, next(self._numbers))
            self._jobs[job.id] = job
            self._wake.notify_all()
        _log.info("job %s (%s) queued, %.1f MB", job.id[:8], job.task, size / 1e6)
        return job

    def find(self, job: str) -> Job | None:
        with self._wake:
            return self._jobs.get(job)

    def jobs(self) -> list[Job]:
        with self._wake:
            return list(self._jobs.values())

    @property
    def busy(self) -> bool:
        """Whether the worker is at a job, be it one that was cancelled and has not let go yet."""
        return self._running is not None

    def position(self, job: Job) -> int:
        """How many jobs run before this one, the running one included."""
        with self._wake:
            waiting = self._waiting()
            return waiting.index(job) + (self._running is not None) if job in waiting else 0

    def cancel(self, job: Job) -> None:
        """The job ends as cancelled at once; the worker leaves it at the task's next look at its progress."""
        if job.enter(State(CANCELLED, job.state.stage, job.state.fraction)):
            _log.info("job %s cancelled", job.id[:8])

    def forget(self, job: Job) -> None:
        """Drop a job that has ended, and its result."""
        with self._wake:
            self._jobs.pop(job.id, None)

    def cancel_client(self, client: str) -> None:
        """Cancel and forget everything of a client that has gone."""
        for job in self.jobs():
            if job.client == client:
                self.cancel(job)
                self.forget(job)
        with self._wake:
            self._turns.pop(client, None)

    def tidy(self) -> None:
        """Forget what has become too old or too much: the oldest results first, never the newest."""
        now = time.monotonic()
        with self._wake:
            ended = sorted((job for job in self._jobs.values() if job.state.name in FINAL), key=lambda job: job.ended)
            for job in ended:
                if now - job.ended > self._limits.result_s:
                    del self._jobs[job.id]
            kept = [job for job in reversed(ended) if job.id in self._jobs]
            size = 0
            for number, job in enumerate(kept):
                size += sum(len(buffer) for buffer in job.result or ())
                if number and (number >= self._limits.results or size > self._limits.result_bytes):
                    del self._jobs[job.id]

    def stop(self, timeout: float) -> bool:
        """Cancel everything and end the worker; False if a task has not let go within ``timeout`` seconds."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        for job in self.jobs():
            self.cancel(job)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _held(self) -> int:
        return self._reserved + sum(job.size for job in self._jobs.values() if job.order is not None)

    def _waiting(self) -> list[Job]:
        """The queued jobs in the order in which they will run: the client whose last turn is longest ago comes next."""
        left = sorted((job for job in self._jobs.values() if job.state.name == QUEUED), key=lambda job: job.number)
        turns, order = dict(self._turns), []
        for turn in range(len(left)):
            job = min(left, key=lambda job: (turns.get(job.client, 0), job.number))
            turns[job.client] = self._turn() + turn
            order.append(job)
            left.remove(job)
        return order

    def _turn(self) -> int:
        return max(self._turns.values(), default=0) + 1

    def _work(self) -> None:
        released = True
        while True:
            with self._wake:
                waiting = self._waiting()
                if not waiting and not self._stopping:
                    self._wake.wait(None if released else self._limits.idle_s)
                    waiting = self._waiting()
                if self._stopping:
                    return
                if waiting:
                    self._running = waiting[0]
                    self._turns[waiting[0].client] = self._turn()
            if self._running:
                self._run(self._running)
                with self._wake:
                    self._running = None
                released = False
            elif not released:
                self._release()
                released = True

    def _run(self, job: Job) -> None:
        order = job.order
        if order is None or not job.enter(State(RUNNING, "getting ready")):
            return
        begin = time.perf_counter()
        try:
            progress = Progress(job.progressed, job.stopped, forecast=Forecast(self._paces, order.task))
            result = order.run(Context(progress, order.device))
            job.enter(State(DONE, "done", 1.0), body_from_result(result, order.pixels))
            self._remember()
        except Cancelled:
            job.enter(State(CANCELLED))
        except BaseException as error:
            if not job.stopped():
                job.enter(State(FAILED, error=explain(error, order.task, self._log_file)))
        _log.info("job %s: %s after %.2f s", job.id[:8], job.state.name, time.perf_counter() - begin)

    def _remember(self) -> None:
        try:
            self._paces.save()
        except OSError as error:  # a full disk costs the next estimate, not a result
            _log.warning("how long the job took is not kept: %s", error.strerror)
