"""The first line of the docker: whether the backend is there, and what it runs on."""

from __future__ import annotations

from typing import Any

from ..qt import Qt, QtWidgets
from .labels import Wrapped

_COLORS = {"off": "#8a8a8a", "starting": "#d9a441", "ready": "#4fae62", "working": "#4a90d9", "unreachable": "#d9534f"}


class BackendPanel(QtWidgets.QWidget):
    """A colored dot and a phrase."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        self._dot = QtWidgets.QLabel()
        self._dot.setFixedSize(10, 10)
        self._text = Wrapped()
        self._text.setObjectName("huefill_state")
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._dot, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        margin = max(0, (self._text.fontMetrics().height() - 10) // 2)
        row.setContentsMargins(0, margin, 0, 0)
        self._text.setContentsMargins(0, 0, 0, 0)
        self._text.setStyleSheet(f"margin-top: {-margin}px")
        model.backend_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        state = self._model.backend_state
        self._dot.setStyleSheet(f"background: {_COLORS[state.name]}; border-radius: 5px")
        self._text.setText(state.phrase)
        self.setToolTip(state.details)
