"""The menu entries of a plugin that could not be loaded: they say why. Uses as little of the plugin as possible."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from krita import Extension, Krita

from .qt import Qt, QtWidgets

_ROW = re.compile(r'<tr id="(huefill_\w+)"><td>Huefill: ([^<]+)</td>')


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
    """The titles of all actions by their ids: from the table of actions, or, where that is missing, from the manual."""
    try:
        from huefill_protocol.actions import offered
    except ImportError:
        return _entries_in_manual()
    return {action.key: action.title for action in offered("krita")}


def _entries_in_manual() -> dict[str, str]:
    try:
        text = (Path(__file__).parent / "Manual.html").read_text("utf-8")
    except OSError:
        text = ""
    return dict(_ROW.findall(text)) or {"huefill_remove_object": "Remove Object"}


def _tell(problem: str, _checked: bool = False) -> None:
    window = Krita.instance().activeWindow()
    box = QtWidgets.QMessageBox(window.qwindow() if window is not None else None)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Huefill")
    box.setText(problem)
    box.setInformativeText("Run “python3 installer krita” again, then restart Krita.")
    box.open()
