"""Points directly on Krita's canvas, where this Krita tells a plugin what lies under the hand (5.2 and later)."""

from __future__ import annotations

from typing import Any

from krita import Krita

from ..qt import QObject, Qt, QtCore, QtGui, QtWidgets
from . import marks
from .studio import Studio

_CANVASES = ("KisOpenGLCanvas2", "KisQPainterCanvas")
_LOOK_MS = 50
_Type = QtCore.QEvent.Type
_PRESSES = (_Type.MouseButtonPress, _Type.MouseButtonDblClick, _Type.TabletPress)
_MOVES = (_Type.MouseMove, _Type.TabletMove)
_RELEASES = (_Type.MouseButtonRelease, _Type.TabletRelease)
_KEYS = (_Type.KeyPress, _Type.KeyRelease)


class PointsOnCanvas(QObject):
    """While it is switched on, a click on the canvas places a point, a drag moves one, a right click removes it; all else is Krita's."""

    def __init__(self, studio: Studio, parent: QObject) -> None:
        super().__init__(parent)
        self._studio = studio
        self._canvas: QtWidgets.QWidget | None = None
        self._sheet: _Sheet | None = None
        self._dragged: int | None = None
        self._space = False
        self._look = QtCore.QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._follow)

    @property
    def possible(self) -> bool:
        """Whether this Krita says which pixel lies where on the canvas."""
        window = Krita.instance().activeWindow()
        view = window.activeView() if window is not None else None
        return hasattr(view, "flakeToCanvasTransform") and hasattr(view, "flakeToImageTransform")

    @property
    def words(self) -> str:
        # Asked for before there is a view: the version says the same.
        major, minor = (int(part) for part in Krita.instance().version().split("-")[0].split(".")[:2])
        if (major, minor) >= (5, 2):
            return "Points on the canvas: click to place one there, drag to move it, right click to remove it."
        return "Points on the canvas: only Krita 5.2 and later tells a plugin which pixel is clicked. Use the picture above."

    def switch(self, on: bool) -> None:
        self._leave()
        if on and self.possible:
            self._look.start()
            self._follow()

    def _leave(self) -> None:
        self._look.stop()
        self._dragged, self._space = None, False
        if self._canvas is not None:
            self._canvas.removeEventFilter(self)
            self._canvas = None
        if self._sheet is not None:
            self._sheet.deleteLater()
            self._sheet = None

    def _follow(self) -> None:
        """The canvas of the document that is shown may be another one by now, or show another part."""
        canvas = _shown_canvas()
        if canvas is not self._canvas:
            running = self._look.isActive()
            self._leave()
            if running:
                self._look.start()
            if canvas is not None:
                canvas.installEventFilter(self)
                self._canvas, self._sheet = canvas, _Sheet(canvas, self._studio)
        if self._sheet is not None:
            self._sheet.follow(_to_canvas())

    def eventFilter(self, watched: QObject, event: Any) -> bool:
        kind = event.type()
        if kind in _KEYS and event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = kind == _Type.KeyPress
        if kind in _MOVES:
            return self._moved(_place(event))
        if kind in _RELEASES:
            mine, self._dragged = self._dragged is not None, None
            self._studio.coloring.settle()
            return mine
        # With a key held down the hand moves, turns or zooms Krita's own view.
        if kind in _PRESSES and not self._space and not QtWidgets.QApplication.keyboardModifiers():
            return self._pressed(_place(event), event.button())
        return False

    def _pressed(self, place: QtCore.QPointF, button: Any) -> bool:
        coloring, way = self._studio.coloring, _to_canvas()
        back, can = way.inverted()
        if not can or button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return False
        found = next((point.id for point in reversed(coloring.points) if marks.near(place, _centre(way, point))), None)
        if button == Qt.MouseButton.RightButton:
            if found is not None:
                coloring.delete(found)
            return found is not None
        where, source = back.map(place), self._studio.source
        if found is not None:
            coloring.select(found)
        elif source is not None and source.canvas.width > where.x() >= 0 <= where.y() < source.canvas.height:
            coloring.place(where.x() - 0.5, where.y() - 0.5)
        else:
            return False
        selected = coloring.selected
        self._dragged = None if selected is None else selected.id
        return True

    def _moved(self, place: QtCore.QPointF) -> bool:
        if self._dragged is None:
            return False
        back, can = _to_canvas().inverted()
        source = self._studio.source
        if can and source is not None:
            where = back.map(place)
            x, y = (
                min(max(0.0, value - 0.5), side - 1.0)
                for value, side in zip((where.x(), where.y()), (source.canvas.width, source.canvas.height), strict=True)
            )
            self._studio.coloring.move(self._dragged, x, y)
        return True


class _Sheet(QtWidgets.QWidget):
    """Lies over the canvas, lets every click through and shows the points."""

    def __init__(self, canvas: QtWidgets.QWidget, studio: Studio) -> None:
        super().__init__(canvas)
        self.setObjectName("huefill_points_on_canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._studio = studio
        self._way = QtGui.QTransform()
        studio.points_changed.connect(self.update)
        self.show()

    def follow(self, way: QtGui.QTransform) -> None:
        """``way`` leads from the photo's pixels to the canvas's."""
        self.setGeometry(self.parentWidget().rect())
        if way != self._way:
            self._way = way
            self.update()

    def paintEvent(self, event: Any) -> None:
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        coloring = self._studio.coloring
        scale = (self._way.m11() ** 2 + self._way.m12() ** 2) ** 0.5
        for point in coloring.points:
            marks.draw(painter, point, _centre(self._way, point), coloring, scale)


def _centre(way: QtGui.QTransform, point: Any) -> QtCore.QPointF:
    return way.map(QtCore.QPointF(point.x + 0.5, point.y + 0.5))


def _place(event: Any) -> QtCore.QPointF:
    """Where a mouse or a pen is on the canvas; Qt 6 has one name for both."""
    return event.position() if hasattr(event, "position") else QtCore.QPointF(event.pos())


def _to_canvas() -> QtGui.QTransform:
    """From the photo's pixels to the canvas's, as the view is zoomed, moved and turned at the moment."""
    view = Krita.instance().activeWindow().activeView()
    to_image, to_canvas = view.flakeToImageTransform(), view.flakeToCanvasTransform()
    back, can = to_image.inverted()
    return back * to_canvas if can else QtGui.QTransform()


def _shown_canvas() -> QtWidgets.QWidget | None:
    """The widget of the view that is shown."""
    window = Krita.instance().activeWindow()
    if window is None or window.activeView() is None:
        return None
    for widget in window.qwindow().centralWidget().findChildren(QtWidgets.QWidget):
        if widget.metaObject().className() in _CANVASES and widget.isVisible():
            return widget
    return None
