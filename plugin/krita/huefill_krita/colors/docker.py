"""The docker "Huefill Colors": the photo in color, points and colors for them, saturation, a reference, Apply."""

from __future__ import annotations

from typing import Any

from krita import DockWidget, Krita

from ..panels.labels import Wrapped
from ..qt import Qt, QtGui, QtWidgets
from .palette import PalettePanel
from .picture import Picture
from .studio import studio

COLORS_DOCKER_ID = "huefill_colors_docker"


class ColorsDocker(DockWidget):
    """One per Krita window; every one shows the same photo."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Huefill Colors")
        self.setWidget(build(studio()))

    def canvasChanged(self, canvas: Any) -> None:
        """Krita calls this with every change of the view; the photo is changed by a click alone."""


def build(model: Any) -> QtWidgets.QWidget:
    """The docker's contents, scrolling where the docker is low."""
    body = QtWidgets.QWidget()
    column = QtWidgets.QVBoxLayout(body)
    column.setContentsMargins(6, 6, 6, 6)
    column.setSpacing(6)
    column.addWidget(_Head(model))
    column.addWidget(Picture(model))
    column.addWidget(PalettePanel(model))
    column.addWidget(_PointList(model))
    column.addWidget(_Whole(model))
    column.addStretch(1)
    scroll = QtWidgets.QScrollArea()
    scroll.setObjectName("huefill_colors_scroll")
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(body)
    scroll.setMinimumSize(200, 160)
    return scroll


class _Head(QtWidgets.QWidget):
    """Which photo, Apply, and what there is to say."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QtWidgets.QHBoxLayout()
        begin = _button("Color this photo", "huefill_colors_open", "Begin with the active layer; nothing is changed.", model.open)
        self._apply = _button("Apply", "huefill_colors_apply", "Put the colors into the document: one layer, one undo step.", model.apply)
        row.addWidget(begin)
        row.addWidget(self._apply)
        column.addLayout(row)
        self._words = Wrapped()
        self._words.setObjectName("huefill_colors_message")
        column.addWidget(self._words)
        self._convert = _button("Convert the document to RGB", "huefill_colors_convert", "One step in Krita's own history.", model.convert)
        column.addWidget(self._convert)
        model.changed.connect(self._show)
        model.previewed.connect(self._show)
        self._show()

    def _show(self) -> None:
        sentence = self._model.message
        self._words.setText("" if sentence is None else sentence.text)
        self._words.setVisible(sentence is not None)
        self._convert.setVisible(sentence is not None and sentence.code == "gray_document")
        self._apply.setEnabled(self._model.image is not None)


class _PointList(QtWidgets.QWidget):
    """The points as a list, and the docker's own undo."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._list = QtWidgets.QListWidget()
        self._list.setObjectName("huefill_points")
        self._list.setFixedHeight(84)
        self._list.currentRowChanged.connect(self._chosen)
        column.addWidget(self._list)
        row = QtWidgets.QHBoxLayout()
        row.setSpacing(2)
        for text, name, tip, act in (
            ("Undo", "huefill_points_undo", "Undo the last change of the points.", model.undo),
            ("Redo", "huefill_points_redo", "Do it again.", model.redo),
            ("Delete", "huefill_points_delete", "Remove the selected point.", lambda: model.delete(model.state.selected)),
            ("Clear", "huefill_points_clear", "Remove all points.", model.clear),
        ):
            row.addWidget(_button(text, name, tip, act))
        column.addLayout(row)
        layer = "A paint layer “Huefill Hints” on which every dot and stroke of a brush is a hint."
        column.addWidget(_button("Paint hints with a brush", "huefill_hint_layer", layer, model.make_hint_layer))
        self._painted = Wrapped(faint=True)
        column.addWidget(self._painted)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self._list.blockSignals(True)
        self._list.clear()
        for point in self._model.state.points:
            red, green, blue = (round(value) for value in point.rgb)
            color = QtGui.QPixmap(14, 14)
            color.fill(QtGui.QColor(red, green, blue))
            text = f"#{red:02x}{green:02x}{blue:02x} at {point.x:.0f}, {point.y:.0f}"
            self._list.addItem(QtWidgets.QListWidgetItem(QtGui.QIcon(color), text))
        self._list.setCurrentRow(self._model.state.selected)
        self._list.blockSignals(False)
        count = len(self._model.painted)
        self._painted.setText(f"The hint layer is heeded ({count} painted places)." if count else "")
        self._painted.setVisible(bool(count))

    def _chosen(self, row: int) -> None:
        if row >= 0:
            self._model.select(row)


class _Whole(QtWidgets.QWidget):
    """What guides the whole picture: saturation, and the colors of another picture (Match Colors)."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        self._on = QtWidgets.QCheckBox("Saturation")
        self._on.setObjectName("huefill_saturation_on")
        self._slider = QtWidgets.QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("huefill_saturation")
        self._slider.setRange(0, 100)
        self._slider.setValue(40)
        self._slider.setEnabled(False)
        self._on.toggled.connect(self._saturate)
        self._slider.valueChanged.connect(self._saturate)
        grid.addWidget(self._on, 0, 0)
        grid.addWidget(self._slider, 0, 1)
        self._choice = QtWidgets.QComboBox()
        self._choice.setObjectName("huefill_reference")
        self._choice.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._choice.setToolTip("Take the colors of another open photo, of a layer of this one, or of a file.")
        self._choice.activated.connect(self._refer)
        grid.addWidget(QtWidgets.QLabel("Colors of"), 1, 0)
        grid.addWidget(self._choice, 1, 1)
        self._network_label = QtWidgets.QLabel("Network")
        self._network = QtWidgets.QComboBox()
        self._network.setObjectName("huefill_network")
        self._network.setToolTip("Which network says the colors. “huefill models import” adds published ones.")
        self._network.activated.connect(lambda index: self._model.use(self._network.itemText(index)))
        grid.addWidget(self._network_label, 2, 0)
        grid.addWidget(self._network, 2, 1)
        model.changed.connect(self._show)
        self._sources: list[Any] = []
        self._show()

    def _show_networks(self) -> None:
        """The choice is there only where there is something to choose."""
        names = self._model.models
        self._network.blockSignals(True)
        self._network.clear()
        self._network.addItems(names)
        self._network.setCurrentIndex(names.index(self._model.model) if self._model.model in names else 0)
        self._network.blockSignals(False)
        for widget in (self._network_label, self._network):
            widget.setVisible(len(names) > 1)

    def _show(self) -> None:
        self._show_networks()
        self._choice.blockSignals(True)
        self._choice.clear()
        self._sources = [None]
        self._choice.addItem("no other picture")
        if self._model.reference is not None:
            self._sources.append("kept")
            self._choice.addItem(self._model.reference[0])
            self._choice.setCurrentIndex(1)
        for document in Krita.instance().documents():
            self._sources.append(document)
            self._choice.addItem(f"Photo: {document.name() or document.fileName() or 'unnamed'}")
        active = Krita.instance().activeDocument()
        for node in active.topLevelNodes() if active is not None else []:
            self._sources.append(node)
            self._choice.addItem(f"Layer: {node.name()}")
        self._sources.append("file")
        self._choice.addItem("A file…")
        self._choice.blockSignals(False)

    def _saturate(self, _value: Any = None) -> None:
        self._slider.setEnabled(self._on.isChecked())
        self._model.saturate(self._slider.value() / 100 if self._on.isChecked() else None)

    def _refer(self, index: int) -> None:
        source, name = self._sources[index], self._choice.itemText(index)
        if source == "kept":
            return
        if source is None:
            self._model.refer("", None)
        elif source == "file":
            path, _ = QtWidgets.QFileDialog.getOpenFileName(
                self, "Take the colors of", "", "Pictures (*.png *.jpg *.jpeg *.tif *.tiff *.webp)"
            )
            image = QtGui.QImage(path)
            if image.isNull():
                self._show()
            else:
                self._model.refer(path.rsplit("/", 1)[-1], image)
        else:
            self._model.refer(name, source.thumbnail(256, 256))


def _button(text: str, name: str, tip: str, act: Any) -> QtWidgets.QPushButton:
    button = QtWidgets.QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    button.setMinimumWidth(30)
    button.clicked.connect(lambda _checked=False: act())
    return button
