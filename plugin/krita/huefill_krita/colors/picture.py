"""The docker's own picture of the photo: shows the colors, closer or whole, before and after; takes and moves points by hand."""

from __future__ import annotations

from typing import Any

from huefill_client.color_points import ColorPoint
from huefill_client.comparison import Comparison
from huefill_client.confidence import veil
from huefill_client.view import Frame, View
from huefill_protocol.wire import Tensor

from ..qt import Qt, QtCore, QtGui, QtWidgets, Signal
from . import marks
from .picture_keys import Keys
from .studio import Studio

_CLOSER_FROM, _LARGEST = 1.3, 1600


class Picture(QtWidgets.QWidget):
    """``compared`` tells that it shows before and after otherwise than it did."""

    compared = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.setObjectName("huefill_picture")
        self.setAccessibleName("The photo in color")
        self.studio = studio
        self.view = View()
        self.comparison = Comparison(self.view)
        # Where a key would set a point.
        self.cross: QtCore.QPointF | None = None
        self.space = False
        self._keys = Keys(self)
        self._image: QtGui.QImage | None = None
        self._veil: QtGui.QImage | None = None
        self._old: QtGui.QImage | None = None
        self._peeked: QtGui.QImage | None = None
        self._dragged: int | None = None
        self._panned: QtCore.QPointF | None = None
        self.setMinimumSize(120, 110)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        studio.opened.connect(self._photo_changed)
        studio.pictured.connect(self._draw_picture)
        studio.points_changed.connect(self.update)
        studio.sources_changed.connect(self._draw_veil)
        self._photo_changed()

    # what is shown

    def _photo_changed(self) -> None:
        self._old, self._peeked, self.cross = None, None, None
        self._draw_picture()
        self._point_to(None)

    def _draw_picture(self) -> None:
        picture = self.studio.coloring.picture
        self._image = None if picture is None else image_of(picture)
        if self.comparison.whole or self.comparison.divided:
            self._old = self.studio.photo.before()
        self._draw_veil()
        self.view_changed()

    def _draw_veil(self) -> None:
        confidence = self.studio.coloring.confidence
        self._veil = None if confidence is None else image_of(veil(confidence))
        self.update()

    def show_before(self, before: bool) -> None:
        """Show all of the photo as it is, or its new colors."""
        if before != self.comparison.whole:
            self.comparison.whole = before
            self._compared()

    def divide(self, divided: bool) -> None:
        """Show the photo as it is on the left of a line, in its new colors on the right."""
        if divided != self.comparison.divided:
            self.comparison.divide(divided)
            self._compared()

    def _compared(self) -> None:
        if self._old is None and (self.comparison.whole or self.comparison.divided):
            self._old = self.studio.photo.before()
        self.compared.emit()
        self.update()

    def peek(self, image: QtGui.QImage | None) -> None:
        """Show another picture of the photo for as long as a hand is on it; None shows the colors again."""
        self._peeked = image
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
        self.studio.coloring.look_closer(min(_LARGEST, round(max(frame.width, frame.height))) if close else 0)
        self.update()

    def view_changed(self) -> None:
        """Lay the photo out in the widget as it is now."""
        source = self.studio.source
        self.view.lay_out((self.width(), self.height()), (0, 0) if source is None else (source.canvas.width, source.canvas.height))
        self.update()

    def resizeEvent(self, event: Any) -> None:
        self.view_changed()

    def frame(self) -> QtCore.QRectF:
        """Where the photo lies in the widget."""
        return QtCore.QRectF(*self.view.frame)

    def spot(self, point: ColorPoint) -> QtCore.QPointF:
        """Where a point is drawn."""
        return QtCore.QPointF(*self.view.on_screen(point.x, point.y))

    def pixel(self, place: QtCore.QPointF) -> tuple[float, float] | None:
        """The pixel of the photo at a place of the widget; None beside the photo."""
        return self.view.to_photo(place.x(), place.y())

    def sizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(260, 240)

    def _pointed(self) -> bool:
        photo = self.studio.coloring.photo
        return photo is not None and photo.pointed

    @property
    def takes_points(self) -> bool:
        """Whether there is a picture, and its colors can be said by points."""
        return self._pointed() and self._image is not None

    def paintEvent(self, event: Any) -> None:
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QtGui.QPalette.ColorRole.Base))
        if self._image is None:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words())
            return
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        if self._peeked is not None:
            painter.drawImage(self.frame(), self._peeked)
            return
        # Until the photo as it was has been made small, the whole of it is after.
        after = self.view.seen if self._old is None else self.comparison.after
        self._draw_part(painter, self._image, after)
        self._draw_part(painter, self._veil, after)
        self._draw_part(painter, self._old, self.comparison.before)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        coloring = self.studio.coloring
        for point in coloring.points if self._pointed() else ():
            marks.draw(painter, point, self.spot(point), coloring, self.view.scale)
        self._draw_line(painter)
        if self.hasFocus() and self.cross is not None:
            for color, width in (("black", 3), ("white", 1)):
                painter.setPen(QtGui.QPen(QtGui.QColor(color), width))
                painter.drawLine(self.cross - QtCore.QPointF(9, 0), self.cross + QtCore.QPointF(9, 0))
                painter.drawLine(self.cross - QtCore.QPointF(0, 9), self.cross + QtCore.QPointF(0, 9))

    def _draw_part(self, painter: QtGui.QPainter, image: QtGui.QImage | None, part: Frame | None) -> None:
        if image is not None and part is not None:
            painter.setClipRect(QtCore.QRectF(*part))
            painter.drawImage(self.frame(), image)
            painter.setClipping(False)

    def _draw_line(self, painter: QtGui.QPainter) -> None:
        """The line between before and after, with a grip in its middle."""
        line, seen = self.comparison.line, self.view.seen
        if line is None:
            return
        top, bottom = seen.y, seen.y + seen.height
        grip = QtCore.QRectF(line - 3.5, (top + bottom) / 2 - 12, 7, 24)
        for color, more in (("black", 2), ("white", 0)):
            painter.setPen(QtGui.QPen(QtGui.QColor(color), 1 + more))
            painter.drawLine(QtCore.QPointF(line, top), QtCore.QPointF(line, bottom))
            painter.setBrush(QtGui.QColor("white"))
            painter.drawRoundedRect(grip, 3, 3)

    def _words(self) -> str:
        if self.studio.coloring.photo is None:
            return "Reading the photo…"
        return "Coloring…" if self.studio.coloring.ready else "Choose a reference or a saturation under More."

    # the hand

    def wheelEvent(self, event: Any) -> None:
        place = event.position()
        self.view.closer(event.angleDelta().y() / 120, (place.x(), place.y()))
        self._looked()
        event.accept()

    def mousePressEvent(self, event: Any) -> None:
        place, left = QtCore.QPointF(event.pos()), event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self.space):
            self._panned = place
            return
        near, where = self._near(place), self.pixel(place)
        if left and near is None and self.comparison.grab(place.x(), place.y()):
            return
        if not self.takes_points:
            return
        coloring, self.cross = self.studio.coloring, None
        if event.button() == Qt.MouseButton.RightButton and near is not None:
            coloring.delete(near)
        elif left:
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
        elif self.comparison.pull(place.x()):
            self.update()
        elif self._dragged is not None:
            where = self.pixel(place)
            if where is not None:
                self.studio.coloring.move(self._dragged, *where)
        else:
            self._point_to(place)

    def mouseReleaseEvent(self, event: Any) -> None:
        self._dragged = self._panned = None
        self.comparison.let_go()
        self.studio.coloring.settle()

    def _near(self, place: QtCore.QPointF) -> int | None:
        """The id of the point under a place of the widget, the uppermost first."""
        points = reversed(self.studio.coloring.points if self._pointed() else ())
        return next((point.id for point in points if marks.near(place, self.spot(point))), None)

    def _point_to(self, place: QtCore.QPointF | None) -> None:
        """Show by the cursor what a hand there would take hold of."""
        shape = Qt.CursorShape.CrossCursor if self._pointed() else Qt.CursorShape.ArrowCursor
        if place is not None and self.comparison.near(place.x(), place.y()) and self._near(place) is None:
            shape = Qt.CursorShape.SplitHCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    # the keys

    def event(self, event: Any) -> bool:
        # Krita has shortcuts of its own for most of these keys; over the picture they mean the points.
        if event.type() == QtCore.QEvent.Type.ShortcutOverride and self._keys.act_of(event) is not None:
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: Any) -> None:
        act = self._keys.act_of(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def keyReleaseEvent(self, event: Any) -> None:
        if not event.isAutoRepeat() and not self._keys.released(event.key()):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        self.space = False
        # The key that is held is let go of elsewhere.
        self._keys.forget()
        super().focusOutEvent(event)
        self.update()


def image_of(picture: Tensor) -> QtGui.QImage:
    """A picture of 3 or 4 bytes a pixel, as Qt shows it."""
    height, width, channels = picture.shape
    form = QtGui.QImage.Format.Format_RGBA8888 if channels == 4 else QtGui.QImage.Format.Format_RGB888
    # QImage does not keep the bytes alive: a copy does.
    return QtGui.QImage(bytes(picture.data), width, height, channels * width, form).copy()
