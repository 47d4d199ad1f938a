"""Labels that fit a narrow docker: they break their lines and never ask for more width than they get."""

from __future__ import annotations

from ..qt import Qt, QtCore, QtGui, QtWidgets


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


class OneLine(QtWidgets.QLabel):
    """Plain text on one line; what does not fit ends in “…”, and pointing at it or clicking it shows the whole."""

    def __init__(self, *, faint: bool = False, elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__()
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)
        if faint:
            make_faint(self)

    def minimumSizeHint(self) -> QtCore.QSize:
        return QtCore.QSize(40, self.fontMetrics().height())

    def sizeHint(self) -> QtCore.QSize:
        return self.minimumSizeHint()

    def paintEvent(self, event: QtGui.QPaintEvent) -> None:
        painter = QtGui.QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), self._elide, self.width())
        self.style().drawItemText(
            painter,
            self.rect(),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            self.palette(),
            self.isEnabled(),
            text,
            self.foregroundRole(),
        )

    def mousePressEvent(self, event: QtGui.QMouseEvent) -> None:
        if self.toolTip():
            QtWidgets.QToolTip.showText(self.mapToGlobal(QtCore.QPoint(0, 0)), self.toolTip(), self)
