"""The menu entries under Tools ▸ Scripts."""

from __future__ import annotations

from functools import partial
from typing import Any

from huefill_protocol.actions import COLORIZE_POINTS, MATCH_COLORS, Action
from krita import Extension, Krita

from .colors import COLORS_DOCKER_ID, Studio
from .commands import COMMANDS, action_of
from .controller import controller


class HuefillExtension(Extension):
    """One action for each command; Krita makes a set of them for every window."""

    def __init__(self, application: Any, studio: Studio) -> None:
        super().__init__(application)
        self._studio = studio

    def setup(self) -> None:
        """Krita calls this once, before there is a window; there is nothing to prepare."""

    def createActions(self, window: Any) -> None:
        for name, command in COMMANDS.items():
            action = window.createAction(name, f"Huefill: {command.title}", "tools/scripts")
            action.setToolTip(command.tip)
            action.triggered.connect(partial(_start, name))
        for command in (COLORIZE_POINTS, MATCH_COLORS):
            action = window.createAction(action_of(command), f"Huefill: {command.title}", "tools/scripts")
            action.setToolTip(command.tip)
            action.triggered.connect(partial(self._color, command))

    def _color(self, command: Action, _checked: bool = False) -> None:
        """Show the docker in which colors are chosen, and begin with the active photo."""
        for docker in Krita.instance().dockers():
            if docker.objectName() == COLORS_DOCKER_ID:
                docker.setVisible(True)
                docker.raise_()
        self._studio.begin(command)


def _start(action: str, _checked: bool = False) -> None:
    controller().start(action)
