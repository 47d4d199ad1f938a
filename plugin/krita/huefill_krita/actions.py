"""The menu entries under Tools ▸ Scripts."""

from __future__ import annotations

from functools import partial
from typing import Any

from huefill_protocol.actions import Action, offered
from krita import Extension, Krita

from . import docker, first_place
from .brush import brush
from .canvas_progress import CanvasProgress
from .colors import Studio
from .controller import controller
from .qt import QTimer, QtWidgets


class HuefillExtension(Extension):
    """An entry for each row of the table of actions; Krita makes a set of them for every window."""

    def __init__(self, application: Any, studio: Studio) -> None:
        super().__init__(application)
        self._studio = studio
        self._progress = CanvasProgress(controller(), docker.is_seen)

    def setup(self) -> None:
        """Krita calls this once, before there is a window; there is nothing to prepare."""

    def createActions(self, window: Any) -> None:
        for row in offered("krita"):
            entry = window.createAction(row.key, f"Huefill: {row.title}", row.menu("krita"))
            entry.setToolTip(row.tip)
            entry.triggered.connect(brush().toggle if row.painted else partial(self._color if row.live else _start, row))

        # The window is not shown yet, and has no dockers.
        QTimer.singleShot(0, self._give_place)

    def _give_place(self) -> None:
        window = Krita.instance().activeWindow()
        shown = window.qwindow() if window is not None else None
        if shown is None or not shown.isVisible():
            QTimer.singleShot(100, self._give_place)
            return
        ours = shown.findChild(QtWidgets.QDockWidget, docker.DOCKER_ID)
        if ours is not None:
            first_place.give(shown, ours)

    def _color(self, action: Action, _checked: bool = False) -> None:
        """Show the tab in which colors are chosen, and begin with the active photo."""
        docker.show(docker.COLOR)
        self._studio.begin(action)


def _start(action: Action, _checked: bool = False) -> None:
    controller().start(action)
