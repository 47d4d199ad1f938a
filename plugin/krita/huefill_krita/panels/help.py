"""The foot of the docker: the log and the diagnostics, for when something is not as it should be."""

from __future__ import annotations

from typing import Any

from ..qt import QtWidgets


class HelpPanel(QtWidgets.QWidget):
    """Two buttons that shrink with the docker."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        log = QtWidgets.QPushButton("Open log")
        log.setObjectName("huefill_open_log")
        log.setToolTip("Show the backend's log file")
        log.clicked.connect(model.open_log)
        copy = QtWidgets.QPushButton("Copy diagnostics")
        copy.setObjectName("huefill_copy_diagnostics")
        copy.setToolTip("Copy versions, states and the end of the log to the clipboard; without pictures and without your name")
        copy.clicked.connect(model.copy_diagnostics)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for button in (log, copy):
            button.setMinimumWidth(10)
            column.addWidget(button)
