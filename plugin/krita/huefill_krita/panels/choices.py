"""When the brush removes, what is read, engine, quality, growth, which scratches; what each means is said where one points at it."""

from __future__ import annotations

from functools import partial
from typing import Any

from huefill_protocol.choices import BRUSH_ENDS, GROWTHS, KINDS, PRESETS, SAMPLES, WIDEST_SCRATCH, Choice

from ..qt import Qt, QtWidgets

_CHOICES = {"brush": BRUSH_ENDS, "sample": SAMPLES, "preset": PRESETS, "grow": GROWTHS, "kinds": KINDS}
_LABELS = (
    ("brush", "&Brush"),
    ("sample", "&Sample"),
    ("engine", "&Engine"),
    ("preset", "&Quality"),
    ("grow", "&Grow"),
    ("kinds", "Sc&ratches"),
)


class ChoicesPanel(QtWidgets.QWidget):
    """A box for each. The engines are those that the backend has named."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        form = QtWidgets.QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(3)
        form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._rows = {name: self._row(form, name, label) for name, label in _LABELS}
        self._sensitivity = _number("sensitivity", 100, " %", "How much is taken for scratches and dust: more, or only what is sure.")
        self._width = _number("width", WIDEST_SCRATCH, " px", "How wide scratches are at most. Automatic suits the photo's size.")
        self._width.setSpecialValueText("Automatic")
        self._sensitivity.valueChanged.connect(lambda value: model.choose("sensitivity", value / 100))
        self._width.valueChanged.connect(partial(model.choose, "width"))
        form.addRow("Sensiti&vity", self._sensitivity)
        form.addRow("&Width", self._width)
        model.choices_changed.connect(self._show)
        model.backend_changed.connect(self._show)
        self._show()

    def _row(self, form: Any, name: str, label: str) -> Any:
        box = QtWidgets.QComboBox()
        box.setObjectName(f"huefill_{name}")
        box.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        box.setMinimumContentsLength(6)
        box.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.activated.connect(partial(self._chosen, name, box))
        form.addRow(label, box)
        return box

    def _chosen(self, name: str, box: Any, index: int) -> None:
        self._model.choose(name, box.itemData(index))

    def _show(self) -> None:
        for name, box in self._rows.items():
            value = getattr(self._model.choices, name)
            _fill(box, self._model.backend.engines if name == "engine" else _CHOICES[name], value)
            box.setToolTip(box.itemData(box.currentIndex(), Qt.ItemDataRole.ToolTipRole))
        for number, value in ((self._sensitivity, round(100 * self._model.choices.sensitivity)), (self._width, self._model.choices.width)):
            if number.value() != value:
                number.setValue(value)


def _number(name: str, most: int, unit: str, tip: str) -> QtWidgets.QSpinBox:
    made = QtWidgets.QSpinBox()
    made.setObjectName(f"huefill_{name}")
    made.setRange(0, most)
    made.setSuffix(unit)
    made.setToolTip(tip)
    made.setKeyboardTracking(False)
    return made


def _fill(box: Any, choices: tuple[Choice, ...], chosen: str) -> None:
    """Offer ``choices``, and the chosen one also where it is none of them; a box that offers them already keeps its entries."""
    if chosen not in [choice.value for choice in choices]:
        choices = (*choices, Choice(chosen, chosen, "An engine of this name is not installed, as far as is known."))
    if [box.itemData(index) for index in range(box.count())] != [choice.value for choice in choices]:
        box.clear()
        for index, choice in enumerate(choices):
            box.addItem(choice.title, choice.value)
            box.setItemData(index, choice.tip, Qt.ItemDataRole.ToolTipRole)
    box.setCurrentIndex(box.findData(chosen))
