"""The menu entries under Tools ▸ Scripts."""

from __future__ import annotations

from functools import partial
from typing import Any

from krita import Extension

from .commands import COMMANDS
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


def _start(action: str, _checked: bool = False) -> None:
    controller().start(action)
