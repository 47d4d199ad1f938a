"""The last results: what was done with which recipe, and the way to do it again."""

from __future__ import annotations

from functools import partial
from typing import Any

from huefill_client.recipes import details, summary

from ..qt import QtWidgets
from .labels import Wrapped


class ResultsPanel(QtWidgets.QGroupBox):
    """Newest first; the controller keeps only a few."""

    def __init__(self, model: Any) -> None:
        super().__init__("Results")
        self.setObjectName("huefill_results")
        self._model = model
        self._column = QtWidgets.QVBoxLayout(self)
        self._column.setContentsMargins(6, 6, 6, 6)
        self._column.setSpacing(6)
        model.history_changed.connect(self._show)
        model.progress_changed.connect(self._rest)
        self._show()

    def _show(self) -> None:
        while self._column.count():
            widget = self._column.takeAt(0).widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for past in self._model.history:
            self._column.addWidget(_Entry(self._model, past))
        if not self._model.history:
            self._column.addWidget(Wrapped("Nothing yet: select something and choose Remove Object.", faint=True))
        self._column.addStretch(1)
        self._rest()

    def _rest(self) -> None:
        for button in self.findChildren(QtWidgets.QToolButton):
            button.setEnabled(self._model.progress is None)


class _Entry(QtWidgets.QWidget):
    def __init__(self, model: Any, past: Any) -> None:
        super().__init__()
        title = Wrapped(f"{past.command.title}: {past.document}")
        recipe = Wrapped(summary(past.recipe, past.seconds), faint=True)
        self.setToolTip(f"{past.document}: {past.layer}\n{details(past.recipe, past.stages)}")
        again = QtWidgets.QToolButton()
        again.setObjectName("huefill_again")
        again.setText("Again")
        varies = past.command.has("seed")
        if varies:
            again.setToolTip("Run this again on the photo's layer: another try, or exactly the same")
            again.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.MenuButtonPopup)
            menu = QtWidgets.QMenu(again)
            menu.addAction("Another try (new seed)").triggered.connect(partial(_again, model, past, True))
            menu.addAction("The same again").triggered.connect(partial(_again, model, past, False))
            again.setMenu(menu)
        else:
            again.setToolTip("Run exactly this again on the photo's layer")
        again.clicked.connect(partial(_again, model, past, varies))
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(title, 0, 0)
        grid.addWidget(recipe, 1, 0)
        grid.addWidget(again, 0, 1, 2, 1)


def _again(model: Any, past: Any, new_seed: bool, _checked: bool = False) -> None:
    model.again(past, new_seed)
