"""The colors that one lightness allows, as a field to choose from."""

from __future__ import annotations

from typing import Any

from huefill_client.lab import lab_to_rgb, rgb_to_lab

from ..qt import Qt, QtCore, QtGui, QtWidgets
from .studio import Studio

_REACH = 110


class Gamut(QtWidgets.QWidget):
    """Every color that the selected point's lightness allows: a to the right, b upwards. A click takes one."""

    _CELLS = 44

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.setObjectName("huefill_gamut")
        self._studio = studio
        self._lightness = -1
        self._image: QtGui.QImage | None = None
        self.setFixedSize(88, 88)
        self.setToolTip("All colors of this point's lightness; click one.")

    def show_point(self) -> None:
        lab = self._lab()
        lightness = -1 if lab is None else round(lab[0])
        if lightness != self._lightness:
            self._lightness = lightness
            self._image = None if lab is None else self._drawn(lightness)
        self.update()

    def _lab(self) -> tuple[float, float, float] | None:
        """The selected point's color at the lightness that the photo has there."""
        point = self._studio.coloring.selected
        shown = None if point is None else self._studio.coloring.color_at(point.x, point.y)
        if point is None or shown is None:
            return None
        _, a, b = rgb_to_lab(point.rgb)
        return rgb_to_lab(shown)[0], a, b

    def _drawn(self, lightness: float) -> QtGui.QImage:
        image = QtGui.QImage(self._CELLS, self._CELLS, QtGui.QImage.Format.Format_ARGB32)
        image.fill(0)
        for row in range(self._CELLS):
            for column in range(self._CELLS):
                rgb = lab_to_rgb(lightness, *self._place(column + 0.5, row + 0.5, self._CELLS))
                if rgb is not None:
                    image.setPixelColor(column, row, QtGui.QColor(*rgb))
        return image

    @staticmethod
    def _place(x: float, y: float, size: float) -> tuple[float, float]:
        return (2 * x / size - 1) * _REACH, (1 - 2 * y / size) * _REACH

    def paintEvent(self, event: Any) -> None:
        painter = QtGui.QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QtGui.QPalette.ColorRole.Base))
        lab = self._lab()
        if self._image is None or lab is None:
            return
        painter.drawImage(QtCore.QRectF(self.rect()), self._image)
        x, y = (lab[1] / _REACH + 1) * self.width() / 2, (1 - lab[2] / _REACH) * self.height() / 2
        painter.setPen(QtGui.QPen(QtGui.QColor("black"), 2))
        painter.drawEllipse(QtCore.QPointF(x, y), 3.5, 3.5)

    def mousePressEvent(self, event: Any) -> None:
        if self._lightness < 0 or event.button() != Qt.MouseButton.LeftButton:
            return
        rgb = lab_to_rgb(self._lightness, *self._place(event.pos().x(), event.pos().y(), self.width()))
        if rgb is not None:
            red, green, blue = rgb
            self._studio.coloring.recolor((float(red), float(green), float(blue)))
