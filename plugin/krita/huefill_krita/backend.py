"""The plugin's bond with the backend, as the docker shows it: started when first needed, shared with other editors, left on exit."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from typing import Any

from huefill_client import diagnostics
from huefill_client.errors import BackendError
from huefill_client.session import LOST, READY, STARTING, Session

from .qt import QObject, Signal


@dataclass(frozen=True)
class State:
    """``name`` is "asleep", "starting", "ready", "working" or "unreachable"; ``phrase`` and ``details`` are for a person."""

    name: str
    phrase: str
    details: str = ""


class Backend(QObject):
    """Lives on the GUI thread and never blocks it; ``changed`` tells that `state` is another."""

    changed = Signal()
    diagnosed = Signal(str)
    _entered = Signal(str)
    _answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._about: dict[str, Any] = {}
        self._entered.connect(self._enter)
        self._answered.connect(self._learn)
        # The session calls from its own threads; a signal carries the news over to this one.
        self.session = Session(on_state=self._entered.emit)

    def state(self, working: bool) -> State:
        """What to show; ``working`` whether one of our jobs runs."""
        if self._name == STARTING:
            return State("starting", "Starting the backend…")
        if self._name == LOST:
            return State("unreachable", "The backend has stopped. The next action starts it again.")
        if self._name != READY:
            return State("asleep", "Not started yet: the first action starts it.")
        device = str(self._about.get("device_name") or self._about.get("device") or "")
        where = f" on {device}" if device else ""
        details = "\n".join(f"{key}: {self._about[key]}" for key in ("version", "pid", "memory", "log") if key in self._about)
        return State("working", f"Working{where}", details) if working else State("ready", f"Ready{where}", details)

    def diagnose(self, facts: dict[str, str]) -> None:
        """Collect the diagnostics in a thread; ``diagnosed`` brings the text."""
        threading.Thread(target=lambda: self.diagnosed.emit(diagnostics.collect(self.session, facts)), daemon=True).start()

    def close(self) -> None:
        """Leave the backend; it cancels what is ours and exits if nobody else needs it."""
        self.session.close()

    def _enter(self, name: str) -> None:
        self._name = name
        if name == READY:
            threading.Thread(target=self._ask, name="huefill-about", daemon=True).start()
        self.changed.emit()

    def _ask(self) -> None:
        with contextlib.suppress(BackendError):
            self._answered.emit(self.session.about())

    def _learn(self, about: dict[str, Any]) -> None:
        self._about = about
        self.changed.emit()
