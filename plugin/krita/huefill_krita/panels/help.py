"""The foot of the docker: the log and a report, for when something goes wrong."""

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
        report = QtWidgets.QPushButton("Report a problem")
        report.setObjectName("huefill_report")
        report.setToolTip("Copy a report to the clipboard: versions, states and the ends of the logs, no pictures, no names")
        report.clicked.connect(model.report_problem)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for button in (log, report):
            button.setMinimumWidth(10)
            column.addWidget(button)
