"""Colors to choose from: the nine likeliest for the selected point, all that its lightness allows, recent ones, any by its number."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from ..panels.labels import Wrapped
from ..qt import QtGui, QtWidgets
from .gamut import Gamut
from .studio import Studio

_NINE, _RECENT = 9, 10


class PalettePanel(QtWidgets.QWidget):
    """Swatches with likelihoods, the ab gamut, recent colors and an entry for a hexadecimal color."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._coloring = studio.coloring
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._words = Wrapped(faint=True)
        column.addWidget(self._words)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(2)
        self._swatches = [_Swatch(self._choose, f"huefill_swatch_{number}") for number in range(_NINE)]
        for swatch in self._swatches:
            row.addWidget(swatch)
        column.addLayout(row)
        below = QtWidgets.QHBoxLayout()
        self._gamut = Gamut(self._coloring)
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
        self._recent = [_Swatch(self._choose, f"huefill_recent_{number}") for number in range(_RECENT)]
        for number, swatch in enumerate(self._recent):
            grid.addWidget(swatch, number // 5, number % 5)
        side.addLayout(grid)
        side.addStretch(1)
        below.addLayout(side, 1)
        column.addLayout(below)
        studio.suggested.connect(self._show_suggestions)
        studio.points_changed.connect(self._show_point)
        studio.pictured.connect(self._gamut.show_point)
        self._show_suggestions()
        self._show_point()

    def _show_suggestions(self) -> None:
        likely = self._coloring.suggestions if self._coloring.selected is not None else ()
        for number, swatch in enumerate(self._swatches):
            item = likely[number] if number < len(likely) else None
            swatch.show_color(None if item is None else item.rgb, None if item is None else item.probability)

    def _show_point(self) -> None:
        chosen, recent = self._coloring.selected, self._coloring.recent
        self._words.setText("Likely colors for this point:" if chosen else "Place or select a point to see likely colors.")
        for number, swatch in enumerate(self._recent):
            swatch.show_color(_whole(recent[number]) if number < len(recent) else None)
        self._hex.setEnabled(chosen is not None)
        if not self._hex.hasFocus():
            self._hex.setText("" if chosen is None else "#{:02x}{:02x}{:02x}".format(*_whole(chosen.rgb)))
        self._gamut.show_point()

    def _choose(self, rgb: tuple[int, int, int]) -> None:
        red, green, blue = rgb
        self._coloring.recolor((float(red), float(green), float(blue)))

    def _enter(self) -> None:
        match = re.fullmatch("#?([0-9a-fA-F]{6})", self._hex.text().strip())
        if match:
            number = int(match.group(1), 16)
            self._choose((number >> 16, (number >> 8) & 255, number & 255))


def _whole(rgb: tuple[float, float, float]) -> tuple[int, int, int]:
    red, green, blue = (round(value) for value in rgb)
    return red, green, blue


class _Swatch(QtWidgets.QToolButton):
    """One color; its likelihood is a bar beneath and a tooltip."""

    def __init__(self, chosen: Any, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._rgb: tuple[int, int, int] | None = None
        self._share: float | None = None
        self.setMinimumSize(14, 22)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        self.clicked.connect(partial(self._click, chosen))

    def show_color(self, rgb: tuple[int, int, int] | None, probability: float | None = None) -> None:
        if (rgb, probability) == (self._rgb, self._share):
            return
        self._rgb, self._share = rgb, probability
        self.setEnabled(rgb is not None)
        likely = "" if probability is None else f", {100 * probability:.0f} %"
        self.setToolTip("" if rgb is None else "#{:02x}{:02x}{:02x}".format(*rgb) + likely)
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
