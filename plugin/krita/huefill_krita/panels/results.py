"""The last results: a small picture, what was done where, and the ways to compare it and to do it again."""

from __future__ import annotations

from functools import partial
from typing import Any

from huefill_client.recipes import details, differences

from ..compare import tries_of
from ..qt import Qt, QtGui, QtWidgets
from .labels import OneLine, Wrapped

_PICTURE = (48, 36)


class ResultsPanel(QtWidgets.QGroupBox):
    """Newest first; the controller keeps only a few."""

    def __init__(self, model: Any) -> None:
        super().__init__("Results")
        self.setObjectName("huefill_results")
        self._model = model
        self._column = QtWidgets.QVBoxLayout(self)
        self._column.setContentsMargins(4, 4, 4, 4)
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
        history = list(self._model.history)
        for past in history:
            self._column.addWidget(_Entry(self._model, past, history))
        if not history:
            self._column.addWidget(Wrapped("Nothing yet: select something and choose Remove Object.", faint=True))
        self._column.addStretch(1)
        self._rest()

    def _rest(self) -> None:
        for button in self.findChildren(QtWidgets.QToolButton):
            button.setEnabled(self._model.progress is None)


class _Entry(QtWidgets.QWidget):
    def __init__(self, model: Any, past: Any, history: list[Any]) -> None:
        super().__init__()
        known = "".join(f"\n{warning.text}" for warning in past.warnings)
        tip = f"{past.title}\n{past.document}: {past.layer}\n{details(past.recipe, past.stages)}{known}"
        title, where = OneLine(), OneLine(faint=True, elide=Qt.TextElideMode.ElideMiddle)
        title.setText(past.title or past.command.title)
        older = [other for other in tries_of(past, history) if history.index(other) > history.index(past)]
        what = differences(past.recipe, older[0].recipe, model.backend.engines) if older else ""
        where.setText(f"{what} · {past.document}" if what else past.document)
        for each in (self, title, where):
            each.setToolTip(tip)
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(_picture(past), 0, 0, 2, 1)
        grid.addWidget(title, 0, 1)
        grid.addWidget(where, 1, 1)
        grid.addWidget(_compare_button(model, past), 0, 2)
        grid.addWidget(_again_button(model, past), 1, 2)


def _picture(past: Any) -> QtWidgets.QLabel:
    """The result itself, small."""
    label = QtWidgets.QLabel()
    label.setObjectName("huefill_result_picture")
    label.setAccessibleName(f"Picture of {past.title}")
    label.setFixedSize(*_PICTURE)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    if past.picture is not None and not past.picture.isNull():
        small = QtGui.QPixmap.fromImage(past.picture)
        label.setPixmap(small.scaled(*_PICTURE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation))
    return label


def _compare_button(model: Any, past: Any) -> QtWidgets.QToolButton:
    button = QtWidgets.QToolButton()
    button.setObjectName("huefill_compare")
    button.setText("Before")
    button.setAccessibleName(f"Before: {past.title}")
    button.setToolTip("Pressed: the photo before. Released: this result, and no other try at its place.")
    button.setCheckable(True)
    button.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
    button.toggled.connect(partial(model.compare, past))
    return button


def _again_button(model: Any, past: Any) -> QtWidgets.QToolButton:
    again = QtWidgets.QToolButton()
    again.setObjectName("huefill_again")
    again.setText("Again")
    again.setAccessibleName(f"Again: {past.title}")
    again.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
    varies = past.order.varies
    if varies:
        again.setToolTip("Run this again on the photo's layer: another try, or exactly the same")
        again.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QtWidgets.QMenu(again)
        menu.addAction("Another &try").triggered.connect(partial(_again, model, past, True))
        menu.addAction("The &same again").triggered.connect(partial(_again, model, past, False))
        again.setMenu(menu)
    else:
        again.setToolTip("Run exactly this again on the photo's layer")
    again.clicked.connect(partial(_again, model, past, varies))
    return again


def _again(model: Any, past: Any, new_seed: bool, _checked: bool = False) -> None:
    model.again(past, new_seed)
