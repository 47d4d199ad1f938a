"""What runs, told over the canvas while no docker shows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from huefill_client.recipes import remaining
from krita import Krita

from .qt import QObject, QtGui

_EVERY_S, _STAYS_MS = 2.0, 2600


class CanvasProgress(QObject):
    """``seen`` tells whether a person sees the docker; what they see there is not said twice."""

    def __init__(self, model: Any, seen: Callable[[], bool]) -> None:
        super().__init__(model)
        self._model, self._seen = model, seen
        self._last = 0.0
        model.progress_changed.connect(self._tell)

    def _tell(self) -> None:
        progress = self._model.progress
        if progress is None:
            self._last = 0.0
            return
        now = time.monotonic()
        if now - self._last < _EVERY_S or self._seen():
            return
        window = Krita.instance().activeWindow()
        view = window.activeView() if window is not None else None
        if view is None or view.document() is None:
            return
        self._last = now
        words = [progress.stage, f"{progress.fraction:.0%}" if progress.fraction else "", remaining(progress.remaining)]
        view.showFloatingMessage(f"{progress.title}: {', '.join(word for word in words if word)}", QtGui.QIcon(), _STAYS_MS, 1)
