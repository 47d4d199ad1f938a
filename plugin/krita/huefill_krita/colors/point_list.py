"""The points as a list, radius and strength of the selected one, and the way to a hint layer."""

from __future__ import annotations

from huefill_client.color_points import ANCHOR, ColorPoint

from ..panels.labels import OneLine
from ..qt import Qt, QtGui, QtWidgets
from .buttons import button
from .on_canvas import PointsOnCanvas
from .studio import Studio


class PointList(QtWidgets.QWidget):
    """Follows the points; a row selects one."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._list = QtWidgets.QListWidget()
        self._list.setObjectName("huefill_points")
        self._list.setAccessibleName("Points")
        self._list.setFixedHeight(84)
        self._list.currentItemChanged.connect(self._chosen)
        column.addWidget(self._list)
        column.addLayout(self._numbers())
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(2)
        self._delete = button("&Delete", "huefill_points_delete", "Remove the selected point.", self._delete_selected)
        self._clear = button("Clear &All", "huefill_points_clear", "Remove all points.", lambda: studio.coloring.clear())
        for each in (self._delete, self._clear):
            row.addWidget(each)
        column.addLayout(row)
        self._on_canvas = PointsOnCanvas(studio, self)
        self._canvas = QtWidgets.QCheckBox("Points &on the canvas")
        self._canvas.setObjectName("huefill_on_canvas")
        self._canvas.setToolTip(self._on_canvas.words)
        self._canvas.toggled.connect(self._on_canvas.switch)
        column.addWidget(self._canvas)
        layer = "Add a paint layer “Huefill Hints”: every dot and stroke on it is a hint."
        self._brush = button("&Paint Hints with a Brush", "huefill_hint_layer", layer, studio.make_hint_layer)
        column.addWidget(self._brush)
        self._painted = OneLine(faint=True)
        self._painted.setObjectName("huefill_hint_layer_used")
        column.addWidget(self._painted)
        studio.points_changed.connect(self._show_points)
        studio.opened.connect(self._show_buttons)
        studio.pictured.connect(self._show_canvas)
        studio.opened.connect(self._show_canvas)
        studio.sources_changed.connect(self._show_painted)
        self._show_points()
        self._show_painted()

    def _numbers(self) -> QtWidgets.QLayout:
        form = QtWidgets.QFormLayout()
        form.setVerticalSpacing(3)
        self._radius = QtWidgets.QDoubleSpinBox()
        self._radius.setObjectName("huefill_radius")
        self._radius.setRange(0, 200)
        self._radius.setDecimals(1)
        self._radius.setSuffix(" px")
        self._radius.setToolTip("How many pixels around the point take its color.")
        self._strength = QtWidgets.QSpinBox()
        self._strength.setObjectName("huefill_strength")
        self._strength.setRange(0, 100)
        self._strength.setSingleStep(5)
        self._strength.setSuffix(" %")
        self._strength.setToolTip("How much of the color is asked for; at 0 % the color that was there before.")
        form.addRow("&Radius", self._radius)
        form.addRow("S&trength", self._strength)
        self._radius.valueChanged.connect(lambda value: self._adjust(radius=value))
        self._strength.valueChanged.connect(lambda value: self._adjust(strength=value / 100))
        for box in (self._radius, self._strength):
            box.editingFinished.connect(lambda: self._studio.coloring.settle())
        return form

    def _adjust(self, **what: float) -> None:
        self._studio.coloring.adjust(**what)

    def _show_points(self) -> None:
        self._list.blockSignals(True)
        points, selected = self._studio.coloring.points, self._studio.coloring.selected
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
        coloring = self._studio.coloring
        chosen = coloring.selected
        for box, value in (
            (self._radius, chosen.radius if chosen else 0),
            (self._strength, round(100 * chosen.strength) if chosen else 100),
        ):
            box.blockSignals(True)
            box.setEnabled(chosen is not None)
            if abs(box.value() - value) > 0.06:  # rounded for the eye: not written back
                box.setValue(value)
            box.blockSignals(False)
        self._delete.setEnabled(chosen is not None)
        self._clear.setEnabled(bool(coloring.points))
        self._brush.setEnabled(coloring.photo is not None)

    def _show_canvas(self) -> None:
        coloring = self._studio.coloring
        pointed = coloring.photo is not None and coloring.photo.pointed
        self._canvas.setEnabled(pointed and coloring.picture is not None and self._on_canvas.possible)
        if not self._canvas.isEnabled():
            self._canvas.setChecked(False)

    def _show_painted(self) -> None:
        self._painted.setText("Hint layer in use" if self._studio.coloring.painted is not None else "")

    def _chosen(self, item: QtWidgets.QListWidgetItem | None) -> None:
        if item is not None:
            self._studio.coloring.select(item.data(Qt.ItemDataRole.UserRole).id)

    def _delete_selected(self) -> None:
        selected = self._studio.coloring.selected
        if selected is not None:
            self._studio.coloring.delete(selected.id)


def _describe(item: QtWidgets.QListWidgetItem, point: ColorPoint) -> None:
    """Only what is another: a hand that moves a point changes one line of text."""
    former = item.data(Qt.ItemDataRole.UserRole)
    if former == point:
        return
    red, green, blue = (round(value) for value in point.rgb)
    item.setData(Qt.ItemDataRole.UserRole, point)
    whose = ", suggested" if point.kind == ANCHOR else ""
    item.setText(f"#{red:02x}{green:02x}{blue:02x} at {point.x:.0f}, {point.y:.0f}{whose}")
    if former is None or former.rgb != point.rgb:
        color = QtGui.QPixmap(14, 14)
        color.fill(QtGui.QColor(red, green, blue))
        item.setIcon(QtGui.QIcon(color))
