"""The menu entries under Tools ▸ Scripts."""

from __future__ import annotations

from functools import partial
from typing import Any

from huefill_protocol.actions import Action, offered
from krita import Extension, Krita

from .brush import brush
from .colors import COLORS_DOCKER_ID, Studio
from .controller import controller


class HuefillExtension(Extension):
    """An entry for each row of the table of actions; Krita makes a set of them for every window."""

    def __init__(self, application: Any, studio: Studio) -> None:
        super().__init__(application)
        self._studio = studio

    def setup(self) -> None:
        """Krita calls this once, before there is a window; there is nothing to prepare."""

    def createActions(self, window: Any) -> None:
        for row in offered("krita"):
            entry = window.createAction(row.key, f"Huefill: {row.title}", row.menu("krita"))
            entry.setToolTip(row.tip)
            entry.triggered.connect(brush().toggle if row.painted else partial(self._color if row.live else _start, row))

    def _color(self, action: Action, _checked: bool = False) -> None:
        """Show the docker in which colors are chosen, and begin with the active photo."""
        for docker in Krita.instance().dockers():
            if docker.objectName() == COLORS_DOCKER_ID:
                docker.setVisible(True)
                docker.raise_()
        self._studio.begin(action)


def _start(action: Action, _checked: bool = False) -> None:
    controller().start(action)
