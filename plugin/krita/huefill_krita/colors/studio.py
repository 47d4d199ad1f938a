"""What is being colored: the photo, its points, what the backend shows of it. One for all windows; the docker follows its signals.

Nothing enters the document but the layer of Apply, the hint layer when it is asked for, and the points, kept in an annotation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from huefill_client import requests
from huefill_client.live import LivePhoto, Preview
from huefill_client.requests import Point
from huefill_client.sentences import Problem, Sentence
from huefill_protocol.actions import COLORIZE_POINTS
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import Tensor
from krita import Krita

from .. import document as adapter
from .. import messages, pixels
from ..controller import controller
from ..qt import QObject, Qt, QtCore, QtGui, QTimer, QtWidgets, Signal
from ..run import Colors, Order
from . import hint_layer
from .points import Points, keep_in, kept_in

_LONGEST = 640
_QUIET_MS, _STROKE_MS = 40, 250
_RADIUS_SHARE = 0.004


class Studio(QObject):
    """``changed``: points, palette or photo are others; ``previewed``: there is a new picture."""

    changed = Signal()
    previewed = Signal()
    _arrived = Signal(object)
    _failed = Signal(object)
    _listed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.image: QtGui.QImage | None = None
        self.palette: list[dict[str, Any]] = []
        self.beyond: list[int] = []
        self.saturation: float | None = None
        self.reference: tuple[str, Tensor] | None = None
        self.models: list[str] = []
        self.model = "auto"
        self.recent: list[tuple[int, int, int]] = []
        self.canvas = (0, 0)
        self.state = Points()
        self.painted: list[Point] = []
        self.message: Sentence | None = None
        self._undone: list[Points] = []
        self._done: list[Points] = []
        self._source: adapter.Source | None = None
        self._live: LivePhoto | None = None
        self._photo: Tensor | None = None
        self._arrived.connect(self._take)
        self._failed.connect(self._tell)
        self._listed.connect(self._list)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_QUIET_MS)
        self._soon.timeout.connect(self._ask)
        self._stroke = QTimer(self)
        self._stroke.setSingleShot(True)
        self._stroke.setInterval(_STROKE_MS)
        self._stroke.timeout.connect(self.look_at_hints)
        QtWidgets.QApplication.instance().installEventFilter(self)

    # the photo

    @property
    def is_open(self) -> bool:
        return self._source is not None

    @property
    def title(self) -> str:
        return "" if self._source is None else self._source.name

    def open(self) -> None:
        """Begin with the photo that is active in Krita; problems are told in the docker."""
        document = Krita.instance().activeDocument()
        if document is None:
            self._tell(messages.NO_DOCUMENT)
            return
        try:
            self._begin(document)
        except Problem as problem:
            self._tell(problem.sentence)

    def close(self) -> None:
        if self._live is not None:
            self._live.close()
        self._live = self._source = self._photo = self.image = self.message = None
        self.state, self.painted, self.palette, self._done, self._undone = Points(), [], [], [], []
        self.changed.emit()
        self.previewed.emit()

    def convert(self) -> None:
        """Make a gray document RGB, as the person asked by a click."""
        document = Krita.instance().activeDocument()
        if document is not None and document.colorModel() == "GRAYA":
            document.setColorSpace("RGBA", document.colorDepth(), pixels.SRGB)
            document.waitForDone()
            self.open()

    def _begin(self, document: Any) -> None:
        self.close()
        node = document.activeNode()
        if node is not None:
            document.setActiveNode(hint_layer.photo_below(document, node))
        source = adapter.find_source(document)
        if source.space.model == "GRAYA" or document.colorModel() == "GRAYA":
            raise Problem(messages.GRAY_DOCUMENT)
        space = source.space.travels_as()
        data = b"".join(adapter.read_pixels(source, strip) for strip in adapter.strips(source.canvas))
        self._photo = Tensor(space.dtype, (source.canvas.height, source.canvas.width, space.channels), data)
        self._source, self.canvas = source, (source.canvas.width, source.canvas.height)
        self.state = Points(kept_in(document))
        self._show_to_backend()
        self.look_at_hints()
        self.changed.emit()

    def _show_to_backend(self) -> None:
        if self._live is not None:
            self._live.close()
        transfer, device = self._source.space.travels_as().transfer, controller().choices.device
        job = requests.colorize_points(self._photo, transfer=transfer, device=device, model=self.model)
        job = replace(job, pixels=self._source.space.travels_as().order)
        self._live = LivePhoto(controller().backend.session, job, self._arrived.emit, self._refused, self._listed.emit)

    # points

    def place(self, x: float, y: float) -> None:
        """A new point there, of the color that the picture has there already: it changes nothing until a color is chosen."""
        rgb = self.color_at(x, y) or (128, 128, 128)
        radius = max(2.0, _RADIUS_SHARE * max(self.canvas))
        point = Point(x, y, tuple(float(value) for value in rgb), radius)
        self._change(Points((*self.state.points, point), len(self.state.points)))

    def select(self, index: int) -> None:
        self.state = replace(self.state, selected=index)
        self.changed.emit()
        self._ask_soon()

    def move(self, index: int, x: float, y: float, *, done: bool) -> None:
        points = list(self.state.points)
        points[index] = replace(points[index], x=x, y=y)
        self._change(Points(tuple(points), index), remember=done)

    def recolor(self, rgb: tuple[int, int, int]) -> None:
        """Give the selected point a color."""
        index = self.state.selected
        if 0 <= index < len(self.state.points):
            points = list(self.state.points)
            points[index] = replace(points[index], rgb=tuple(float(value) for value in rgb))
            self.recent = [rgb, *(other for other in self.recent if other != rgb)][:10]
            self._change(Points(tuple(points), index))

    def delete(self, index: int) -> None:
        points = tuple(point for number, point in enumerate(self.state.points) if number != index)
        self._change(Points(points, min(self.state.selected, len(points) - 1)))

    def keep(self) -> None:
        """Write the points into the document: a drag has ended."""
        self._set(self.state)

    def clear(self) -> None:
        self._change(Points())

    def undo(self) -> None:
        if self._done:
            self._undone.append(self.state)
            self._set(self._done.pop())

    def redo(self) -> None:
        if self._undone:
            self._done.append(self.state)
            self._set(self._undone.pop())

    def color_at(self, x: float, y: float) -> tuple[int, int, int] | None:
        """The preview's color at a pixel of the canvas."""
        if self.image is None or not self.canvas[0]:
            return None
        column = min(self.image.width() - 1, max(0, int((x + 0.5) * self.image.width() / self.canvas[0])))
        row = min(self.image.height() - 1, max(0, int((y + 0.5) * self.image.height() / self.canvas[1])))
        color = self.image.pixelColor(column, row)
        return color.red(), color.green(), color.blue()

    # the whole picture

    def use(self, model: str) -> None:
        """Color with another network."""
        if model != self.model:
            self.model = model
            if self._source is not None:
                self._show_to_backend()
                self._ask_soon()

    def _list(self, models: list[str]) -> None:
        self.models = models
        self.changed.emit()

    def saturate(self, value: float | None) -> None:
        self.saturation = value
        self._ask_soon()

    def refer(self, name: str, image: QtGui.QImage | None) -> None:
        """Take the colors of a picture, or of none."""
        self.reference = None if image is None else (name, _tensor(image))
        self.changed.emit()
        self._ask_soon()

    # the document's own hints

    def look_at_hints(self) -> None:
        """Read the hint layer, unless somebody is painting at this moment: then again a little later."""
        if self._source is None:
            return
        document = self._source.document
        if QtWidgets.QApplication.mouseButtons() != Qt.MouseButton.NoButton or not adapter.is_quiet(document):
            self._stroke.start()
            return
        layer = hint_layer.find(document)
        self.painted = [] if layer is None else hint_layer.read(layer, self._source.canvas)
        self.changed.emit()
        self._ask_soon()

    def make_hint_layer(self) -> None:
        if self._source is not None and hint_layer.find(self._source.document) is None:
            hint_layer.make(self._source.document, self._source.node)

    def eventFilter(self, watched: QObject, event: Any) -> bool:
        """A stroke or an undo has ended: the hint layer may be another."""
        ends = (QtCore.QEvent.Type.MouseButtonRelease, QtCore.QEvent.Type.TabletRelease, QtCore.QEvent.Type.KeyRelease)
        if self._source is not None and event.type() in ends:
            self._stroke.start()
        return False

    # applying

    def apply(self) -> None:
        """Put the photo in color into the document: one layer, one step in the history."""
        if self._source is None:
            self._tell(messages.NOT_OPEN)
            return
        reference = None if self.reference is None else self.reference[1]
        colors = Colors(tuple(self._all_points()), self.saturation, reference, self.model)
        controller().run(Order(COLORIZE_POINTS, controller().choices, source=self._source, window=self._source.canvas, colors=colors))

    def _all_points(self) -> list[Point]:
        return [*self.painted, *self.state.points]

    def _change(self, points: Points, *, remember: bool = True) -> None:
        if remember:
            self._done.append(self.state)
            self._undone.clear()
        self._set(points, keep=remember)

    def _set(self, points: Points, *, keep: bool = True) -> None:
        self.state = points
        if keep and self._source is not None:
            keep_in(self._source.document, points.points)
        self.changed.emit()
        self._ask_soon()

    def _ask_soon(self) -> None:
        """At most so often; a hand that goes on moving does not put it off."""
        if not self._soon.isActive():
            self._soon.start()

    def _ask(self) -> None:
        if self._live is None:
            return
        chosen = self.state.points[self.state.selected] if 0 <= self.state.selected < len(self.state.points) else None
        reference = None if self.reference is None else self.reference[1]
        self._live.show(
            points=self._all_points(),
            saturation=self.saturation,
            reference=reference,
            palette_at=None if chosen is None else (chosen.x, chosen.y),
            longest=_LONGEST,
        )

    def _take(self, preview: Preview) -> None:
        height, width = preview.image.shape[:2]
        image = QtGui.QImage(bytes(preview.image.data), width, height, 3 * width, QtGui.QImage.Format.Format_RGB888)
        self.image = image.copy()
        self.palette = preview.palette or []
        first = len(self.painted)
        self.beyond = [index - first for index in preview.out_of_gamut if index >= first]
        self.message = None
        self.previewed.emit()

    def _refused(self, error: BackendError) -> None:
        self._failed.emit(Sentence(error.code, error.message, error.remedy))

    def _tell(self, sentence: Sentence) -> None:
        self.message = sentence
        self.changed.emit()


def _tensor(image: QtGui.QImage) -> Tensor:
    small = image.scaled(
        256, 256, QtCore.Qt.AspectRatioMode.KeepAspectRatio, QtCore.Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QtGui.QImage.Format.Format_RGBA8888)
    bits = small.constBits()
    bits.setsize(small.sizeInBytes())
    return Tensor("U8", (small.height(), small.width(), 4), bytes(bits))


_studio: Studio | None = None


def studio() -> Studio:
    """The one studio, made when it is first asked for."""
    global _studio
    if _studio is None:
        _studio = Studio()
    return _studio
