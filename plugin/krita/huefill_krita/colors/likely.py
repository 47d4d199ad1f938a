"""The nine likeliest colors of the selected point, in one row under the picture."""

from __future__ import annotations

from ..qt import QtWidgets
from .studio import Studio
from .swatch import Swatch

_NINE = 9


class LikelyColors(QtWidgets.QWidget):
    """Swatches with their likelihood. They stay while one is chosen after the other, until the point is moved."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.setObjectName("huefill_likely")
        self._studio = studio
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._swatches = [Swatch(self._choose, f"huefill_swatch_{number}") for number in range(_NINE)]
        for swatch in self._swatches:
            swatch.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding)
            row.addWidget(swatch)
        studio.suggested.connect(self._show)
        studio.points_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        likely = self._studio.coloring.suggestions
        for number, swatch in enumerate(self._swatches):
            item = likely[number] if number < len(likely) else None
            swatch.show_color(None if item is None else item.rgb, None if item is None else item.probability)
        self.setToolTip("" if likely else "Place or select a point: its nine likeliest colors appear here.")

    def _choose(self, rgb: tuple[int, int, int]) -> None:
        red, green, blue = rgb
        self._studio.coloring.recolor((float(red), float(green), float(blue)))
