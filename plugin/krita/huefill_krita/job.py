"""One backend job as a Qt object: everything slow happens in threads, everything that is said arrives on the GUI thread."""

from __future__ import annotations

import threading

from huefill_client.jobs import DONE, Begin, JobRunner, Outcome, Update
from huefill_client.sentences import Sentence, sentence_for

from .qt import QObject, Signal


class BackendJob(QObject):
    """``updated(Update)`` and then exactly one of ``done(JobResult)``, ``failed(Sentence)``, ``cancelled()``.

    ``begin(on_update, on_end)`` starts the job, outside the GUI thread.
    """

    updated = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, begin: Begin, parent: QObject) -> None:
        super().__init__(parent)
        self._begin_job = begin
        self._lock = threading.Lock()
        self._runner: JobRunner | None = None
        self._stopping = False

    def start(self) -> None:
        threading.Thread(target=self._begin, name="huefill-prepare", daemon=True).start()

    def cancel(self) -> None:
        """Returns at once; ``cancelled`` follows."""
        with self._lock:
            self._stopping = True
            runner = self._runner
        if runner is not None:
            runner.cancel()

    def _begin(self) -> None:
        if self._stopping:
            self.cancelled.emit()
            return
        try:
            runner = self._begin_job(self._update, self._end)
        except Exception as error:
            self.failed.emit(sentence_for(error))
            return
        with self._lock:
            self._runner = runner
            stopping = self._stopping
        if stopping:
            runner.cancel()

    def _update(self, update: Update) -> None:
        self.updated.emit(update)

    def _end(self, outcome: Outcome) -> None:
        if outcome.result is not None and outcome.state == DONE:
            self.done.emit(outcome.result)
        elif outcome.error is not None:
            self.failed.emit(Sentence(outcome.error.code, outcome.error.message, outcome.error.remedy))
        else:
            self.cancelled.emit()
