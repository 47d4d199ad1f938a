"""Where the docker is at the very first start: a tab beside Tool Options. Afterwards it is where the person puts it."""

from __future__ import annotations

from functools import partial
from typing import Any

from krita import Krita

from .qt import Qt, QTimer, QtWidgets

_GROUP, _KEY = "huefill", "docker_has_a_place"
_TOOL_OPTIONS = "sharedtooldocker"
_HEIGHT = 430
_SETTLES_MS = 400
# Whether it was put there in this session, and no photo has been shown since.
_again = False


def give(window: QtWidgets.QMainWindow, docker: Any) -> bool:
    """Put ``docker`` there and show it, unless it was done before; whether it was done now."""
    krita = Krita.instance()
    if krita.readSetting(_GROUP, _KEY, ""):
        return False
    krita.writeSetting(_GROUP, _KEY, "yes")
    beside = window.findChild(QtWidgets.QDockWidget, _TOOL_OPTIONS)
    docker.setFloating(False)
    # Also where Tool Options is hidden: Krita 5.2 shows it with the first photo. Never by addDockWidget: PyQt gives the docker away with
    # it, and what is ours of it in Python ends with the moment, without a word.
    if beside is not None and not beside.isFloating():
        window.tabifyDockWidget(beside, docker)
        window.resizeDocks([docker], [_HEIGHT], Qt.Orientation.Vertical)
    docker.setVisible(True)
    docker.raise_()
    global _again
    _again = True
    return True


def in_front_again(docker: Any) -> None:
    """Called with every change of the view: Krita 5.2 shows Tool Options only with the first photo, and in front."""
    global _again
    if _again and Krita.instance().documents():
        _again = False
        QTimer.singleShot(_SETTLES_MS, partial(_come, docker))


def _come(docker: Any) -> None:
    window = Krita.instance().activeWindow()
    if window is not None:
        window.qwindow().resizeDocks([docker], [_HEIGHT], Qt.Orientation.Vertical)
    docker.raise_()
