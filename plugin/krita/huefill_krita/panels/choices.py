"""Engine and quality, each with what it costs."""

from __future__ import annotations

from functools import partial
from typing import Any

from huefill_protocol.choices import ENGINE_CHOICES, PRESET_CHOICES

from ..qt import Qt, QtWidgets
from .labels import Wrapped


class ChoicesPanel(QtWidgets.QWidget):
    """Two boxes, and under them in words what the present choice means."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        form = QtWidgets.QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.setRowWrapPolicy(QtWidgets.QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._rows = {
            name: self._row(form, name, label, options)
            for name, label, options in (("engine", "Engine", ENGINE_CHOICES), ("preset", "Quality", PRESET_CHOICES))
        }
        model.choices_changed.connect(self._show)
        self._show()

    def _row(self, form: Any, name: str, label: str, options: tuple[tuple[str, str, str], ...]) -> tuple[Any, Any]:
        box = QtWidgets.QComboBox()
        box.setObjectName(f"huefill_{name}")
        box.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        for value, title, tip in options:
            box.addItem(title, value)
            box.setItemData(box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        meaning = Wrapped(faint=True)
        box.activated.connect(partial(self._chosen, name, box))
        form.addRow(label, box)
        form.addRow(meaning)
        return box, meaning

    def _chosen(self, name: str, box: Any, index: int) -> None:
        self._model.choose(name, box.itemData(index))

    def _show(self) -> None:
        for name, (box, meaning) in self._rows.items():
            index = box.findData(getattr(self._model.choices, name))
            box.setCurrentIndex(index)
            tip = box.itemData(index, Qt.ItemDataRole.ToolTipRole)
            box.setToolTip(tip)
            meaning.setText(tip)
