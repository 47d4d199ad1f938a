"""Where the docker is at the very first start: a tab beside Tool Options. Afterwards it is where the person puts it."""

from __future__ import annotations

from typing import Any

from krita import Krita

from .qt import Qt, QtWidgets

_GROUP, _KEY = "huefill", "docker_has_a_place"
_TOOL_OPTIONS = "sharedtooldocker"
_HEIGHT = 430


def give(window: QtWidgets.QMainWindow, docker: Any) -> bool:
    """Put ``docker`` there and show it, unless it was done before; whether it was done now."""
    krita = Krita.instance()
    if krita.readSetting(_GROUP, _KEY, ""):
        return False
    krita.writeSetting(_GROUP, _KEY, "yes")
    beside = window.findChild(QtWidgets.QDockWidget, _TOOL_OPTIONS)
    docker.setFloating(False)
    # One that is behind another tab is not visible, but not hidden either.
    if beside is not None and not beside.isHidden() and not beside.isFloating():
        window.tabifyDockWidget(beside, docker)
        window.resizeDocks([docker], [_HEIGHT], Qt.Orientation.Vertical)
    else:
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, docker)
    docker.setVisible(True)
    docker.raise_()
    return True
