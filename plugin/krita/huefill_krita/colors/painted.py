"""Follows what is painted on the hint layer: read anew after each stroke, and handed on where it is another picture than before."""

from __future__ import annotations

from collections.abc import Iterator

from huefill_client.coloring import Coloring
from huefill_client.sentences import sentence_for
from krita import Krita

from .. import document as adapter
from ..qt import QObject, Qt, QtWidgets
from ..turns import Turns
from . import hint_layer
from .strokes import StrokeWatch

_BUSY_MS = 40


class PaintedHints(QObject):
    """Keeps ``coloring`` told of the hint layer of one document at a time."""

    def __init__(self, coloring: Coloring, parent: QObject) -> None:
        super().__init__(parent)
        self._coloring = coloring
        self._source: adapter.Source | None = None
        self._digest = b""
        self._reading = Turns(lambda error: coloring.say(sentence_for(error)))
        self._watch = StrokeWatch(self)
        self._watch.ended.connect(self._look)

    def start(self, source: adapter.Source) -> None:
        """Follow the hint layer of the photo's document from now on."""
        self._source, self._digest = source, b""
        self._watch.start()
        self._look()

    def stop(self) -> None:
        self._source = None
        self._watch.stop()
        self._reading.stop()

    def _look(self) -> None:
        if self._source is not None:
            self._reading.start(self._read(self._source))

    def _read(self, source: adapter.Source) -> Iterator[int]:
        while _hand_is_down() or not adapter.is_quiet(source.document):
            if source.document not in Krita.instance().documents():
                return  # it was closed
            yield _BUSY_MS
        layer = hint_layer.find(source.document)
        painted = None
        if layer is not None:
            painted = yield from hint_layer.read(layer, source.canvas, source.space.travels_as())
        digest = b"" if painted is None else painted.digest
        if digest != self._digest:
            self._digest = digest
            self._coloring.paint(None if painted is None else painted.picture)


def _hand_is_down() -> bool:
    return bool(QtWidgets.QApplication.mouseButtons() != Qt.MouseButton.NoButton)
