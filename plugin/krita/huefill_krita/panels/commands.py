"""The actions as buttons, for those who keep the docker open."""

from __future__ import annotations

from functools import partial
from typing import Any

from huefill_protocol.actions import offered
from krita import Krita

from ..brush import BrushChoice, brush
from ..qt import QtWidgets


class CommandsPanel(QtWidgets.QWidget):
    """One button for each action; they are off while something runs."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._buttons = []
        for action in offered("krita"):
            button = QtWidgets.QPushButton(action.title)
            button.setObjectName(f"{action.key}_button")
            button.setToolTip(action.tip)
            button.clicked.connect(partial(_trigger, action.key))
            column.addWidget(button)
            self._buttons.append(button)
            if action.painted:
                column.addWidget(BrushChoice(model))
                self._brush = button
        self._brush.setCheckable(True)
        brush().changed.connect(self._show)
        model.progress_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        for button in self._buttons:
            button.setEnabled(self._model.progress is None or (button is self._brush and brush().is_on))
        self._brush.setChecked(brush().is_on)


def _trigger(key: str, _checked: bool = False) -> None:
    """As the entry in the menu does it."""
    action = Krita.instance().action(key)
    if action is not None:
        action.trigger()
