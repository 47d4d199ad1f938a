"""More colors to choose from: all that the selected point's lightness allows, recent ones, any by its number."""

from __future__ import annotations

import re

from ..qt import QtWidgets
from .gamut import Gamut
from .studio import Studio
from .swatch import Swatch

_RECENT = 10


class PalettePanel(QtWidgets.QWidget):
    """The ab gamut, recent colors and an entry for a hexadecimal color."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        below = QtWidgets.QHBoxLayout()
        self._gamut = Gamut(studio)
        below.addWidget(self._gamut)
        side = QtWidgets.QVBoxLayout()
        self._hex = QtWidgets.QLineEdit()
        self._hex.setObjectName("huefill_hex")
        self._hex.setPlaceholderText("#c08050")
        self._hex.setMaxLength(7)
        self._hex.setAccessibleName("Color by number")
        self._hex.setToolTip("A color by its number; Enter gives it to the selected point.")
        self._hex.returnPressed.connect(self._enter)
        side.addWidget(self._hex)
        grid = QtWidgets.QGridLayout()
        grid.setSpacing(2)
        self._recent = [Swatch(self._choose, f"huefill_recent_{number}") for number in range(_RECENT)]
        for number, swatch in enumerate(self._recent):
            grid.addWidget(swatch, number // 5, number % 5)
        side.addLayout(grid)
        side.addStretch(1)
        below.addLayout(side, 1)
        column.addLayout(below)
        studio.points_changed.connect(self._show_point)
        studio.pictured.connect(self._gamut.show_point)
        self._show_point()

    def _show_point(self) -> None:
        chosen, recent = self._studio.coloring.selected, self._studio.coloring.recent
        for number, swatch in enumerate(self._recent):
            swatch.show_color(_whole(recent[number]) if number < len(recent) else None)
        self._hex.setEnabled(chosen is not None)
        if not self._hex.hasFocus():
            self._hex.setText("" if chosen is None else "#{:02x}{:02x}{:02x}".format(*_whole(chosen.rgb)))
        self._gamut.show_point()

    def _choose(self, rgb: tuple[int, int, int]) -> None:
        red, green, blue = rgb
        self._studio.coloring.recolor((float(red), float(green), float(blue)))

    def _enter(self) -> None:
        match = re.fullmatch("#?([0-9a-fA-F]{6})", self._hex.text().strip())
        if match:
            number = int(match.group(1), 16)
            self._choose((number >> 16, (number >> 8) & 255, number & 255))


def _whole(rgb: tuple[float, float, float]) -> tuple[int, int, int]:
    red, green, blue = (round(value) for value in rgb)
    return red, green, blue
