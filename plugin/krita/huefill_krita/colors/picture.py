"""The docker's own picture of the photo: shows the colors, closer or whole, before or after; takes and moves points, by hand or by keys."""

from __future__ import annotations

from typing import Any

from huefill_client.color_points import ColorPoint
from huefill_client.view import View

from ..qt import Qt, QtCore, QtGui, QtWidgets
from . import marks
from .studio import Studio

_Key = Qt.Key
_ARROWS = {_Key.Key_Left: (-1, 0), _Key.Key_Right: (1, 0), _Key.Key_Up: (0, -1), _Key.Key_Down: (0, 1)}
_CLOSER_FROM, _LARGEST = 1.3, 1600
_CROSS_STEP = 4  # it has the whole picture to cross
# How it is used, in words.
HELP = (
    "Click: a point. Drag: move it. Right click or Delete: remove it. Wheel: closer. Middle button or Space: move the picture. "
    "Keys: arrows move the point, or a cross where none is selected; Enter places one; N selects the next, Escape none; 1 to 9 take a "
    "likely color; B shows the photo before; + − 0 zoom; Ctrl+Z undoes a change of the points."
)


class Picture(QtWidgets.QWidget):
    """``zoomed`` tells that it shows more or less of the photo, ``before`` whether it shows it without the new colors."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.setObjectName("huefill_picture")
        self.setAccessibleName("The photo in color")
        self._studio = studio
        self.view = View()
        self.before = False
        self._image: QtGui.QImage | None = None
        self._old: QtGui.QImage | None = None
        self._dragged: int | None = None
        self._panned: QtCore.QPointF | None = None
        self._space = False
        self._cross: QtCore.QPointF | None = None
        self.setMinimumSize(120, 110)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        studio.opened.connect(self._photo_changed)
        studio.pictured.connect(self._draw_picture)
        studio.points_changed.connect(self.update)
        studio.sources_changed.connect(self.update)
        self._photo_changed()

    # what is shown

    def _photo_changed(self) -> None:
        self._old, self._cross = None, None
        self._draw_picture()
        pointed = self._pointed()
        self.setCursor(Qt.CursorShape.CrossCursor if pointed else Qt.CursorShape.ArrowCursor)

    def _draw_picture(self) -> None:
        picture = self._studio.coloring.picture
        if picture is None:
            self._image = None
        else:
            height, width = picture.shape[:2]
            # QImage does not keep the bytes alive: a copy does.
            self._image = QtGui.QImage(bytes(picture.data), width, height, 3 * width, QtGui.QImage.Format.Format_RGB888).copy()
        self._lay_out()

    def show_before(self, before: bool) -> None:
        """Show the photo as it is, or in its new colors."""
        self.before = before
        if before and self._old is None:
            self._old = self._studio.photo.before()
        self.update()

    def zoom(self, steps: float) -> None:
        """Closer by ``steps``; 0 shows the whole photo."""
        if steps:
            self.view.closer(steps)
        else:
            self.view.fit()
        self._looked()

    def full_size(self) -> None:
        """One pixel of the photo for one of the screen."""
        self.view.full_size()
        self._looked()

    def _looked(self) -> None:
        close = self.view.zoom > _CLOSER_FROM
        frame = self.view.frame
        self._studio.coloring.look_closer(min(_LARGEST, round(max(frame.width, frame.height))) if close else 0)
        self.update()

    def _lay_out(self) -> None:
        source = self._studio.source
        self.view.lay_out((self.width(), self.height()), (0, 0) if source is None else (source.canvas.width, source.canvas.height))
        self.update()

    def resizeEvent(self, event: Any) -> None:
        self._lay_out()

    def frame(self) -> QtCore.QRectF:
        """Where the photo lies in the widget."""
        return QtCore.QRectF(*self.view.frame)

    def _spot(self, point: ColorPoint) -> QtCore.QPointF:
        """Where a point is drawn."""
        return QtCore.QPointF(*self.view.on_screen(point.x, point.y))

    def _pixel(self, place: QtCore.QPointF) -> tuple[float, float] | None:
        """The pixel of the photo at a place of the widget; None beside the photo."""
        return self.view.to_photo(place.x(), place.y())

    def sizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(260, 240)

    def _pointed(self) -> bool:
        photo = self._studio.coloring.photo
        return photo is not None and photo.pointed

    def paintEvent(self, event: Any) -> None:
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QtGui.QPalette.ColorRole.Base))
        shown = self._old if self.before and self._old is not None else self._image
        if shown is None:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words())
            return
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.frame(), shown)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        coloring = self._studio.coloring
        for point in coloring.points if self._pointed() else ():
            marks.draw(painter, point, self._spot(point), coloring, self.view.scale)
        if self.hasFocus() and self._cross is not None:
            for color, width in (("black", 3), ("white", 1)):
                painter.setPen(QtGui.QPen(QtGui.QColor(color), width))
                painter.drawLine(self._cross - QtCore.QPointF(9, 0), self._cross + QtCore.QPointF(9, 0))
                painter.drawLine(self._cross - QtCore.QPointF(0, 9), self._cross + QtCore.QPointF(0, 9))

    def _words(self) -> str:
        if self._studio.coloring.photo is None:
            return "Reading the photo…"
        return "Coloring…" if self._studio.coloring.ready else "Choose a reference or a saturation under More."

    # the hand

    def wheelEvent(self, event: Any) -> None:
        place = event.position()
        self.view.closer(event.angleDelta().y() / 120, (place.x(), place.y()))
        self._looked()
        event.accept()

    def mousePressEvent(self, event: Any) -> None:
        place = QtCore.QPointF(event.pos())
        if event.button() == Qt.MouseButton.MiddleButton or (event.button() == Qt.MouseButton.LeftButton and self._space):
            self._panned = place
            return
        if not self._pointed() or self._image is None:
            return
        coloring, self._cross = self._studio.coloring, None
        near, where = self._near(place), self._pixel(place)
        if event.button() == Qt.MouseButton.RightButton and near is not None:
            coloring.delete(near)
        elif event.button() == Qt.MouseButton.LeftButton:
            if near is not None:
                coloring.select(near)
            elif where is not None:
                coloring.place(*where)
            selected = coloring.selected
            self._dragged = selected.id if selected is not None and (near is not None or where is not None) else None

    def mouseMoveEvent(self, event: Any) -> None:
        place = QtCore.QPointF(event.pos())
        if self._panned is not None:
            by = place - self._panned
            self.view.drag(by.x(), by.y())
            self._panned = place
            self.update()
            return
        where = self._pixel(place)
        if self._dragged is not None and where is not None:
            self._studio.coloring.move(self._dragged, *where)

    def mouseReleaseEvent(self, event: Any) -> None:
        self._dragged = self._panned = None
        self._studio.coloring.settle()

    def _near(self, place: QtCore.QPointF) -> int | None:
        """The id of the point under a place of the widget, the uppermost first."""
        points = reversed(self._studio.coloring.points)
        return next((point.id for point in points if marks.near(place, self._spot(point))), None)

    # the keys

    def event(self, event: Any) -> bool:
        # Krita has shortcuts of its own for most of these keys; over the picture they mean the points.
        if event.type() == QtCore.QEvent.Type.ShortcutOverride and self._act_of(event) is not None:
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: Any) -> None:
        act = self._act_of(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def keyReleaseEvent(self, event: Any) -> None:
        if event.isAutoRepeat():
            return
        if event.key() == _Key.Key_Space:
            self._space = False
        elif event.key() == _Key.Key_B:
            self.show_before(False)
        elif event.key() in _ARROWS:
            self._studio.coloring.settle()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        self._space = False
        super().focusOutEvent(event)
        self.update()

    def _act_of(self, event: Any) -> Any:
        """What a key does here, or None."""
        key, coloring = event.key(), self._studio.coloring
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            redo = key == _Key.Key_Y or (key == _Key.Key_Z and far > 1)
            return coloring.redo if redo else coloring.undo if key == _Key.Key_Z else None
        acts: dict[Any, Any] = {
            _Key.Key_Space: lambda: setattr(self, "_space", True),
            _Key.Key_B: lambda: self.show_before(True),
            _Key.Key_Plus: lambda: self.zoom(1),
            _Key.Key_Minus: lambda: self.zoom(-1),
            _Key.Key_0: lambda: self.zoom(0),
        }
        if self._pointed() and self._image is not None:
            acts |= {arrow: lambda by=by: self._step(far * by[0], far * by[1]) for arrow, by in _ARROWS.items()}
            acts |= {_Key.Key_Return: self._place, _Key.Key_Enter: self._place, _Key.Key_N: self._next}
            acts |= {_Key.Key_Escape: lambda: coloring.select(None), _Key.Key_Delete: self._delete, _Key.Key_Backspace: self._delete}
            acts |= {getattr(_Key, f"Key_{number}"): lambda number=number: self._take(number) for number in range(1, 10)}
        return acts.get(key)

    def _step(self, x: float, y: float) -> None:
        """Move the selected point by pixels of the screen, or the cross where none is selected."""
        selected = self._studio.coloring.selected
        if selected is not None:
            to = self._spot(selected) + QtCore.QPointF(x, y)
        else:
            to = (self._cross or QtCore.QPointF(self.rect().center())) + _CROSS_STEP * QtCore.QPointF(x, y)
        where = self._pixel(to)
        if where is None:
            return
        if selected is not None:
            self._studio.coloring.move(selected.id, *where)
        else:
            self._cross = to
            self.update()

    def _place(self) -> None:
        where = self._pixel(self._cross or QtCore.QPointF(self.rect().center()))
        if where is not None:
            self._cross = None
            self._studio.coloring.place(*where)

    def _next(self) -> None:
        points, selected = self._studio.coloring.points, self._studio.coloring.selected
        if points:
            number = -1 if selected is None else points.index(selected)
            self._studio.coloring.select(points[(number + 1) % len(points)].id)

    def _delete(self) -> None:
        selected = self._studio.coloring.selected
        if selected is not None:
            self._studio.coloring.delete(selected.id)

    def _take(self, number: int) -> None:
        likely = self._studio.coloring.suggestions
        if number <= len(likely):
            red, green, blue = likely[number - 1].rgb
            self._studio.coloring.recolor((float(red), float(green), float(blue)))
