"""The docker's own picture of the photo: shows the colors, takes and moves points."""

from __future__ import annotations

from typing import Any

from huefill_client.color_points import ColorPoint

from ..qt import Qt, QtCore, QtGui, QtWidgets
from .studio import Studio

_GRAB = 9


class Picture(QtWidgets.QWidget):
    """A click places a point, a drag moves one, a right click or Delete removes it."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.setObjectName("huefill_picture")
        self._studio, self._coloring = studio, studio.coloring
        self._image: QtGui.QImage | None = None
        self._dragged: int | None = None
        self.setMinimumSize(120, 110)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        studio.opened.connect(self._photo_changed)
        studio.pictured.connect(self._draw_picture)
        studio.points_changed.connect(self.update)
        studio.sources_changed.connect(self.update)
        self._photo_changed()
        self._draw_picture()

    def _photo_changed(self) -> None:
        self._draw_picture()
        self.updateGeometry()
        pointed = self._pointed()
        self.setToolTip("Click: a point. Drag: move it. Right click or Delete: remove it." if pointed else "")
        self.setCursor(Qt.CursorShape.CrossCursor if pointed else Qt.CursorShape.ArrowCursor)

    def _draw_picture(self) -> None:
        picture = self._coloring.picture
        if picture is None:
            self._image = None
        else:
            height, width = picture.shape[:2]
            # QImage does not keep the bytes alive: a copy does.
            self._image = QtGui.QImage(bytes(picture.data), width, height, 3 * width, QtGui.QImage.Format.Format_RGB888).copy()
        self.update()

    def _pointed(self) -> bool:
        photo = self._coloring.photo
        return photo is not None and photo.pointed

    @property
    def _canvas(self) -> tuple[int, int]:
        source = self._studio.source
        return (0, 0) if source is None else (source.canvas.width, source.canvas.height)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        across, down = self._canvas
        return min(420, max(110, round(width * down / across))) if across else 110

    def sizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(260, self.heightForWidth(260))

    def frame(self) -> QtCore.QRectF:
        """Where the photo lies in the widget."""
        across, down = self._canvas
        if not across:
            return QtCore.QRectF()
        scale = min(self.width() / across, self.height() / down)
        return QtCore.QRectF((self.width() - across * scale) / 2, (self.height() - down * scale) / 2, across * scale, down * scale)

    def to_photo(self, place: QtCore.QPointF) -> tuple[float, float] | None:
        """The pixel of the photo at a place of the widget; None beside the photo."""
        frame = self.frame()
        if not frame.contains(place):
            return None
        across, down = self._canvas
        x, y = (place.x() - frame.x()) * across / frame.width() - 0.5, (place.y() - frame.y()) * down / frame.height() - 0.5
        return min(across - 1.0, max(0.0, x)), min(down - 1.0, max(0.0, y))

    def _on_screen(self, point: ColorPoint) -> QtCore.QPointF:
        frame, (across, down) = self.frame(), self._canvas
        return QtCore.QPointF(frame.x() + (point.x + 0.5) * frame.width() / across, frame.y() + (point.y + 0.5) * frame.height() / down)

    def paintEvent(self, event: Any) -> None:
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QtGui.QPalette.ColorRole.Base))
        if self._image is None:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words())
            return
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.frame(), self._image)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        for point in self._coloring.points if self._pointed() else ():
            self._mark(painter, point)

    def _words(self) -> str:
        if self._studio.source is None:
            return "Press “Color This Photo” to begin."
        if self._coloring.photo is None:
            return "Reading the photo…"
        return "Coloring…" if self._coloring.ready else "Choose a reference or a saturation below."

    def _mark(self, painter: QtGui.QPainter, point: ColorPoint) -> None:
        centre, chosen = self._on_screen(point), point == self._coloring.selected
        painter.setPen(QtGui.QPen(QtGui.QColor("black"), 4 if chosen else 2))
        painter.setBrush(QtGui.QColor(*(round(value) for value in point.rgb)))
        painter.drawEllipse(centre, 7.0, 7.0)
        painter.setPen(QtGui.QPen(QtGui.QColor("white"), 2 if chosen else 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, 7.0, 7.0)
        if point.id in self._coloring.beyond:
            painter.drawText(centre + QtCore.QPointF(9, -5), "!")

    def mousePressEvent(self, event: Any) -> None:
        if not self._pointed() or self._image is None:
            return
        place = QtCore.QPointF(event.pos())
        near, where = self._near(place), self.to_photo(place)
        if event.button() == Qt.MouseButton.RightButton and near is not None:
            self._coloring.delete(near)
        elif event.button() == Qt.MouseButton.LeftButton:
            if near is not None:
                self._coloring.select(near)
            elif where is not None:
                self._coloring.place(*where)
            selected = self._coloring.selected
            self._dragged = selected.id if selected is not None and (near is not None or where is not None) else None

    def mouseMoveEvent(self, event: Any) -> None:
        where = self.to_photo(QtCore.QPointF(event.pos()))
        if self._dragged is not None and where is not None:
            self._coloring.move(self._dragged, *where)

    def mouseReleaseEvent(self, event: Any) -> None:
        self._dragged = None
        self._coloring.settle()

    def keyPressEvent(self, event: Any) -> None:
        selected = self._coloring.selected if self._pointed() else None
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and selected is not None:
            self._coloring.delete(selected.id)
        else:
            super().keyPressEvent(event)

    def _near(self, place: QtCore.QPointF) -> int | None:
        """The id of the point under a place of the widget, the uppermost first."""
        for point in reversed(self._coloring.points):
            away = self._on_screen(point) - place
            if away.x() ** 2 + away.y() ** 2 <= _GRAB**2:
                return point.id
        return None
