"""Colors to choose from: the nine likeliest for the selected point, all that its lightness allows, recent ones, any by its number."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from huefill_client.lab import lab_to_rgb, rgb_to_lab

from ..panels.labels import Wrapped
from ..qt import Qt, QtCore, QtGui, QtWidgets

_NINE = 9
_REACH = 110


class PalettePanel(QtWidgets.QWidget):
    """Swatches with likelihoods, the ab gamut, recent colors and an entry for a hexadecimal color."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._words = Wrapped(faint=True)
        column.addWidget(self._words)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(2)
        self.swatches = [_Swatch(self._choose, f"huefill_swatch_{number}") for number in range(_NINE)]
        for swatch in self.swatches:
            row.addWidget(swatch)
        column.addLayout(row)
        below = QtWidgets.QHBoxLayout()
        self._gamut = Gamut(model)
        below.addWidget(self._gamut)
        side = QtWidgets.QVBoxLayout()
        self._hex = QtWidgets.QLineEdit()
        self._hex.setObjectName("huefill_hex")
        self._hex.setPlaceholderText("#c08050")
        self._hex.setMaxLength(7)
        self._hex.setToolTip("A color by its number; Enter gives it to the selected point.")
        self._hex.returnPressed.connect(self._enter)
        side.addWidget(self._hex)
        grid = QtWidgets.QGridLayout()
        grid.setSpacing(2)
        self._recent = [_Swatch(self._choose, f"huefill_recent_{number}") for number in range(10)]
        for number, swatch in enumerate(self._recent):
            grid.addWidget(swatch, number // 5, number % 5)
        side.addLayout(grid)
        side.addStretch(1)
        below.addLayout(side, 1)
        column.addLayout(below)
        model.changed.connect(self._show)
        model.previewed.connect(self._show)
        self._show()

    def _show(self) -> None:
        chosen = 0 <= self._model.state.selected < len(self._model.state.points)
        palette = self._model.palette if chosen else []
        self._words.setText("Likely colors for this point:" if chosen else "Place or select a point to be offered colors.")
        for number, swatch in enumerate(self.swatches):
            item = palette[number] if number < len(palette) else None
            swatch.show_color(None if item is None else tuple(item["rgb"]), "" if item is None else f"{100 * item['probability']:.0f} %")
        for number, swatch in enumerate(self._recent):
            swatch.show_color(self._model.recent[number] if number < len(self._model.recent) else None, "")
        self._hex.setEnabled(chosen)
        if chosen and not self._hex.hasFocus():
            red, green, blue = (round(value) for value in self._model.state.points[self._model.state.selected].rgb)
            self._hex.setText(f"#{red:02x}{green:02x}{blue:02x}")
        self._gamut.show_point()

    def _choose(self, rgb: tuple[int, int, int]) -> None:
        self._model.recolor(rgb)

    def _enter(self) -> None:
        match = re.fullmatch("#?([0-9a-fA-F]{6})", self._hex.text().strip())
        if match:
            number = int(match.group(1), 16)
            self._choose((number >> 16, (number >> 8) & 255, number & 255))


class _Swatch(QtWidgets.QToolButton):
    """One color; its likelihood is a bar beneath and a tooltip."""

    def __init__(self, chosen: Any, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._rgb: tuple[int, int, int] | None = None
        self._share = 0.0
        self.setMinimumSize(14, 22)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        self.clicked.connect(partial(self._click, chosen))

    def show_color(self, rgb: tuple[int, int, int] | None, likely: str) -> None:
        self._rgb = rgb
        self._share = float(likely.rstrip(" %")) / 100 if likely else 0.0
        self.setEnabled(rgb is not None)
        self.setToolTip("" if rgb is None else f"#{rgb[0]:02x}{rgb[1]:02x}{rgb[2]:02x}" + (f", {likely}" if likely else ""))
        self.update()

    def paintEvent(self, event: Any) -> None:
        painter = QtGui.QPainter(self)
        area = self.rect().adjusted(0, 0, -1, -1)
        if self._rgb is None:
            painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.Mid))
            painter.drawRect(area)
            return
        painter.fillRect(area, QtGui.QColor(*self._rgb))
        if self._share:
            painter.fillRect(0, self.height() - 4, max(1, round(self.width() * self._share)), 3, QtGui.QColor("white"))
        painter.setPen(QtGui.QColor("white" if self.hasFocus() or self.underMouse() else "black"))
        painter.drawRect(area)

    def _click(self, chosen: Any, _checked: bool = False) -> None:
        if self._rgb is not None:
            chosen(self._rgb)


class Gamut(QtWidgets.QWidget):
    """Every color that the selected point's lightness allows: a to the right, b upwards. A click takes one."""

    _CELLS = 44

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.setObjectName("huefill_gamut")
        self._model = model
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
        index = self._model.state.selected
        if not 0 <= index < len(self._model.state.points):
            return None
        point = self._model.state.points[index]
        shown = self._model.color_at(point.x, point.y)
        if shown is None:
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
            self._model.recolor(rgb)
