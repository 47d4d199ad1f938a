"""The actions as buttons, for those who keep the docker open."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..commands import COMMANDS
from ..qt import QtWidgets


class CommandsPanel(QtWidgets.QWidget):
    """One button for each command; they are off while something runs."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._buttons = []
        for name, command in COMMANDS.items():
            button = QtWidgets.QPushButton(command.title)
            button.setObjectName(f"{name}_button")
            button.setToolTip(command.tip)
            button.clicked.connect(partial(self._start, name))
            column.addWidget(button)
            self._buttons.append(button)
        model.progress_changed.connect(self._show)
        self._show()

    def _start(self, action: str, _checked: bool = False) -> None:
        self._model.start(action)

    def _show(self) -> None:
        for button in self._buttons:
            button.setEnabled(self._model.progress is None)
