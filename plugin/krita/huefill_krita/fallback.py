"""The menu entries of a plugin that could not be loaded: they say why. Uses as little of the plugin as possible."""

from __future__ import annotations

from functools import partial
from typing import Any

from krita import Extension, Krita

from .qt import Qt, QtWidgets


def explaining_extension(error: Exception) -> type[Any]:
    """An Extension class with the usual actions, each of which tells ``error`` and what to do about it."""
    entries = _entries()
    problem = f"Huefill could not start inside Krita: {error or type(error).__name__}."

    class ExplainingExtension(Extension):  # type: ignore[misc]
        def setup(self) -> None:
            pass

        def createActions(self, window: Any) -> None:
            for name, title in entries.items():
                action = window.createAction(name, f"Huefill: {title}", "tools/scripts")
                action.triggered.connect(partial(_tell, problem))

    return ExplainingExtension


def _entries() -> dict[str, str]:
    try:
        from .commands import COMMANDS
    except ImportError:  # what both editors share is missing altogether
        return {"huefill_remove_object": "Remove Object"}
    return {name: command.title for name, command in COMMANDS.items()}


def _tell(problem: str, _checked: bool = False) -> None:
    window = Krita.instance().activeWindow()
    box = QtWidgets.QMessageBox(window.qwindow() if window is not None else None)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Huefill")
    box.setText(problem)
    box.setInformativeText("Run “python3 installer krita” again, then restart Krita.")
    box.open()
