"""The photo that is being colored in Krita: what is read of the document, what is kept in it, and the state's changes as Qt signals.

Nothing enters the document but the layer of Apply, the hint layer when it is asked for, and the points, kept in an annotation.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from huefill_client import requests
from huefill_client.color_hints import Hints, Photo
from huefill_client.color_points import KEPT_NAME, from_kept, to_kept
from huefill_client.coloring import Change, Coloring
from huefill_client.sentences import NOTHING_TO_MATCH, Problem, sentence_for
from huefill_protocol.actions import COLORIZE_POINTS, Action
from huefill_protocol.wire import Tensor
from krita import Krita

from .. import document as adapter
from .. import layers, messages, pixels, sampling
from ..controller import controller
from ..qt import QObject, QtCore, Signal
from ..run import Order
from ..turns import Turns, in_thread
from . import hint_layer, references
from .painted import PaintedHints

_RADIUS_SHARE = 0.004


class Studio(QObject):
    """One for all of Krita's windows. ``opened``: another action, another photo, or none."""

    opened = Signal()
    points_changed = Signal()
    step_done = Signal()
    pictured = Signal()
    suggested = Signal()
    sources_changed = Signal()
    said = Signal()
    _handed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.action = COLORIZE_POINTS
        self.source: adapter.Source | None = None
        self._image: Tensor | None = None
        self._handed.connect(self._make)
        self.coloring = Coloring(self._handed.emit)
        for change, signal in (
            (Change.PHOTO, self.opened),
            (Change.POINTS, self.points_changed),
            (Change.STEP, self.step_done),
            (Change.PICTURE, self.pictured),
            (Change.SUGGESTIONS, self.suggested),
            (Change.SOURCES, self.sources_changed),
            (Change.MESSAGE, self.said),
        ):
            self.coloring.listen(signal.emit, change)
        self.step_done.connect(self._keep)
        self._reading = Turns(self._fail)
        self._painted = PaintedHints(self.coloring, self)

    def _make(self, call: Callable[[], None]) -> None:
        call()

    # the photo

    @property
    def title(self) -> str:
        """The layer's name, or nothing."""
        return "" if self.source is None else self.source.name

    def open(self, action: Action | None = None) -> None:
        """Begin with the photo that is active in Krita; problems are told in the docker."""
        document = Krita.instance().activeDocument()
        self.close()
        self.action = action or self.action
        if document is None:
            self.coloring.say(messages.NO_DOCUMENT)
        else:
            self._reading.start(self._read(document))

    def begin(self, action: Action) -> None:
        """What the menu entry of ``action`` does: open the active photo, or go on with it where it is open already."""
        document = Krita.instance().activeDocument()
        if self.source is None or document is None or self.source.document != document:
            self.open(action)
        else:
            self.choose(action)

    def choose(self, action: Action) -> None:
        """Color by the other action, with all that was said of the photo so far."""
        if action is self.action:
            return
        self.action = action
        if self._image is None:
            self.opened.emit()
        else:
            self.coloring.go_on_with(self._photo(self._image))

    def close(self) -> None:
        self._reading.stop()
        self._painted.stop()
        self.source = self._image = None
        self.coloring.end()

    def convert(self) -> None:
        """Make a gray document RGB, as the person asked by a click."""
        document = Krita.instance().activeDocument()
        if document is not None and document.colorModel() == "GRAYA":
            document.setColorSpace("RGBA", document.colorDepth(), pixels.SRGB)
            document.waitForDone()
            self.open()

    def _read(self, document: Any) -> Iterator[int]:
        node = document.activeNode()
        if node is not None:
            document.setActiveNode(layers.photo_of(node))
        source = adapter.find_source(document)
        if source.space.model == "GRAYA" or document.colorModel() == "GRAYA":
            raise Problem(messages.GRAY_DOCUMENT)
        self.source = source
        self.opened.emit()
        space = source.space.travels_as()
        # Filled strip by strip: to join pieces of a large photo would hold Krita up.
        data = mmap.mmap(-1, source.canvas.width * source.canvas.height * space.pixel_size)
        for strip in adapter.strips(source.canvas):
            data.write(sampling.read_pixels(source, strip))
            yield 0
        self._image = Tensor(space.dtype, (source.canvas.height, source.canvas.width, space.channels), data)
        self.coloring.begin(self._photo(self._image), from_kept(bytes(document.annotation(KEPT_NAME))))
        self._painted.start(source)

    def _photo(self, image: Tensor) -> Photo:
        assert self.source is not None
        space, device, action = self.source.space.travels_as(), controller().choices.device, self.action

        def job(hints: Hints) -> requests.Job:
            how = {"transfer": space.transfer, "pixels": space.order, "device": device}
            return requests.job(action, {"image": image}, model=hints.network, **how)

        return Photo(
            controller().backend.session,
            self.source.canvas,
            job,
            pointed="points" in action.hints,
            radius=max(2.0, _RADIUS_SHARE * max(self.source.canvas.width, self.source.canvas.height)),
        )

    def _keep(self) -> None:
        if self.source is not None:
            kept = QtCore.QByteArray(to_kept(self.coloring.points))
            self.source.document.setAnnotation(KEPT_NAME, "Huefill's color points", kept)

    def make_hint_layer(self) -> None:
        """A layer to paint hints on, above the photo."""
        if self.source is not None and hint_layer.find(self.source.document) is None:
            hint_layer.make(self.source.document, self.source.node)

    # a reference

    def refer_to_file(self, path: str) -> None:
        """Take the colors of a picture in a file."""
        self._reading.start(self._referred(path))

    def _referred(self, path: str) -> Iterator[int]:
        reference = yield from in_thread(partial(references.of_file, path))
        self.coloring.refer(reference)

    # applying

    def apply(self) -> None:
        """Put the photo in color into the document: one layer, one step in the history."""
        source, coloring = self.source, self.coloring
        if source is None or coloring.photo is None:
            coloring.say(messages.NOT_OPEN)
        elif not coloring.ready:
            coloring.say(NOTHING_TO_MATCH)
        else:
            hints, begin = coloring.hints, coloring.application()
            controller().run(Order(self.action, controller().choices, source=source, window=source.canvas, colors=hints, begin=begin))

    def _fail(self, error: Exception) -> None:
        self.source = self.source if self.coloring.photo is not None else None
        self.coloring.say(sentence_for(error))
        self.opened.emit()
