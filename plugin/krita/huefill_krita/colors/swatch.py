"""A color to choose, as a button."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..qt import QtGui, QtWidgets


class Swatch(QtWidgets.QToolButton):
    """One color; how likely it is stands on it as a bar, and in words where one points at it."""

    def __init__(self, chosen: Any, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._rgb: tuple[int, int, int] | None = None
        self._share: float | None = None
        self.setMinimumSize(14, 22)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        self.clicked.connect(partial(self._click, chosen))
        self._say()

    def show_color(self, rgb: tuple[int, int, int] | None, probability: float | None = None) -> None:
        if (rgb, probability) == (self._rgb, self._share):
            return
        self._rgb, self._share = rgb, probability
        self._say()
        self.update()

    def _say(self) -> None:
        rgb, probability = self._rgb, self._share
        self.setEnabled(rgb is not None)
        likely = "" if probability is None else f", {100 * probability:.0f} % likely"
        words = "" if rgb is None else "#{:02x}{:02x}{:02x}".format(*rgb) + likely
        self.setToolTip(words)
        self.setAccessibleName(words or "No color")

    def paintEvent(self, event: Any) -> None:
        painter = QtGui.QPainter(self)
        area = self.rect().adjusted(0, 0, -1, -1)
        if self._rgb is None:
            painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.Mid))
            painter.drawRect(area)
            return
        painter.fillRect(area, QtGui.QColor(*self._rgb))
        if self._share is not None:
            # White on a dark ground, so that it is seen on every color.
            painter.fillRect(1, self.height() - 6, self.width() - 2, 5, QtGui.QColor(0, 0, 0, 150))
            painter.fillRect(2, self.height() - 5, max(1, round((self.width() - 4) * self._share)), 3, QtGui.QColor("white"))
        painter.setPen(QtGui.QColor("white" if self.hasFocus() or self.underMouse() else "black"))
        painter.drawRect(area)

    def _click(self, chosen: Any, _checked: bool = False) -> None:
        if self._rgb is not None:
            chosen(self._rgb)
