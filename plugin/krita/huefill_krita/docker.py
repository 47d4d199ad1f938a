"""The Huefill docker: a tab for each kind of work, and under them, always in sight, what runs and what was said."""

from __future__ import annotations

from typing import Any

from krita import DockWidget, Krita

from . import first_place, panels
from .colors import ColorTab, Studio
from .controller import controller
from .qt import Qt, QtCore, QtWidgets

DOCKER_ID = "huefill_docker"
REMOVE, COLOR = "huefill_tab_remove", "huefill_tab_color"


class HuefillDocker(DockWidget):
    """One per Krita window; every one shows the same state."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        self.setWindowTitle("Huefill")
        self.setWidget(_body(controller(), studio))

    def canvasChanged(self, canvas: Any) -> None:
        """Krita calls this with every change of the view."""
        self.studio.follow()
        first_place.in_front_again(self)


def show(tab: str) -> None:
    """Bring the docker's ``tab`` to the front in Krita's active window; one that is hidden is shown."""
    for docker in dockers():
        docker.setVisible(True)
        docker.raise_()
        tabs = docker.findChild(QtWidgets.QTabWidget, "huefill_tabs")
        tabs.setCurrentWidget(tabs.findChild(QtWidgets.QScrollArea, tab))


def dockers() -> list[Any]:
    """The docker of Krita's active window; empty where there is none yet."""
    return [docker for docker in Krita.instance().dockers() if docker.objectName() == DOCKER_ID]


def is_seen() -> bool:
    """Whether the docker of the active window is on the screen, not hidden and not behind another tab."""
    return any(docker.isVisible() and not docker.visibleRegion().isEmpty() for docker in dockers())


def _body(model: Any, studio: Studio) -> QtWidgets.QWidget:
    body = QtWidgets.QWidget()
    column = QtWidgets.QVBoxLayout(body)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    tabs = QtWidgets.QTabWidget()
    tabs.setObjectName("huefill_tabs")
    tabs.setDocumentMode(True)
    tabs.addTab(_scrolled(_remove_tab(model), REMOVE), "&Remove")
    tabs.addTab(_scrolled(ColorTab(studio), COLOR), "&Color")
    column.addWidget(tabs, 1)
    column.addWidget(panels.Strip(model))
    body.setMinimumHeight(220)
    return body


def _remove_tab(model: Any) -> QtWidgets.QWidget:
    tab = QtWidgets.QWidget()
    column = QtWidgets.QVBoxLayout(tab)
    column.setContentsMargins(6, 6, 6, 6)
    column.setSpacing(8)
    column.addWidget(panels.CommandsPanel(model))
    column.addWidget(panels.ChoicesPanel(model))
    column.addWidget(panels.ResultsPanel(model), 1)
    return tab


class _Scroll(QtWidgets.QScrollArea):
    """Scrolls only where the docker is lower than what is in it; never sideways."""

    def minimumSizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(self.widget().minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width(), 120)


def _scrolled(tab: QtWidgets.QWidget, name: str) -> QtWidgets.QScrollArea:
    scroll = _Scroll()
    scroll.setObjectName(name)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(tab)
    return scroll
