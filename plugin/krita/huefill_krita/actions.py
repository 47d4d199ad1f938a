"""The menu entries under Tools ▸ Scripts."""

from __future__ import annotations

from functools import partial
from typing import Any

from huefill_protocol.actions import COLORIZE_POINTS, MATCH_COLORS
from krita import Extension, Krita

from .colors import COLORS_DOCKER_ID, studio
from .commands import COMMANDS, action_of
from .controller import controller


class HuefillExtension(Extension):
    """One action for each command; Krita makes a set of them for every window."""

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
            action.triggered.connect(_color)


def _color(_checked: bool = False) -> None:
    """Show the docker in which colors are chosen, and begin with the active photo."""
    for docker in Krita.instance().dockers():
        if docker.objectName() == COLORS_DOCKER_ID:
            docker.setVisible(True)
            docker.raise_()
    if not studio().is_open:
        studio().open()


def _start(action: str, _checked: bool = False) -> None:
    controller().start(action)
