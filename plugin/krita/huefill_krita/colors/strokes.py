"""Tells when a stroke of a brush, or an undo, may have changed a layer: Krita's own interface for Python does not."""

from __future__ import annotations

from typing import Any

from krita import Krita

from ..qt import QObject, QtCore, QTimer, Signal

_REST_MS = 250
_ENDS = (
    QtCore.QEvent.Type.MouseButtonRelease,
    QtCore.QEvent.Type.TabletRelease,
    QtCore.QEvent.Type.TouchEnd,
    QtCore.QEvent.Type.KeyRelease,
)


class StrokeWatch(QObject):
    """``ended`` comes a moment after the last release of a button, a pen or a key in one of Krita's windows, or an undo from its menu.

    It sees the input that the system sends to the windows, not the events inside of them.
    """

    ended = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._windows: list[Any] = []
        self._actions: list[Any] = []
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.ended)

    def start(self) -> None:
        """Watch the windows that there are now."""
        self.stop()
        self._windows = [window.qwindow().windowHandle() for window in Krita.instance().windows()]
        self._actions = [Krita.instance().action(name) for name in ("edit_undo", "edit_redo")]
        for window in self._windows:
            window.installEventFilter(self)
        for action in self._actions:
            action.triggered.connect(self.look_again)

    def stop(self) -> None:
        for window in self._windows:
            window.removeEventFilter(self)
        for action in self._actions:
            action.triggered.disconnect(self.look_again)
        self._windows, self._actions = [], []
        self._rest.stop()

    def look_again(self, _checked: bool = False) -> None:
        """Tell a moment later."""
        self._rest.start()

    def eventFilter(self, watched: QObject, event: Any) -> bool:
        if event.type() in _ENDS:
            self.look_again()
        return False
