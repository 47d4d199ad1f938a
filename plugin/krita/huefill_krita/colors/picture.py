"""The docker's own picture of the photo: shows the colors, takes and moves points."""

from __future__ import annotations

from typing import Any

from ..qt import Qt, QtCore, QtGui, QtWidgets

_GRAB = 9


class Picture(QtWidgets.QWidget):
    """A click places a point, a drag moves one, a right click or Delete removes it."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.setObjectName("huefill_picture")
        self._model = model
        self._dragged = -1
        self._moved = False
        self.setMinimumSize(120, 110)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Click: a point. Drag: move it. Right click or Delete: remove it.")
        self.setCursor(Qt.CursorShape.CrossCursor)
        model.previewed.connect(self._show)
        model.changed.connect(self._show)

    def _show(self) -> None:
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        across, down = self._model.canvas
        return min(420, max(110, round(width * down / across))) if across else 110

    def sizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(260, self.heightForWidth(260))

    def frame(self) -> QtCore.QRectF:
        """Where the photo lies in the widget."""
        across, down = self._model.canvas
        if not across:
            return QtCore.QRectF()
        scale = min(self.width() / across, self.height() / down)
        return QtCore.QRectF((self.width() - across * scale) / 2, (self.height() - down * scale) / 2, across * scale, down * scale)

    def to_photo(self, place: QtCore.QPointF) -> tuple[float, float] | None:
        frame = self.frame()
        if not frame.contains(place):
            return None
        across, down = self._model.canvas
        x, y = (place.x() - frame.x()) * across / frame.width() - 0.5, (place.y() - frame.y()) * down / frame.height() - 0.5
        return min(across - 1.0, max(0.0, x)), min(down - 1.0, max(0.0, y))

    def _on_screen(self, x: float, y: float) -> QtCore.QPointF:
        frame, (across, down) = self.frame(), self._model.canvas
        return QtCore.QPointF(frame.x() + (x + 0.5) * frame.width() / across, frame.y() + (y + 0.5) * frame.height() / down)

    def paintEvent(self, event: Any) -> None:
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QtGui.QPalette.ColorRole.Base))
        if self._model.image is None:
            words = "Reading the photo…" if self._model.is_open else "Press “Color this photo” to begin."
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
            return
        painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.frame(), self._model.image)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        for index, point in enumerate(self._model.state.points):
            centre = self._on_screen(point.x, point.y)
            chosen = index == self._model.state.selected
            painter.setPen(QtGui.QPen(QtGui.QColor("black"), 3 if chosen else 2))
            painter.setBrush(QtGui.QColor(*(round(value) for value in point.rgb)))
            painter.drawEllipse(centre, 7.0, 7.0)
            painter.setPen(QtGui.QPen(QtGui.QColor("white"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 7.0, 7.0)
            if index in self._model.beyond:
                painter.drawText(centre + QtCore.QPointF(9, -5), "!")

    def mousePressEvent(self, event: Any) -> None:
        place = QtCore.QPointF(event.pos())
        near = self._near(place)
        if event.button() == Qt.MouseButton.RightButton:
            if near >= 0:
                self._model.delete(near)
        elif event.button() == Qt.MouseButton.LeftButton and self._model.image is not None:
            where = self.to_photo(place)
            if near >= 0:
                self._model.select(near)
            elif where is not None:
                self._model.place(*where)
            self._dragged, self._moved = self._model.state.selected, False

    def mouseMoveEvent(self, event: Any) -> None:
        where = self.to_photo(QtCore.QPointF(event.pos()))
        if self._dragged >= 0 and where is not None:
            self._model.move(self._dragged, *where, done=not self._moved)
            self._moved = True

    def mouseReleaseEvent(self, event: Any) -> None:
        where = self.to_photo(QtCore.QPointF(event.pos()))
        if self._moved and where is not None:
            self._model.move(self._dragged, *where, done=False)
            self._model.keep()
        self._dragged = -1

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._model.state.selected >= 0:
            self._model.delete(self._model.state.selected)
        else:
            super().keyPressEvent(event)

    def _near(self, place: QtCore.QPointF) -> int:
        for index, point in reversed(list(enumerate(self._model.state.points))):
            away = self._on_screen(point.x, point.y) - place
            if away.x() ** 2 + away.y() ** 2 <= _GRAB**2:
                return index
        return -1
