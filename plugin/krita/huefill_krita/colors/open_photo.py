"""One document's photo that is being colored: what is read of it, what is kept in it, and what is said of its colors.

Nothing enters the document but the layer of Apply, the hint layer when it is asked for, and the points, kept in an annotation.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from typing import Any

from huefill_client import requests
from huefill_client.color_changes import Change
from huefill_client.color_hints import Hints, Photo
from huefill_client.color_points import KEPT_NAME, from_kept, to_kept
from huefill_client.coloring import VARIANTS, Coloring
from huefill_client.sentences import Problem, sentence_for
from huefill_protocol.actions import Action
from huefill_protocol.choices import SAMPLE_RESULTS
from huefill_protocol.wire import Tensor

from .. import document as adapter
from .. import layers, messages, sampling
from ..controller import controller
from ..pixels import Space
from ..qt import QObject, QtCore, QtGui, Signal
from ..turns import Turns
from . import small
from .painted import PaintedHints

_RADIUS_SHARE = 0.004


class OpenPhoto(QObject):
    """``changed(change)`` tells what is another; ``document`` is None for the one that stands for "no photo"."""

    changed = Signal(object)
    _handed = Signal(object)

    def __init__(self, document: Any, parent: QObject) -> None:
        super().__init__(parent)
        self.document = document
        self.source: adapter.Source | None = None
        self._image: Tensor | None = None
        self._old: QtGui.QImage | None = None
        self._begun = False
        self._handed.connect(self._make)
        self.coloring = Coloring(self._handed.emit)
        for change in Change:
            self.coloring.listen(lambda change=change: self._heard(change), change)
        self._reading = Turns(self._fail)
        self._looking_back = Turns(self._fail)
        self._painted = PaintedHints(self.coloring, self)

    def _make(self, call: Callable[[], None]) -> None:
        call()

    def _heard(self, change: Change) -> None:
        if change is Change.STEP and self.source is not None:
            kept = QtCore.QByteArray(to_kept(self.coloring.points))
            self.source.document.setAnnotation(KEPT_NAME, "Huefill's color points", kept)
        self.changed.emit(change)

    @property
    def resting(self) -> bool:
        """Whether something was said of it, but it is not read at the moment."""
        return self.source is not None and self._image is None and not self._reading.busy

    def read(self, action: Action) -> None:
        """Read the photo that is active and show it in color: at first with the points that the document keeps, later all that was said
        stays."""
        self._painted.stop()
        node = self.document.activeNode()
        if node is not None:
            self.document.setActiveNode(layers.photo_of(node))
        self._reading.start(self._read(action, None))

    def wake(self, action: Action) -> None:
        """Read the photo of before again, whichever layer is active now."""
        self._painted.stop()
        self._reading.start(self._read(action, self.source))

    def rest(self) -> None:
        """Let go of the pixels, here and in the backend; what was said of the colors stays."""
        self._reading.stop()
        self._painted.stop()
        self._image = None
        self._forget_before()
        self.coloring.rest()

    def close(self) -> None:
        self._reading.stop()
        self._painted.stop()
        self.source = self._image = None
        self._forget_before()
        self.coloring.end()

    def _forget_before(self) -> None:
        self._looking_back.stop()
        self._old = None

    def color_by(self, action: Action) -> None:
        """Go on by another action, with all that was said so far."""
        if self._image is not None:
            self.coloring.go_on_with(self._photo(self._image, action))

    def do(self, steps: Iterator[int]) -> None:
        """Long work on Krita's thread for this photo; its problems are told."""
        self._reading.start(steps)

    def before(self) -> QtGui.QImage | None:
        """The photo as it was read, small, where Qt can show such pixels; else its layer. None until it has been made small, which is told
        as another picture."""
        if self._old is None and self.source is not None:
            if self._image is None or self._image.dtype != "U8" or self._image.shape[2] != 4:
                self._old = self.source.node.thumbnail(1024, 1024)
            elif not self._looking_back.busy:
                self._looking_back.start(self._look_back(self._image))
        return self._old

    def _look_back(self, image: Tensor) -> Iterator[int]:
        self._old = yield from small.shrunk(image)
        self.changed.emit(Change.PICTURE)

    def _read(self, action: Action, former: adapter.Source | None) -> Iterator[int]:
        document = self.document
        node = None if former is None else adapter.still_there(former, document)
        source = adapter.find_source(document, SAMPLE_RESULTS, node, with_colors=False)
        if source.space.model == "GRAYA" or document.colorModel() == "GRAYA":
            raise Problem(messages.GRAY_DOCUMENT)
        self.source, self._image = source, None
        self._forget_before()
        self.changed.emit(Change.PHOTO)
        space = source.space.travels_as()
        seen = yield from sampling.seen(source)
        # Filled strip by strip: to join pieces of a large photo would hold Krita up.
        data = mmap.mmap(-1, source.canvas.width * source.canvas.height * space.pixel_size)
        for strip in sampling.strips(source, source.canvas):
            data.write(sampling.read_pixels(source, strip, seen))
            yield 0
        self._image = Tensor(space.dtype, (source.canvas.height, source.canvas.width, space.channels), data)
        photo = self._photo(self._image, action)
        if self._begun:
            self.coloring.go_on_with(photo)
        else:
            self._begun = True
            self.coloring.begin(photo, from_kept(bytes(document.annotation(KEPT_NAME))))
        self._painted.start(source)

    def _photo(self, image: Tensor, action: Action) -> Photo:
        assert self.source is not None
        space: Space = self.source.space.travels_as()
        device = controller().choices.device

        def job(hints: Hints) -> requests.Job:
            how = {"transfer": space.transfer, "pixels": space.order, "device": device}
            return requests.job(action, {"image": image}, model=hints.network, **how)

        return Photo(
            controller().backend.session,
            self.source.canvas,
            job,
            pointed="points" in action.hints,
            radius=max(2.0, _RADIUS_SHARE * max(self.source.canvas.width, self.source.canvas.height)),
            variants=VARIANTS if "variants" in action.hints else 0,
        )

    def _fail(self, error: Exception) -> None:
        if self.coloring.photo is None:
            self.source = None
        self.coloring.say(sentence_for(error))
        self.changed.emit(Change.PHOTO)
