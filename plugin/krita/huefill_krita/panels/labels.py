"""Labels that fit a narrow docker: they break their lines and never ask for more width than they get."""

from __future__ import annotations

from ..qt import Qt, QtCore, QtWidgets


class Wrapped(QtWidgets.QLabel):
    """Plain text over as many lines as it needs."""

    def __init__(self, text: str = "", *, faint: bool = False) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMinimumWidth(40)
        policy = QtWidgets.QSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if faint:
            make_faint(self)

    def minimumSizeHint(self) -> QtCore.QSize:
        """One line: Qt would reserve the height that the text needs at the least width, and leave it empty at every other."""
        return QtCore.QSize(40, self.fontMetrics().height())


def make_faint(widget: QtWidgets.QWidget) -> None:
    """Secondary text: the theme's own color at two thirds, so that it is readable on a light and on a dark theme."""
    palette = widget.palette()
    color = palette.color(widget.foregroundRole())
    color.setAlphaF(0.66)
    palette.setColor(widget.foregroundRole(), color)
    widget.setPalette(palette)
