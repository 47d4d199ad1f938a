"""When what was painted is removed: a small box for beside the button."""

from __future__ import annotations

from typing import Any

from huefill_protocol.choices import BRUSH_ENDS

from ..qt import Qt, QtWidgets


class BrushChoice(QtWidgets.QComboBox):
    """Sets the choice "brush" of the controller it is given."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("huefill_brush")
        self.setAccessibleName("Remove by Brush removes")
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for number, choice in enumerate(BRUSH_ENDS):
            self.addItem(choice.title, choice.value)
            self.setItemData(number, choice.tip, Qt.ItemDataRole.ToolTipRole)
        self.activated.connect(self._chosen)
        model.choices_changed.connect(self._show)
        self._show()

    def _chosen(self, index: int) -> None:
        self._model.choose("brush", self.itemData(index))

    def _show(self) -> None:
        self.setCurrentIndex(self.findData(self._model.choices.brush))
        self.setToolTip(f"When it is removed. {self.itemData(self.currentIndex(), Qt.ItemDataRole.ToolTipRole)}")
