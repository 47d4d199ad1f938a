"""One command from the click to the layer: read, send, wait, build, attach; on the GUI thread only in pieces of milliseconds."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from huefill_client import requests
from huefill_client.color_hints import Hints
from huefill_client.geometry import Rect, around, window_for
from huefill_client.jobs import Begin, JobResult, JobRunner, Outcome, Update
from huefill_client.recipes import Names, ahead, colored_by, names_of
from huefill_client.sentences import NO_SELECTION, Problem, Sentence, sentence_for
from huefill_client.session import Session
from huefill_client.settings import Settings
from huefill_protocol.actions import Action
from huefill_protocol.choices import ANCHORS, SAMPLE_LAYER
from huefill_protocol.wire import Tensor

from . import document as adapter
from . import layers, messages, sampling
from .job import BackendJob
from .placement import Placement
from .qt import QObject, Qt, QtGui, QTimer, QtWidgets, Signal
from .selecting import select

# How long a read waits for a stroke that is just ending; an attach waits as long as it takes.
_PATIENCE_S = 2.0
_SETTLE_S = 2.0
_PICTURE = (64, 48)
_NOWHERE = Rect(0, 0, 0, 0)


@dataclass(frozen=True)
class Order:
    """What to run: where ``window`` and ``mask`` (zlib-compressed H W bytes of the window) are given, they replace the selection of now.

    ``colors`` is what was said of the window's colors, in its pixels; ``begin`` starts the job where the backend has the photo already.
    ``clearing`` takes away, right before the result goes in, what is to make room for it; it yields the milliseconds between its pieces.
    """

    command: Action
    choices: Settings
    seed: int = 0
    source: adapter.Source | None = None
    window: Rect | None = None
    mask: bytes = b""
    colors: Hints | None = None
    begin: Begin | None = None
    clearing: Callable[[], Iterator[int]] | None = None

    @property
    def varies(self) -> bool:
        """Whether another seed makes another picture of it."""
        if self.command.live:
            return self.colors is not None and self.colors.how.method == ANCHORS and not self.colors.how.anchored
        return self.command.has("seed")

    def seeded(self, seed: int) -> Order:
        """The same with another seed."""
        colors = self.colors
        return replace(self, seed=seed, colors=None if colors is None else replace(colors, how=replace(colors.how, seed=seed)))


@dataclass(frozen=True)
class Past:
    """A finished run: its order, with everything that is needed to run it again, and what the backend says it did.

    ``document`` and ``layer`` are the names of where its result went; ``title`` is the result's name, ``node`` tells its layer from all
    others, ``rect`` is where it lies in the document, ``picture`` shows it small, ``warnings``
    is what a person should know of it. Of a run that has only selected something there is no layer: ``node`` is None.
    """

    order: Order
    recipe: dict[str, Any]
    stages: dict[str, float]
    seconds: float
    document: str
    layer: str
    title: str = ""
    node: Any = None
    rect: Rect = _NOWHERE
    picture: QtGui.QImage | None = None
    warnings: tuple[Sentence, ...] = ()

    @property
    def command(self) -> Action:
        return self.order.command


class Run(QObject):
    """``progressed(stage, fraction, remaining)``, ``warned(sentences)`` where there is something to know, and then exactly one of
    ``succeeded(Past)``, ``failed(Sentence)``, ``cancelled()``."""

    progressed = Signal(str, float, object)
    warned = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, order: Order, document: Any, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        # To run it once more, there is nothing to take away.
        self._order, self._clearing = replace(order, clearing=None), order.clearing
        self._document = document
        self._session = session
        self._job: BackendJob | None = None
        self._stopping = False
        self._begun = time.monotonic()

    def start(self) -> None:
        """Returns at once; raises nothing: problems come as ``failed``."""
        self._continue(self._read())

    def cancel(self) -> None:
        self._stopping = True
        if self._job is not None:
            self._job.cancel()

    def _read(self) -> Generator[int, None, None]:
        yield from self._until_quiet(_PATIENCE_S)
        self.progressed.emit("reading the photo", 0.0, None)
        yield 0
        self._order = order = self._resolved()
        source, window = order.source, order.window
        assert source is not None and window is not None
        begin = order.begin
        if begin is None:
            pieces, mask = [], []
            selected = not order.mask and (
                order.command.on_selection or (order.command.takes_selection and source.document.selection() is not None)
            )
            seen = yield from sampling.seen(source)
            for strip in sampling.strips(source, window):
                pieces.append(sampling.read_pixels(source, strip, seen))
                if selected:
                    mask.append(adapter.read_mask(source, strip))
                yield 0
            begin = partial(self._send, pieces, mask)
        # To run it once more, the photo is read again: the backend may have dropped it.
        self._order = replace(order, begin=None)
        self._job = BackendJob(begin, self)
        self._job.updated.connect(self._update)
        self._job.done.connect(self._place)
        self._job.failed.connect(self.failed)
        self._job.cancelled.connect(self.cancelled)
        self._job.start()

    def _resolved(self) -> Order:
        """The order with its source, window and mask as the document has them now."""
        order = self._order
        if order.source is not None:
            return replace(order, source=adapter.same_source(order.source))
        sample = order.choices.sample if order.command.has("sample") else SAMPLE_LAYER
        source = adapter.find_source(self._document, sample)
        if order.command.makes_colors and not order.command.live and adapter.space_of(self._document).model == "GRAYA":
            raise Problem(messages.GRAY_DOCUMENT)
        if not order.command.on_selection:
            return replace(order, source=source, window=source.canvas)
        return replace(order, source=source, window=window_for(adapter.selected(source), source.canvas))

    def _send(
        self, pieces: list[bytes], mask: list[bytes], on_update: Callable[[Update], None], on_end: Callable[[Outcome], None]
    ) -> JobRunner:
        """Start the job with what was read; outside the GUI thread."""
        if mask:
            selection = b"".join(mask)
            if selection.count(0) < len(selection):
                self._order = replace(self._order, mask=zlib.compress(selection, 1))
            elif self._order.command.on_selection:
                raise Problem(NO_SELECTION)
        return JobRunner(self._session, _request(self._order, b"".join(pieces)), on_update, on_end).start()

    def _update(self, update: Update) -> None:
        stage = update.stage if not update.position else ahead(update.position)
        self.progressed.emit(stage, update.fraction, update.remaining_s)
        if update.warnings:
            self.warned.emit(update.warnings)

    def _place(self, result: JobResult) -> None:
        self._job = None
        self._continue(self._placing(result) if result.selection is None else self._selecting(result))

    def _selecting(self, result: JobResult) -> Iterator[int]:
        source, found = self._order.source, result.selection
        assert source is not None and found is not None
        yield from self._until_quiet(None)
        if not found.empty:
            yield from select(source, found)
        self._stopping = False
        self.succeeded.emit(self._past(result))

    def _placing(self, result: JobResult) -> Iterator[int]:
        source = self._order.source
        assert source is not None
        placement = Placement(source, self._names(result), result.layers)
        for number, layer in enumerate(result.layers):
            pixels = memoryview(layer.pixels.data)
            row = len(pixels) // layer.rect.height
            for strip in adapter.strips(layer.rect):
                begin = (strip.y - layer.rect.y) * row
                placement.write(number, strip, pixels[begin : begin + strip.height * row])
                yield 0
        yield from self._until_quiet(None)
        if self._clearing is not None:
            yield from self._clearing()
        placement.attach()
        rect = around([layer.rect for layer in result.layers])
        past = replace(self._past(result), title=placement.whole.name(), node=placement.whole.uniqueId(), rect=rect)
        # Krita makes the new layer active a moment later; the photo is what the next action is to work on.
        limit = time.monotonic() + _SETTLE_S
        while not placement.keep_source_active() and time.monotonic() < limit:
            yield 20
        if len(result.layers) > 1:
            yield from self._until_quiet(None)
            placement.show()
        self._stopping = False
        self.succeeded.emit(replace(past, picture=placement.whole.thumbnail(*_PICTURE)))

    def _past(self, result: JobResult) -> Past:
        """What is told of a run that has made no layer."""
        source, seconds = self._order.source, time.monotonic() - self._begun
        assert source is not None
        where = adapter.name_of(source.document), source.name
        return Past(self._order, result.recipe, result.seconds, seconds, *where, warnings=result.warnings)

    def _names(self, result: JobResult) -> Names:
        source, colors = self._order.source, self._order.colors
        assert source is not None
        taken = [node.name() for node in layers.every(adapter.still_open(source.document))]
        about = "" if colors is None else colored_by(colors)
        return names_of(self._order.command, result, source.canvas, time.monotonic() - self._begun, about, taken, every=False)

    def _until_quiet(self, patience: float | None) -> Iterator[int]:
        """Wait while somebody paints or drags, at most ``patience`` seconds (None: without limit)."""
        begun = time.monotonic()
        told = False
        while QtWidgets.QApplication.mouseButtons() != Qt.MouseButton.NoButton or not adapter.is_quiet(self._document):
            if patience is not None and time.monotonic() - begun > patience:
                return
            if not told and time.monotonic() - begun > 0.5:
                told = True
                self.progressed.emit("waiting until you have finished painting", 1.0 if patience is None else 0.0, None)
            yield 40

    def _continue(self, steps: Iterator[int]) -> None:
        if self._stopping:
            self.cancelled.emit()
            return
        try:
            pause = next(steps)
        except StopIteration:
            return
        except Exception as error:
            self.failed.emit(sentence_for(error))
        else:
            QTimer.singleShot(pause, partial(self._continue, steps))


def _request(order: Order, pixels: bytes) -> requests.Job:
    assert order.source is not None and order.window is not None
    space, window = order.source.space.travels_as(), order.window
    image = Tensor(space.dtype, (window.height, window.width, space.channels), pixels)
    tensors: dict[str, Tensor | None] = {"image": image}
    common = {"transfer": space.transfer, "origin": (window.x, window.y), "device": order.choices.device, "pixels": space.order}
    if order.mask:
        tensors["mask"] = Tensor("U8", (window.height, window.width), zlib.decompress(order.mask))
    if order.colors is not None:
        return requests.job(
            order.command,
            {**tensors, "hints": order.colors.painted, "reference": order.colors.reference},
            points=order.colors.points,
            saturation=order.colors.saturation,
            model=order.colors.network,
            **order.colors.how.values,
            **common,
        )
    seed = order.seed if order.command.has("seed") else None
    return requests.job(order.command, tensors, seed=seed, **requests.remembered(order.command, order.choices), **common)
