"""Remove by Brush: whether it is on, and what happens then. One for all of Krita's windows and documents."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from huefill_client.sentences import NOTHING_PAINTED, sentence_for
from huefill_protocol.choices import BRUSH_STROKE
from krita import Krita

from .. import messages
from ..controller import controller
from ..document import is_quiet
from ..qt import QObject, Qt, QtCore, QTimer, QtWidgets, Signal
from ..run import Run
from ..turns import Turns
from . import history
from .hands import Hands
from .painting import Painting
from .tools import Tools

_LOOK_MS = 100
# After a stroke, so that several can go together.
_SETTLE_S = 0.8
# A layer that Ctrl+Z has taken back does not come again while more may be taken back.
_REST_S = 0.4
# What the Layers docker takes to show a change.
_SHOWN_MS = 250
# Krita makes another layer active for moments when layers come and go.
_ASTRAY = 5


class Brush(QObject):
    """``changed`` when it was switched on or off. `toggle` is the action, `is_on` what a button shows."""

    changed = Signal()

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        self._paintings: list[Painting] = []
        self._current: Painting | None = None
        self._run: Run | None = None
        self._leaving = False
        self._fresh = False
        self._touched = 0.0
        self._astray = 0
        self._painted: Any = None
        self._tools = Tools()
        self._hands = Hands(self)
        self._hands.released.connect(self._touch)
        self._hands.hovers.connect(self._hovered)
        self._hands.keeps.connect(self._leave_at_once)
        self._hands.closes.connect(self._leave_to_close)
        self._turns = Turns(self._failed)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_on(self) -> bool:
        """Whether things can be painted over in the document that is shown."""
        return self._current is not None

    def toggle(self, _checked: bool = False) -> None:
        """On in the active document, or off; off while something is removed means: as soon as that is done."""
        if self._current is not None:
            self._leaving = self._run is not None
            if not self._leaving:
                self._leave()
            return
        document = Krita.instance().activeDocument()
        if document is None:
            self._model.say("told", messages.NO_DOCUMENT)
        elif self._model.progress is not None:
            self._model.say("told", messages.BUSY)
        else:
            self._turns.start(self._enter(self._painting_of(document) or Painting(document)))

    def _enter(self, painting: Painting) -> Iterator[int]:
        yield from painting.begin(self._model.choices.sample)
        if painting not in self._paintings:
            self._paintings.append(painting)
        self._begin(painting)
        self._model.say("told", messages.PAINT if self._model.choices.brush == BRUSH_STROKE else messages.PAINT_AND_ENTER)

    def _begin(self, painting: Painting) -> None:
        self._current, self._leaving, self._astray = painting, False, 0
        self._painted = painting.paint.bounds()
        self._fresh = not self._painted.empty
        self._tools.take()
        self._hands.watch(True)
        self._timer.start()
        self.changed.emit()

    def _end(self) -> None:
        """Nothing is painted over any more in what is shown; the document itself is not touched."""
        if self._current is None:
            return
        self._current, self._leaving = None, False
        self._tools.give_back()
        self._hands.watch(False)
        self.changed.emit()

    def _leave(self) -> None:
        painting = self._current
        self._end()
        if painting is not None:
            self._turns.start(painting.leave())

    def _leave_at_once(self) -> None:
        painting = self._current
        self._end()
        if painting is not None:
            self._turns.stop()
            painting.leave_at_once()

    def _leave_to_close(self) -> None:
        """Krita 5.1 crashes where a document is closed before the Layers docker has shown that a layer of it has gone."""
        if self._current is None:
            return
        self._leave_at_once()
        events = QtCore.QEventLoop()
        QTimer.singleShot(_SHOWN_MS, events.quit)
        events.exec(QtCore.QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    # What the hands ask

    def holds_off(self) -> bool:
        """Whether a stroke would land on a wrong layer now."""
        painting = self._current
        if painting is not None and painting.resting and not painting.switching:
            self._turns.start(painting.put())
            return True
        return painting is not None and painting.switching

    def pressed_enter(self) -> bool:
        painting = self._current
        if painting is None or painting.switching or self._run is not None or not is_quiet(painting.document):
            return False
        if painting.paint.bounds().empty:
            self._model.say("told", NOTHING_PAINTED)
        else:
            self._remove()
        return True

    def pressed_escape(self) -> bool:
        """The first one stops what is being removed, the next one ends it all."""
        if self._current is None or not is_quiet(self._current.document):
            return False
        if self._run is not None:
            self._model.cancel()
        elif not self._current.switching:
            self._leave()
        return True

    def _touch(self) -> None:
        self._touched, self._fresh = time.monotonic(), True

    def _hovered(self) -> None:
        painting = self._current
        if painting is None or not painting.resting or painting.switching or time.monotonic() - self._touched < _REST_S:
            return
        self._turns.start(painting.put())

    # What is looked at all the time

    def _look(self) -> None:
        self._forget_closed()
        if self._current is None:
            self._tools.give_back()
        shown = self._painting_of(Krita.instance().activeDocument())
        if self._current is not None and shown is not self._current:
            self._end()  # until that document is shown again
        if shown is None or shown.switching:
            return
        if self._current is None:
            # Shown again, or brought back by undo or redo.
            if shown.paint.node is not None:
                shown.on = True
                self._begin(shown)
                shown.document.setActiveNode(shown.paint.node)
            return
        if shown.paint.node is None:
            self._vanished(shown)
            return
        shown.resting = False
        self._astray = 0 if shown.is_active() else self._astray + 1
        if self._astray > _ASTRAY and self._run is None:
            self._leave()
        elif self._has_settled(shown) and self._model.choices.brush == BRUSH_STROKE and not self._painted.empty:
            self._remove()

    def _forget_closed(self) -> None:
        documents = Krita.instance().documents()
        self._paintings = [painting for painting in self._paintings if painting.document in documents]
        if self._current is not None and self._current not in self._paintings:
            self._turns.stop()
            self._end()
        if not self._paintings and not self._tools.are_taken:
            self._timer.stop()

    def _painting_of(self, document: Any) -> Painting | None:
        return next((painting for painting in self._paintings if painting.document == document), None)

    def _vanished(self, painting: Painting) -> None:
        """The layer is no longer there: taken back by Ctrl+Z, or deleted."""
        if painting.resting or not is_quiet(painting.document):
            return
        self._touched = time.monotonic()
        if not history.can_redo():
            self._leave()
            return
        self._turns.start(self._taken_back(painting))

    def _taken_back(self, painting: Painting) -> Iterator[int]:
        yield from painting.taken_back()
        if not painting.on:
            self._end()

    def _has_settled(self, painting: Painting) -> bool:
        """Whether there is new paint, and nobody is painting."""
        bounds = painting.paint.bounds()
        if bounds != self._painted:
            self._painted = bounds
            self._touch()
        busy = self._hands.pressing or QtWidgets.QApplication.mouseButtons() != Qt.MouseButton.NoButton or self._model.progress is not None
        return self._fresh and not busy and time.monotonic() - self._touched > _SETTLE_S and is_quiet(painting.document)

    # Removing

    def _remove(self) -> None:
        painting = self._current
        if painting is not None:
            self._fresh = False
            self._turns.start(self._removing(painting))

    def _removing(self, painting: Painting) -> Iterator[int]:
        order = yield from painting.order(self._model.choices)
        self._run = run = self._model.run(order)
        if run is not None:
            run.succeeded.connect(partial(self._ended, painting, True))
            run.failed.connect(partial(self._ended, painting, False))
            run.cancelled.connect(partial(self._ended, painting, False))

    def _ended(self, painting: Painting, done: bool, _news: Any = None) -> None:
        self._run = None
        self._forget_closed()
        if painting in self._paintings:
            self._turns.start(self._going_on(painting, done))

    def _going_on(self, painting: Painting, done: bool) -> Iterator[int]:
        leaving, self._leaving = self._leaving and done, False
        painting.on = painting.on and not leaving
        yield from painting.removed() if done else painting.failed()
        self._painted = painting.paint.bounds()
        self._fresh = done and not self._painted.empty
        self._touched = time.monotonic()
        if leaving and painting is self._current:
            self._end()

    def _failed(self, error: Exception) -> None:
        for painting in self._paintings:
            painting.switching = False
        self._model.say("told", sentence_for(error))


_brush: Brush | None = None


def brush() -> Brush:
    """The one of this Krita, made when it is first asked for."""
    global _brush
    if _brush is None:
        _brush = Brush(controller())
    return _brush
