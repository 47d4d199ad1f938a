"""What guides the colors of the whole picture: saturation, a reference, the network; and where they are unsure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from huefill_protocol.choices import MATCHES, values

from ..qt import Qt, QtWidgets
from . import references
from .studio import Studio

_START = 40
_WIDEST = 260


class WholePicture(QtWidgets.QWidget):
    """A slider, boxes to choose from, and the switch of the veil."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        box = ReferenceBox(studio)
        self._on = QtWidgets.QCheckBox("&Saturation")
        self._on.setObjectName("huefill_saturation_on")
        self._slider = QtWidgets.QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("huefill_saturation")
        self._slider.setAccessibleName("Saturation")
        self._slider.setRange(0, 100)
        self._slider.setValue(_START)
        self._on.toggled.connect(self._saturate)
        self._slider.valueChanged.connect(self._saturate)
        grid.addWidget(self._on, 0, 0)
        grid.addWidget(self._slider, 0, 1)
        grid.addWidget(_label("Colors &of", box), 1, 0)
        grid.addWidget(box, 1, 1)
        self._match = QtWidgets.QComboBox()
        self._match.setObjectName("huefill_match")
        for choice in MATCHES:
            self._match.addItem(choice.title, choice.value)
            self._match.setItemData(self._match.count() - 1, choice.tip, Qt.ItemDataRole.ToolTipRole)
        self._match.setToolTip("How the colors of the other picture are used.")
        self._match.activated.connect(lambda index: self._studio.coloring.match_by(self._match.itemData(index)))
        self._match_label = _label("Ma&tch", self._match)
        grid.addWidget(self._match_label, 2, 0)
        grid.addWidget(self._match, 2, 1)
        self._network = QtWidgets.QComboBox()
        self._network_label = _label("Net&work", self._network)
        self._network.setObjectName("huefill_network")
        self._network.setToolTip("Color network. “huefill models import” adds published ones.")
        self._network.activated.connect(lambda index: self._studio.coloring.use(self._network.itemText(index)))
        grid.addWidget(self._network_label, 3, 0)
        grid.addWidget(self._network, 3, 1)
        self._unsure = QtWidgets.QCheckBox("Show where colors are &unsure")
        self._unsure.setObjectName("huefill_unsure")
        self._unsure.setToolTip("A veil lies over what could well have other colors: look there first.")
        self._unsure.toggled.connect(lambda shown: self._studio.coloring.show_confidence(shown))
        grid.addWidget(self._unsure, 4, 0, 1, 2)
        studio.sources_changed.connect(self._show)
        studio.opened.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setEnabled(self._studio.coloring.photo is not None)
        self._unsure.setChecked(self._studio.coloring.with_confidence)
        self._show_saturation()
        self._show_match()
        self._show_networks()

    def _show_saturation(self) -> None:
        value = self._studio.coloring.saturation
        for widget in (self._on, self._slider):
            widget.blockSignals(True)
        self._on.setChecked(value is not None)
        self._slider.setEnabled(value is not None)
        if value is not None:
            self._slider.setValue(round(100 * value))
        for widget in (self._on, self._slider):
            widget.blockSignals(False)

    def _show_match(self) -> None:
        """There is a way to choose only where there is something to match."""
        coloring = self._studio.coloring
        self._match.setCurrentIndex(values(MATCHES).index(coloring.match))
        for widget in (self._match_label, self._match):
            widget.setEnabled(coloring.reference is not None)

    def _show_networks(self) -> None:
        """The choice is there only where there is something to choose."""
        names = self._studio.coloring.networks
        if [self._network.itemText(index) for index in range(self._network.count())] != list(names):
            self._network.clear()
            self._network.addItems(names)
        self._network.setCurrentIndex(names.index(self._studio.coloring.network) if self._studio.coloring.network in names else 0)
        for widget in (self._network_label, self._network):
            widget.setVisible(len(names) > 1)

    def _saturate(self, _value: Any = None) -> None:
        self._studio.coloring.saturate(self._slider.value() / 100 if self._on.isChecked() else None)


def _label(text: str, of: QtWidgets.QWidget) -> QtWidgets.QLabel:
    made = QtWidgets.QLabel(text)
    made.setBuddy(of)
    return made


class ReferenceBox(QtWidgets.QComboBox):
    """The picture whose colors are taken. What there is to choose is looked up when the list opens."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._acts: list[Callable[[], None]] = []
        self.setObjectName("huefill_reference")
        self.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setToolTip("Take the colors of another open photo, of a layer of this one, or of a file.")
        self.activated.connect(lambda index: self._acts[index]())
        studio.sources_changed.connect(self._show)
        studio.opened.connect(self._show)
        self._show()

    def showPopup(self) -> None:
        source = self._studio.source
        offered = [] if source is None else references.offers(source)
        self._fill([(offer.title, partial(self._take, offer)) for offer in offered] + [("A file…", self._ask_for_file)])
        super().showPopup()

    def _show(self) -> None:
        if not self.view().isVisible():
            self._fill([])

    def _fill(self, more: list[tuple[str, Callable[[], None]]]) -> None:
        """“None”, what is chosen now, and ``more``."""
        coloring = self._studio.coloring
        entries: list[tuple[str, Callable[[], None]]] = [("None", partial(coloring.refer, None))]
        reference = self._studio.coloring.reference
        if reference is not None:
            entries.append((reference.name, lambda: None))
        entries += more
        self.clear()
        for title, _ in entries:
            # The end of a long name tells it from others.
            self.addItem(self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, _WIDEST))
            self.setItemData(self.count() - 1, title, Qt.ItemDataRole.ToolTipRole)
        self._acts = [act for _, act in entries]
        self.setCurrentIndex(0 if reference is None else 1)

    def _take(self, offer: references.Offer) -> None:
        self._studio.coloring.refer(offer.read())

    def _ask_for_file(self) -> None:
        path, _ = QtWidgets.QFileDialog.getOpenFileName(self, "Take the colors of", "", references.FILES)
        if path:
            self._studio.refer_to_file(path)
        else:
            self._show()
