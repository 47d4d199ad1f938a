"""What runs, what was said, what was done: one for all of Krita's windows. Menu actions and dockers call it and follow its signals."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

from huefill_client import log
from huefill_client.recipes import duration
from huefill_client.sentences import CANCELLED, Sentence, done
from huefill_client.settings import Settings
from huefill_protocol import locations
from huefill_protocol.actions import Action
from krita import Krita

from . import compare, messages
from .backend import Backend, State
from .notices import Notice, show
from .qt import BINDING, QObject, QtCore, QtGui, QtWidgets, Signal
from .run import Order, Past, Run

_KEPT = 8


@dataclass(frozen=True)
class Progress:
    """What the docker shows of the run: ``fraction`` in [0, 1], ``remaining`` seconds or None, ``stopping`` once Cancel was pressed,
    ``warnings`` what a person should know before it is done."""

    title: str
    stage: str = "beginning"
    fraction: float = 0.0
    remaining: float | None = None
    stopping: bool = False
    warnings: tuple[Sentence, ...] = ()


class Controller(QObject):
    """Runs one command at a time; every method returns at once."""

    backend_changed = Signal()
    progress_changed = Signal()
    notice_changed = Signal()
    history_changed = Signal()
    choices_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.backend = Backend()
        self.backend.changed.connect(self.backend_changed)
        self.backend.reported.connect(self._reported)
        self.choices = Settings.load()
        self.progress: Progress | None = None
        self.notice: Notice | None = None
        self.history: deque[Past] = deque(maxlen=_KEPT)
        self._run: Run | None = None
        QtWidgets.QApplication.instance().aboutToQuit.connect(self._leave)

    @property
    def backend_state(self) -> State:
        return self.backend.state(working=self._run is not None)

    def start(self, action: Action) -> None:
        """Run ``action`` on the active document."""
        document = Krita.instance().activeDocument()
        if document is None:
            self.say("told", messages.NO_DOCUMENT)
        else:
            self._launch(Order(action, self.choices), document)

    def again(self, past: Past, new_seed: bool) -> None:
        """Run a finished command once more on its own layer and region."""
        order = past.order.seeded(random.randrange(1, 10000)) if new_seed and past.order.varies else past.order
        assert order.source is not None
        self._launch(order, order.source.document)

    def compare(self, past: Past, before: bool) -> None:
        """Show the photo without a finished result, or with it and without the other ones at its place."""
        self.say("told", compare.show(past, list(self.history), before))

    def run(self, order: Order) -> Run | None:
        """Run an order that says its own source; None where something else runs already."""
        assert order.source is not None
        return self._launch(order, order.source.document)

    def cancel(self) -> None:
        if self._run is not None and self.progress is not None:
            self._set_progress(replace(self.progress, stage="stopping", remaining=None, stopping=True))
            self._run.cancel()

    def choose(self, name: str, value: Any) -> None:
        """Remember a choice (a field of `Settings`) for this and later sessions, in both editors."""
        self.choices = replace(self.choices, **{name: value})
        self.choices_changed.emit()
        try:
            self.choices.save()
        except OSError as error:
            self.say("told", messages.choice_not_kept(str(error)))

    def dismiss(self) -> None:
        self.notice = None
        self.notice_changed.emit()

    def open_log(self) -> None:
        """Show the backend's log in the desktop's own viewer; where there is none, say where the log lies."""
        file = locations.log_file()
        if not file.exists():
            self.say("told", messages.no_log(str(file)))
        elif not QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(str(file))):
            self.say("told", messages.log_lies_at(str(file)))

    def report_problem(self) -> None:
        """Copy a report to the clipboard, as soon as it is collected."""
        # The message's code: its words may hold the name of a layer.
        notice = "none" if self.notice is None else self.notice.sentence.code
        self.backend.report({"Krita": Krita.instance().version(), "Qt": f"{QtCore.qVersion()} ({BINDING})", "last message": notice})

    def _reported(self, text: str) -> None:
        QtWidgets.QApplication.clipboard().setText(text)
        self.say("done", messages.REPORT_COPIED)

    def _launch(self, order: Order, document: Any) -> Run | None:
        if self._run is not None:
            self.say("told", messages.BUSY)
            return None
        self.dismiss()
        self._run = Run(order, document, self.backend.session, self)
        self._run.progressed.connect(self._progressed)
        self._run.warned.connect(self._warned)
        self._run.succeeded.connect(self._succeeded)
        self._run.failed.connect(self._failed)
        self._run.cancelled.connect(self._cancelled)
        self._set_progress(Progress(order.command.title))
        self.backend_changed.emit()
        log.note(f"{order.command.id}: begins")
        self._run.start()
        return self._run

    def _progressed(self, stage: str, fraction: float, remaining: float | None) -> None:
        if self.progress is not None and not self.progress.stopping:
            self._set_progress(replace(self.progress, stage=stage, fraction=fraction, remaining=remaining))

    def _warned(self, warnings: tuple[Sentence, ...]) -> None:
        if self.progress is not None and warnings != self.progress.warnings:
            self._set_progress(replace(self.progress, warnings=warnings))

    def _succeeded(self, past: Past) -> None:
        if past.node is not None:
            self.history.appendleft(past)
            self.history_changed.emit()
        remedy, source = f"It took {duration(past.seconds)}.", past.order.source
        if source is not None and source.document != Krita.instance().activeDocument():
            remedy = f"{messages.put_elsewhere(past.document)} {remedy}"
        self._end("told" if past.warnings else "done", done(past.command.title, past.warnings, remedy))

    def _failed(self, sentence: Sentence) -> None:
        self._end("told" if sentence.code in messages.TOLD else "failed", sentence)

    def _cancelled(self) -> None:
        self._end("told", CANCELLED)

    def _end(self, kind: str, sentence: Sentence) -> None:
        log.note(f"ends: {sentence.code}")
        if self._run is not None:
            self._run.deleteLater()
        self._run = None
        self._set_progress(None)
        self.backend_changed.emit()
        self.backend.refresh()
        self.say(kind, sentence)

    def say(self, kind: str, sentence: Sentence) -> None:
        """Tell a person: ``kind`` is one of `Notice`."""
        self.notice = Notice(kind, sentence)
        self.notice_changed.emit()
        show(self.notice)

    def _set_progress(self, progress: Progress | None) -> None:
        self.progress = progress
        self.progress_changed.emit()

    def _leave(self) -> None:
        if self._run is not None:
            self._run.cancel()
        self.backend.close()


_controller: Controller | None = None


def controller() -> Controller:
    """The one controller, made when it is first asked for."""
    global _controller
    if _controller is None:
        _controller = Controller()
    return _controller
