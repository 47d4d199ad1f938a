"""The docker "Huefill Colors": the photo in color, points and colors for them, saturation, a reference, Apply."""

from __future__ import annotations

from typing import Any

from huefill_protocol.actions import offered
from krita import DockWidget

from ..panels.labels import Wrapped
from ..qt import Qt, QtWidgets
from .buttons import button
from .palette import PalettePanel
from .picture import Picture
from .point_list import PointList
from .studio import Studio
from .whole_picture import WholePicture

COLORS_DOCKER_ID = "huefill_colors_docker"
_ACTIONS = tuple(action for action in offered("krita") if action.live)


class ColorsDocker(DockWidget):
    """One per Krita window; every one shows the same photo."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        self.setWindowTitle("Huefill Colors")
        self.setWidget(_scrolled(_Body(studio)))

    def canvasChanged(self, canvas: Any) -> None:
        """Krita calls this with every change of the view; the photo is changed by a click alone."""


class _Body(QtWidgets.QWidget):
    """Points and their colors are shown only where they count."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(6)
        self._of_points = (PalettePanel(studio), PointList(studio))
        for part in (_Head(studio), Picture(studio), *self._of_points, WholePicture(studio)):
            column.addWidget(part)
        column.addStretch(1)
        studio.opened.connect(self._show)
        self._show()

    def _show(self) -> None:
        for part in self._of_points:
            part.setVisible("points" in self._studio.action.hints)


class _Head(QtWidgets.QWidget):
    """Which action, which photo, Apply, and what there is to say."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio, self._coloring = studio, studio.coloring
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._action = QtWidgets.QComboBox()
        self._action.setObjectName("huefill_colors_action")
        self._action.setMinimumContentsLength(8)
        for action in _ACTIONS:
            self._action.addItem(action.title)
            self._action.setItemData(self._action.count() - 1, action.tip, Qt.ItemDataRole.ToolTipRole)
        self._action.activated.connect(lambda index: studio.choose(_ACTIONS[index]))
        column.addWidget(self._action)
        row = QtWidgets.QHBoxLayout()
        row.addWidget(button("Color This Photo", "huefill_colors_open", "Begin with the active layer. Nothing is changed.", studio.open))
        self._apply = button("Apply", "huefill_colors_apply", "Add the colors as one layer, one undo step.", studio.apply)
        row.addWidget(self._apply)
        column.addLayout(row)
        self._words = Wrapped()
        self._words.setObjectName("huefill_colors_message")
        column.addWidget(self._words)
        self._convert = button("Convert the Document to RGB", "huefill_colors_convert", "One step in Krita's own history.", studio.convert)
        column.addWidget(self._convert)
        for signal in (studio.opened, studio.said, studio.sources_changed):
            signal.connect(self._show)
        self._show()

    def _show(self) -> None:
        sentence = self._coloring.message
        self._action.setCurrentIndex(_ACTIONS.index(self._studio.action))
        self._words.setText("" if sentence is None else sentence.text)
        self._words.setVisible(sentence is not None)
        self._convert.setVisible(sentence is not None and sentence.code == "gray_document")
        self._apply.setEnabled(self._coloring.ready)


def _scrolled(body: QtWidgets.QWidget) -> QtWidgets.QScrollArea:
    """The docker's contents, scrolling where the docker is low."""
    scroll = QtWidgets.QScrollArea()
    scroll.setObjectName("huefill_colors_scroll")
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(body)
    scroll.setMinimumSize(200, 160)
    return scroll
