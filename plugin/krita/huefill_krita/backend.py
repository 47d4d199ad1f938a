"""The backend as the docker shows it: started when first needed, shared with other editors, left on exit."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from typing import Any

from huefill_client import diagnostics
from huefill_client.networks import engines_of
from huefill_client.session import LOST, READY, STARTING, Session
from huefill_protocol.choices import DEVICES, Choice, title_of
from huefill_protocol.errors import BackendError

from .qt import QObject, Signal


@dataclass(frozen=True)
class State:
    """``name`` is "off", "starting", "ready", "working" or "unreachable"; ``phrase`` and ``details`` are for a person."""

    name: str
    phrase: str
    details: str = ""


class Backend(QObject):
    """Lives on the GUI thread and never blocks it; ``changed`` tells that `state` is another."""

    changed = Signal()
    reported = Signal(str)
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
            return State("off", "Not started yet: the first action starts it.")
        device = self._about.get("device")
        where = f" on the {title_of(DEVICES, device).lower()}" if device else ""
        details = _details(self._about)
        return State("working", f"Working{where}", details) if working else State("ready", f"Ready{where}", details)

    @property
    def engines(self) -> tuple[Choice, ...]:
        """The engines to offer: with the installed networks, once the backend has named them."""
        return engines_of(self._about)

    def refresh(self) -> None:
        """Ask the backend what it says of itself, in a thread; it knows its device only once a job has run."""
        if self._name == READY:
            threading.Thread(target=self._ask, name="huefill-about", daemon=True).start()

    def report(self, facts: dict[str, str]) -> None:
        """Collect the text of a report in a thread; ``reported`` brings it."""
        threading.Thread(target=lambda: self.reported.emit(diagnostics.collect(self.session, facts)), daemon=True).start()

    def close(self) -> None:
        """Leave the backend; it cancels what is ours and exits if nobody else needs it."""
        self.session.close()

    def _enter(self, name: str) -> None:
        self._name = name
        if name == READY:
            self.refresh()
        self.changed.emit()

    def _ask(self) -> None:
        with contextlib.suppress(BackendError):
            self._answered.emit(self.session.about())

    def _learn(self, about: dict[str, Any]) -> None:
        self._about = about
        self.changed.emit()


def _details(about: dict[str, Any]) -> str:
    lines = [f"Huefill {about['version']}, process {about['pid']}"] if "version" in about and "pid" in about else []
    if "memory_bytes" in about:
        lines.append(f"memory in use: {about['memory_bytes'] / 1e6:.0f} MB")
    return "\n".join(lines)
