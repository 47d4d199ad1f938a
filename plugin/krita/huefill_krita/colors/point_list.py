"""The points as a list, with their own undo, and the way to a hint layer."""

from __future__ import annotations

from huefill_client.color_points import ColorPoint

from ..panels.labels import Wrapped
from ..qt import Qt, QtGui, QtWidgets
from .buttons import button
from .studio import Studio


class PointList(QtWidgets.QWidget):
    """Follows the points; a row selects one."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._coloring = coloring = studio.coloring
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._list = QtWidgets.QListWidget()
        self._list.setObjectName("huefill_points")
        self._list.setFixedHeight(84)
        self._list.currentItemChanged.connect(self._chosen)
        column.addWidget(self._list)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(2)
        self._undo = button("Undo", "huefill_points_undo", "Undo the last change of the points.", coloring.undo)
        self._redo = button("Redo", "huefill_points_redo", "Redo what was undone.", coloring.redo)
        self._delete = button("Delete", "huefill_points_delete", "Remove the selected point.", self._delete_selected)
        self._clear = button("Clear", "huefill_points_clear", "Remove all points.", coloring.clear)
        for each in (self._undo, self._redo, self._delete, self._clear):
            row.addWidget(each)
        column.addLayout(row)
        layer = "Add a paint layer “Huefill Hints”: every dot and stroke on it is a hint."
        self._brush = button("Paint Hints with a Brush", "huefill_hint_layer", layer, studio.make_hint_layer)
        column.addWidget(self._brush)
        self._painted = Wrapped("Hint layer in use", faint=True)
        self._painted.setObjectName("huefill_hint_layer_used")
        column.addWidget(self._painted)
        studio.points_changed.connect(self._show_points)
        studio.opened.connect(self._show_buttons)
        studio.sources_changed.connect(self._show_painted)
        self._show_points()
        self._show_painted()

    def _show_points(self) -> None:
        self._list.blockSignals(True)
        points, selected = self._coloring.points, self._coloring.selected
        while self._list.count() > len(points):
            self._list.takeItem(self._list.count() - 1)
        for row, point in enumerate(points):
            if row == self._list.count():
                self._list.addItem(QtWidgets.QListWidgetItem())
            _describe(self._list.item(row), point)
        self._list.setCurrentRow(-1 if selected is None else points.index(selected))
        self._list.blockSignals(False)
        self._show_buttons()

    def _show_buttons(self) -> None:
        history = self._coloring.history
        self._undo.setEnabled(history.can_undo)
        self._redo.setEnabled(history.can_redo)
        self._delete.setEnabled(history.selected is not None)
        self._clear.setEnabled(bool(history.points))
        self._brush.setEnabled(self._coloring.photo is not None)

    def _show_painted(self) -> None:
        self._painted.setVisible(self._coloring.painted is not None)

    def _chosen(self, item: QtWidgets.QListWidgetItem | None) -> None:
        if item is not None:
            self._coloring.select(item.data(Qt.ItemDataRole.UserRole).id)

    def _delete_selected(self) -> None:
        if self._coloring.selected is not None:
            self._coloring.delete(self._coloring.selected.id)


def _describe(item: QtWidgets.QListWidgetItem, point: ColorPoint) -> None:
    """Only what is another: a hand that moves a point changes one line of text."""
    former = item.data(Qt.ItemDataRole.UserRole)
    if former == point:
        return
    red, green, blue = (round(value) for value in point.rgb)
    item.setData(Qt.ItemDataRole.UserRole, point)
    item.setText(f"#{red:02x}{green:02x}{blue:02x} at {point.x:.0f}, {point.y:.0f}")
    if former is None or former.rgb != point.rgb:
        color = QtGui.QPixmap(14, 14)
        color.fill(QtGui.QColor(red, green, blue))
        item.setIcon(QtGui.QIcon(color))
