"""One job: what was asked, where it is, what came of it."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy.typing as npt

from huefill.errors import Caution
from huefill.runtime.progress import Update
from huefill.runtime.steady import Steady
from huefill.server.failures import Failure
from huefill.server.wire import in_rgba
from huefill.tasks import registry
from huefill.tasks.contract import Context, Result, request_from_wire
from huefill_protocol.wire import RGBA

R = TypeVar("R")

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
FINAL = (DONE, FAILED, CANCELLED)


@dataclass(frozen=True)
class Order:
    """What a client sends: the task's name, its request's tensors and JSON values, the device, and the order of the pixels' channels."""

    task: str
    tensors: Mapping[str, npt.NDArray[Any]]
    values: Mapping[str, Any]
    device: str
    pixels: str = RGBA

    def request(self, kind: type[R]) -> R:
        """The task's request; raises `HuefillError` for what it cannot take. Not for the event loop: pixels may have to be reordered."""
        return request_from_wire(kind, in_rgba(self.tensors, self.pixels), self.values)

    def run(self, context: Context) -> Result:
        """Do what was asked."""
        kind, run = registry.load(self.task)
        return run(self.request(kind), context)


@dataclass(frozen=True)
class PreparedOrder:
    """An order whose pictures have come before, with a live session: ``run`` does the work."""

    task: str
    device: str
    pixels: str
    run: Callable[[Context], Result]


@dataclass(frozen=True)
class State:
    """Where a job is. Replaced as a whole, so that any thread sees a consistent one."""

    name: str = QUEUED
    stage: str = ""
    fraction: float = 0.0
    remaining_s: float | None = None
    error: Failure | None = None
    warnings: tuple[Caution, ...] = ()


@dataclass(eq=False)
class Job:
    """``order`` is dropped when the job has ended, ``result`` (the buffers of its body) when it was fetched or has become old."""

    client: str
    order: Order | PreparedOrder | None
    size: int
    number: int
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    task: str = ""
    state: State = field(default_factory=State)
    result: list[Any] | None = None
    ended: float = 0.0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._steady = Steady()
        self._watchers: list[Callable[[], None]] = []
        self.task = self.order.task if self.order else ""

    def enter(self, state: State, result: list[Any] | None = None) -> bool:
        """Change the state; False, and no change, if the job has already ended. Watchers hear of it at once."""
        with self._lock:
            if self.state.name in FINAL:
                return False
            self.state, self.result = state, result
            if state.name in FINAL:
                self.ended = time.monotonic()
                self.order = None
            watchers = list(self._watchers)
        for watcher in watchers:
            watcher()
        return True

    def progressed(self, update: Update) -> None:
        """Watchers are not told of mere progress: they look for it at their own pace."""
        with self._lock:
            if self.state.name == RUNNING:
                self.state = State(RUNNING, update.stage, update.fraction, self._shown(update), warnings=update.warnings)

    def _shown(self, update: Update) -> float | None:
        shown = self._steady.update(update.remaining_s, time.monotonic())
        return None if shown is None else round(shown, 2)

    def stopped(self) -> bool:
        return self.state.name == CANCELLED

    @contextlib.contextmanager
    def watched(self, watcher: Callable[[], None]) -> Iterator[None]:
        """``watcher`` is called, from any thread, whenever the job changes its state."""
        with self._lock:
            self._watchers.append(watcher)
        try:
            yield
        finally:
            with self._lock:
                self._watchers.remove(watcher)

    def to_wire(self, position: int) -> dict[str, Any]:
        state = self.state
        return {
            "state": state.name,
            "stage": state.stage,
            "fraction": round(state.fraction, 4),
            "remaining_s": state.remaining_s,
            "position": position,
            "error": state.error.to_wire() if state.error else None,
            "warnings": [warning.to_wire() for warning in state.warnings],
        }
