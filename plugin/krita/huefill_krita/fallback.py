"""The menu entries of a plugin that could not be loaded: they say why. Uses as little of the plugin as possible."""

from __future__ import annotations

from functools import partial
from typing import Any

from krita import Extension, Krita

from .commands import COMMANDS
from .messages import incomplete_plugin


def explaining_extension(error: Exception) -> type[Any]:
    """An Extension class with the usual actions, each of which tells ``error`` and what to do about it."""
    sentence = incomplete_plugin(str(error) or type(error).__name__)

    class ExplainingExtension(Extension):  # type: ignore[misc]
        def setup(self) -> None:
            pass

        def createActions(self, window: Any) -> None:
            for command in COMMANDS.values():
                action = window.createAction(command.action, f"Huefill: {command.title}", "tools/scripts")
                action.triggered.connect(partial(_tell, sentence))

    return ExplainingExtension


def _tell(sentence: Any, _checked: bool = False) -> None:
    from .notices import box

    window = Krita.instance().activeWindow()
    box(sentence, window.qwindow() if window is not None else None)
