"""How strong all colors are: a slider, and the way back to 100 %."""

from __future__ import annotations

from huefill_protocol.choices import MOST_STRENGTH

from ..qt import Qt, QtWidgets
from .buttons import button
from .studio import Studio

_TIP = "All colors weaker or stronger: 0 % is gray, at 100 % a point has exactly its color."


class Strength(QtWidgets.QWidget):
    """One row, in sight at all times."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        label = QtWidgets.QLabel("Color stren&gth")
        self._slider = QtWidgets.QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("huefill_color_strength")
        self._slider.setAccessibleName("Color strength")
        self._slider.setRange(0, round(100 * MOST_STRENGTH))
        self._slider.setPageStep(10)
        self._slider.setMinimumWidth(60)
        self._slider.setToolTip(_TIP)
        label.setBuddy(self._slider)
        label.setToolTip(_TIP)
        self._reset = button("100 %", "huefill_color_strength_reset", "Back to 100 %.", lambda: studio.coloring.strengthen(1.0))
        self._reset.setAccessibleName("Color strength back to 100 %")
        self._reset.setFlat(True)
        # As wide as its widest number, so that nothing moves.
        self._reset.setFixedWidth(self._reset.fontMetrics().horizontalAdvance("150 %") + 12)
        for each in (label, self._slider, self._reset):
            row.addWidget(each)
        self._slider.valueChanged.connect(lambda value: studio.coloring.strengthen(value / 100))
        studio.sources_changed.connect(self._show)
        studio.opened.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setEnabled(self._studio.coloring.photo is not None)
        percent = round(100 * self._studio.coloring.strength)
        self._slider.blockSignals(True)
        self._slider.setValue(percent)
        self._slider.blockSignals(False)
        self._reset.setText(f"{percent} %")
