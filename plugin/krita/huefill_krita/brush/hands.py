"""What the person does with pen, mouse and keys while painting over things: begin and end of a stroke, Enter, Escape, saving, closing."""

from __future__ import annotations

from typing import Any

from ..qt import QObject, Qt, QtCore, QtGui, QtWidgets, Signal

_CANVASES = ("KisOpenGLCanvas2", "KisQPainterCanvas")
_Type = QtCore.QEvent.Type
_PRESSES = (_Type.MouseButtonPress, _Type.MouseButtonDblClick, _Type.TabletPress, _Type.TouchBegin)
_RELEASES = (_Type.MouseButtonRelease, _Type.TabletRelease, _Type.TouchEnd, _Type.TouchCancel)
_MOVES = (_Type.MouseMove, _Type.TabletMove, _Type.HoverMove)
_KEYS = (_Type.ShortcutOverride, _Type.KeyPress)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TYPING = (QtWidgets.QLineEdit, QtWidgets.QTextEdit, QtWidgets.QPlainTextEdit, QtWidgets.QAbstractSpinBox, QtWidgets.QComboBox)
# Actions after which the paint would be in a file, or part of another layer.
_KEEPING = ("file_", "save_", "flatten_image", "merge_layer", "copy_merged")
_CLOSING = ("QMdiSubWindow", "KisMainWindow")


class Hands(QObject):
    """Watches all of Krita's events while it is `watching`: an event filter on the canvas alone misses some of them."""

    released = Signal()  # a stroke has ended, or a click
    hovers = Signal()  # the pointer moves over the canvas, nothing pressed
    keeps = Signal()  # the document is about to be saved or flattened
    closes = Signal()  # it is about to be closed

    def __init__(self, owner: Any) -> None:
        """``owner.holds_off()``: whether a stroke must not begin now. ``owner.pressed_enter()`` and ``owner.pressed_escape()`` say
        whether the key was of use."""
        super().__init__(owner)
        self._owner = owner
        self._watching = False
        self.pressing = False

    def watch(self, watching: bool) -> None:
        application = QtWidgets.QApplication.instance()
        if watching and not self._watching:
            application.installEventFilter(self)
        elif self._watching and not watching:
            application.removeEventFilter(self)
        self._watching, self.pressing = watching, False

    def eventFilter(self, watched: QObject, event: QtCore.QEvent) -> bool:
        """Whether the event is kept from everybody else."""
        kind = event.type()
        if kind in _MOVES:
            if not self.pressing and _is_canvas(watched) and not QtWidgets.QApplication.keyboardModifiers():
                self.hovers.emit()
        elif kind in _PRESSES:
            return self._pressed(watched)
        elif kind in _RELEASES:
            self._released(watched)
        elif kind in _KEYS:
            return isinstance(event, QtGui.QKeyEvent) and self._key(watched, event)
        elif kind == _Type.Shortcut and _keeps(watched):
            self.keeps.emit()
        elif kind == _Type.Close and _class_of(watched) in _CLOSING:
            self.closes.emit()
        return False

    def _pressed(self, watched: QObject) -> bool:
        if not _is_canvas(watched):
            return False
        if self._owner.holds_off():
            return True
        self.pressing = True
        return False

    def _released(self, watched: QObject) -> None:
        if self.pressing and _is_canvas(watched):
            self.pressing = False
            self.released.emit()
        elif _keeps(_action_under(watched)):
            self.keeps.emit()

    def _key(self, watched: QObject, event: QtGui.QKeyEvent) -> bool:
        if isinstance(watched, QtWidgets.QMenu):
            if event.key() in _ENTER and event.type() == _Type.KeyPress and _keeps(watched.activeAction()):
                self.keeps.emit()
            return False
        wanted = event.key() == Qt.Key.Key_Escape or event.key() in _ENTER
        if not wanted or not isinstance(watched, QtWidgets.QWidget) or self.pressing or _is_elsewhere() or event.modifiers():
            return False
        if event.type() == _Type.ShortcutOverride:
            # Nobody's shortcut: the key itself follows.
            event.accept()
            return True
        return bool(self._owner.pressed_escape() if event.key() == Qt.Key.Key_Escape else self._owner.pressed_enter())


def _is_canvas(widget: QObject) -> bool:
    return _class_of(widget) in _CANVASES


def _class_of(thing: QObject) -> str:
    return str(thing.metaObject().className())


def _action_under(widget: QObject) -> Any:
    """The action that a click on a menu or a button of the toolbar is about to start."""
    if isinstance(widget, QtWidgets.QMenu):
        return widget.activeAction()
    return widget.defaultAction() if isinstance(widget, QtWidgets.QToolButton) else None


def _keeps(action: Any) -> bool:
    return isinstance(action, QtGui.QAction if hasattr(QtGui, "QAction") else QtWidgets.QAction) and action.objectName().startswith(
        _KEEPING
    )


def _is_elsewhere() -> bool:
    """Whether keys are meant for something else: a field that is typed into, a menu, a dialog."""
    application = QtWidgets.QApplication
    if application.activePopupWidget() is not None or application.activeModalWidget() is not None:
        return True
    return isinstance(application.focusWidget(), _TYPING)
