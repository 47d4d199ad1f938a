"""The Huefill docker: what the backend is doing, what to choose, what was done. It shows the controller and holds nothing itself."""

from __future__ import annotations

from typing import Any

from krita import DockWidget

from . import panels
from .controller import controller
from .qt import Qt, QtWidgets

DOCKER_ID = "huefill_docker"


class HuefillDocker(DockWidget):
    """One per Krita window; every one shows the same state."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Huefill")
        self.setWidget(build(controller()))

    def canvasChanged(self, canvas: Any) -> None:
        """Krita calls this with every change of the view; the docker does not depend on which one is shown."""


def build(model: Any) -> QtWidgets.QWidget:
    """The docker's contents, scrolling where the docker is low and breaking its lines where it is narrow."""
    body = QtWidgets.QWidget()
    column = QtWidgets.QVBoxLayout(body)
    column.setContentsMargins(6, 6, 6, 6)
    column.setSpacing(8)
    column.addWidget(panels.BackendPanel(model))
    column.addWidget(panels.NoticePanel(model))
    column.addWidget(panels.ProgressPanel(model))
    column.addWidget(panels.CommandsPanel(model))
    column.addWidget(panels.ChoicesPanel(model))
    column.addWidget(panels.ResultsPanel(model), 1)
    column.addWidget(panels.HelpPanel(model))
    scroll = QtWidgets.QScrollArea()
    scroll.setObjectName("huefill_scroll")
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(body)
    scroll.setMinimumSize(190, 160)
    return scroll
