"""The last thing that was said, until it is dismissed or something new begins."""

from __future__ import annotations

from typing import Any

from ..qt import Qt, QtWidgets
from .labels import Wrapped

_EDGES = {"done": "#4fae62", "told": "#d9a441", "failed": "#d9534f"}


class NoticePanel(QtWidgets.QFrame):
    """What happened, what to do, and a small button that dismisses it."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.setObjectName("huefill_notice")
        self._model = model
        self._message = Wrapped()
        self._message.setObjectName("huefill_message")
        font = self._message.font()
        font.setBold(True)
        self._message.setFont(font)
        self._remedy = Wrapped()
        self._remedy.setObjectName("huefill_remedy")
        close = QtWidgets.QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip("Dismiss")
        close.clicked.connect(model.dismiss)
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(8, 6, 4, 6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._message, 0, 0)
        grid.addWidget(close, 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._remedy, 1, 0, 1, 2)
        model.notice_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        notice = self._model.notice
        self.setVisible(notice is not None)
        if notice is None:
            return
        self._message.setText(notice.sentence.message)
        self._remedy.setText(notice.sentence.remedy)
        self._remedy.setVisible(bool(notice.sentence.remedy))
        edge = _EDGES[notice.kind]
        self.setStyleSheet(f"#huefill_notice {{ border: 1px solid palette(mid); border-left: 4px solid {edge}; border-radius: 3px; }}")
