"""Stage, bar, remaining time and Cancel: there from the click on, and only while something runs."""

from __future__ import annotations

from typing import Any

from huefill_client.recipes import remaining

from ..qt import QtWidgets
from .labels import Wrapped


class ProgressPanel(QtWidgets.QWidget):
    """What runs at the moment, and the way to stop it."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        self._title = Wrapped()
        self._stage = Wrapped(faint=True)
        self._stage.setObjectName("huefill_stage")
        self._bar = QtWidgets.QProgressBar()
        self._bar.setObjectName("huefill_bar")
        self._bar.setRange(0, 1000)
        self._cancel = QtWidgets.QPushButton("Cancel")
        self._cancel.setObjectName("huefill_cancel")
        self._cancel.setToolTip("Stop at once; the document stays as it is")
        self._cancel.clicked.connect(model.cancel)
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._title, 0, 0, 1, 2)
        grid.addWidget(self._bar, 1, 0)
        grid.addWidget(self._cancel, 1, 1)
        grid.addWidget(self._stage, 2, 0, 1, 2)
        model.progress_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        progress = self._model.progress
        self.setVisible(progress is not None)
        if progress is None:
            return
        self._title.setText(progress.title)
        left = remaining(progress.remaining)
        self._stage.setText(f"{progress.stage}, {left}" if left else progress.stage)
        self._bar.setValue(round(progress.fraction * 1000))
        self._cancel.setEnabled(not progress.stopping)
