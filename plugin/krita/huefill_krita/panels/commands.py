"""The actions as buttons, for those who keep the docker open."""

from __future__ import annotations

from functools import partial
from typing import Any

from huefill_protocol.actions import offered
from krita import Krita

from ..brush import brush
from ..qt import QtWidgets

_ACROSS = 2


class CommandsPanel(QtWidgets.QWidget):
    """A button for each action that fills or repairs a place, in fixed places; they are off while something runs."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        self._buttons = []
        for number, action in enumerate(action for action in offered("krita") if not action.live):
            button = QtWidgets.QPushButton(action.title)
            button.setObjectName(f"{action.key}_button")
            button.setToolTip(f"{action.tip}\n{action.shortcut}".strip())
            button.setAccessibleDescription(action.tip)
            button.clicked.connect(partial(_trigger, action.key))
            grid.addWidget(button, *divmod(number, _ACROSS))
            self._buttons.append(button)
            if action.painted:
                self._brush = button
        self._brush.setCheckable(True)
        for column in range(_ACROSS):
            grid.setColumnStretch(column, 1)
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
