"""Suggestions for the whole picture as small pictures in a row: one is looked at under the hand and taken by a click."""

from __future__ import annotations

from functools import partial
from typing import Any

from huefill_client.coloring import VARIANTS

from ..qt import Qt, QtCore, QtGui, QtWidgets
from .buttons import button
from .picture import Picture, image_of
from .studio import Studio

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class Variants(QtWidgets.QWidget):
    """As many small pictures as there are suggestions, and a button for others."""

    def __init__(self, studio: Studio, picture: Picture) -> None:
        super().__init__()
        self.setObjectName("huefill_variants")
        self._studio = studio
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._thumbs = [_Thumb(studio, picture, number) for number in range(VARIANTS)]
        for thumb in self._thumbs:
            row.addWidget(thumb, 1)
        others = "Other suggestions for the whole picture. Your points stay."
        self._others = button("Ot&hers", "huefill_other_variants", others, self._ask_for_others)
        self._others.setAccessibleName("Other suggestions")
        self._others.setSizePolicy(QtWidgets.QSizePolicy.Policy.Fixed, QtWidgets.QSizePolicy.Policy.Expanding)
        self._others.setFixedWidth(self._others.fontMetrics().horizontalAdvance("Others") + 12)
        row.addWidget(self._others)
        studio.proposed.connect(self._show)
        studio.points_changed.connect(self._mark)
        studio.opened.connect(self._show)
        self._show()

    def _ask_for_others(self) -> None:
        coloring = self._studio.coloring
        coloring.propose(VARIANTS, coloring.seed + 1)

    def _show(self) -> None:
        variants = self._studio.coloring.variants
        for number, thumb in enumerate(self._thumbs):
            thumb.show_picture(variants[number].image if number < len(variants) else None)
        self._mark()

    def _mark(self) -> None:
        chosen = self._studio.coloring.chosen
        for number, thumb in enumerate(self._thumbs):
            thumb.setChecked(number == chosen)


class _Thumb(QtWidgets.QAbstractButton):
    """One suggestion, small; under the hand or the keyboard the large picture shows it."""

    def __init__(self, studio: Studio, picture: Picture, number: int) -> None:
        super().__init__()
        self.setObjectName(f"huefill_variant_{number}")
        self.setAccessibleName(f"Suggestion {number + 1}")
        self.setToolTip("Point at it to see it large, click it to take it: its points can be moved, colored and deleted.")
        self.setCheckable(True)
        self.setMinimumSize(24, 24)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding)
        self._picture = picture
        self._shown: Any = None
        self._image: QtGui.QImage | None = None
        self._small: QtGui.QImage | None = None
        self.clicked.connect(partial(self._take, studio, number))

    def show_picture(self, tensor: Any) -> None:
        if tensor is self._shown:
            return
        self._shown, self._small = tensor, None
        self._image = None if tensor is None else image_of(tensor)
        self.setEnabled(self._image is not None)
        self.update()

    def _take(self, studio: Studio, number: int, _checked: bool = False) -> None:
        self._picture.peek(None)
        if self.underMouse():
            self._picture.setFocus()  # its keys are meant next
        studio.coloring.choose(number)
        # Qt has pressed it by the click; whether it is the chosen one is the coloring's to say.
        self.setChecked(studio.coloring.chosen == number)

    def event(self, event: Any) -> bool:
        kind = event.type()
        # The window that comes to the front again gives the focus, too: nobody has asked to see anything then.
        by_key = kind == QtCore.QEvent.Type.FocusIn and event.reason() in _BY_KEY
        if (by_key or kind == QtCore.QEvent.Type.Enter) and self._image is not None:
            self._picture.peek(self._image)
        elif kind in (QtCore.QEvent.Type.Leave, QtCore.QEvent.Type.FocusOut, QtCore.QEvent.Type.Hide):
            self._picture.peek(None)
        return bool(super().event(event))

    def resizeEvent(self, event: Any) -> None:
        self._small = None

    def paintEvent(self, event: Any) -> None:
        painter = QtGui.QPainter(self)
        area = self.rect()
        if self._image is None:
            painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.Mid))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
            return
        if self._small is None:
            size = area.size() * self.devicePixelRatioF()
            whole = self._image.scaled(size, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation)
            left, top = (whole.width() - size.width()) // 2, (whole.height() - size.height()) // 2
            self._small = whole.copy(left, top, size.width(), size.height())
        painter.drawImage(area, self._small)
        painter.setPen(QtGui.QColor("black"))
        painter.drawRect(area.adjusted(0, 0, -1, -1))
        if self.isChecked() or self.hasFocus() or self.underMouse():
            for color, width in (("black", 4 if self.isChecked() else 3), ("white", 2 if self.isChecked() else 1)):
                painter.setPen(QtGui.QPen(QtGui.QColor(color), width))
                painter.drawRect(area.adjusted(1, 1, -2, -2))
