"""How a sentence reaches the person: always in the docker; beside it floating over the canvas, or in a box where that is not enough."""

from __future__ import annotations

from dataclasses import dataclass

from huefill_client.sentences import Sentence
from krita import Krita

from .qt import QtGui, QtWidgets

# Without these solved nothing works at all: a message that fades after seconds would be missed.
_MUST_BE_SEEN = ("not_installed", "start_failed", "version")
# Python would take away a box that has no parent and that nobody holds.
_open: list[QtWidgets.QMessageBox] = []
_SECONDS = {"done": 4, "told": 7, "failed": 12}


@dataclass(frozen=True)
class Notice:
    """``kind`` is "done", "told" (the person can go on at once) or "failed"."""

    kind: str
    sentence: Sentence


def show(notice: Notice) -> None:
    """Returns at once; a box stays until it is closed but holds nothing up."""
    window = Krita.instance().activeWindow()
    view = window.activeView() if window is not None else None
    shown = False
    if view is not None and view.document() is not None:
        shown = True
        view.showFloatingMessage(notice.sentence.text, QtGui.QIcon(), _SECONDS[notice.kind] * 1000, 1)
    if notice.sentence.code in _MUST_BE_SEEN or not shown:
        box(notice.sentence, window.qwindow() if window is not None else None)


def box(sentence: Sentence, parent: QtWidgets.QWidget | None) -> QtWidgets.QMessageBox:
    """A message box that is open and does not block."""
    message = QtWidgets.QMessageBox(parent)
    message.setObjectName("huefill_box")
    message.setWindowTitle("Huefill")
    message.setIcon(QtWidgets.QMessageBox.Icon.Information)
    message.setText(sentence.message)
    message.setInformativeText(sentence.remedy)
    message.finished.connect(_closed)
    _open.append(message)
    message.open()
    return message


def _closed(_result: int) -> None:
    for message in [message for message in _open if not message.isVisible()]:
        _open.remove(message)
        message.deleteLater()
