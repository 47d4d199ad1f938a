"""The open document as buffers: what is read before a job and how its result becomes one layer, one undo step.

Nothing here waits: every function does a piece of work small enough for the GUI thread, and its caller strings the
pieces together. Half floats and the models that do not travel (CMYK, L*a*b*, XYZ) go through a scratch document, which
Krita converts with its own color management and which leaves no trace in the photo's undo history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from huefill_client import sentences
from huefill_client.geometry import Rect
from huefill_client.sentences import Problem
from huefill_protocol.actions import is_result_name
from krita import Krita

from . import messages
from .pixels import Space

STRIP = 400_000  # pixels handled between two turns of the event loop: a few milliseconds
_MASKS = ("transparencymask", "filtermask", "transformmask", "selectionmask", "colorizemask")


@dataclass(frozen=True)
class Source:
    """The layer a job reads, as it was when the job began."""

    document: Any
    node: Any
    name: str
    space: Space
    canvas: Rect
    bounds: Rect
    position: tuple[int, int]
    projected: bool


def find_source(document: Any) -> Source:
    """The active layer of ``document``; raises `Problem` where it is missing, a mask, one of our results, locked or empty."""
    node = document.activeNode()
    if node is None:
        raise Problem(messages.NO_LAYER)
    if node.type() in _MASKS:
        mask, node = node, node.parentNode()
        if node is None or node.parentNode() is None:
            raise Problem(sentences.mask_active(mask.name()))
    if is_result(node):
        raise Problem(sentences.own_layer(node.name()))
    return _described(document, node)


def same_source(old: Source) -> Source:
    """The source of an earlier job as it is now, for running that job again; raises `Problem` where it is gone."""
    document = _still_open(old.document)
    return _described(document, _still_there(old, document))


def _described(document: Any, node: Any) -> Source:
    locked = _locked_ancestor(node)
    if locked is not None:
        raise Problem(messages.locked_layer(locked.name()))
    canvas = Rect(0, 0, document.width(), document.height())
    bounds = _rect(node.bounds()).clip(canvas)
    if bounds.empty:
        raise Problem(sentences.empty_layer(node.name()))
    position = node.position()
    return Source(
        document, node, node.name(), space_of(node), canvas, bounds, (position.x(), position.y()), projected=node.type() != "paintlayer"
    )


def selected(source: Source) -> Rect:
    """Bounds of the selection inside canvas and layer; raises `Problem` without a selection, or where it misses the layer."""
    selection = source.document.selection()
    if selection is None or selection.width() <= 0 or selection.height() <= 0:
        raise Problem(sentences.NO_SELECTION)
    bounds = Rect(selection.x(), selection.y(), selection.width(), selection.height()).clip(source.bounds)
    if bounds.empty:
        raise Problem(sentences.selection_outside(source.name))
    return bounds


def read_mask(source: Source, rect: Rect) -> bytes | None:
    """The selection in ``rect``, H W bytes 0..255; None without a selection."""
    selection = source.document.selection()
    return None if selection is None else bytes(selection.pixelData(rect.x, rect.y, rect.width, rect.height))


def read_pixels(source: Source, rect: Rect) -> bytes:
    """The layer's pixels in ``rect``, in the space in which they travel and in Krita's byte order."""
    read = source.node.projectionPixelData if source.projected else source.node.pixelData
    pixels = bytes(read(rect.x, rect.y, rect.width, rect.height))
    if len(pixels) != rect.width * rect.height * _pixel_size(source, len(pixels), rect):
        raise Problem(sentences.empty_layer(source.name))
    return converted(pixels, rect, source.space, source.space.travels_as())


def _pixel_size(source: Source, length: int, rect: Rect) -> int:
    # Only the sizes of travelling models are ours to know; Krita alone knows those of the others.
    known = source.space.model in ("RGBA", "GRAYA", "CMYKA")
    return source.space.pixel_size if known else length // (rect.width * rect.height) or 1


def converted(pixels: bytes, rect: Rect, space: Space, wanted: Space) -> bytes:
    """``pixels`` of ``rect`` in another color space, by Krita's own color management.

    Done in a document of its own that no window shows: converting a layer that holds pixels is a step in the history of its document,
    even of a layer that was never attached.
    """
    if space == wanted:
        return pixels
    scratch = Krita.instance().createDocument(rect.width, rect.height, "scratch", space.model, space.depth, space.profile, 72.0)
    scratch.setBatchmode(True)
    try:
        layer = scratch.topLevelNodes()[0]
        if space_of(layer) != space:
            layer.setColorSpace(space.model, space.depth, space.profile)
        layer.setPixelData(pixels, 0, 0, rect.width, rect.height)
        layer.setColorSpace(wanted.model, wanted.depth, wanted.profile)
        scratch.waitForDone()
        return bytes(layer.pixelData(0, 0, rect.width, rect.height))
    finally:
        scratch.setModified(False)
        scratch.close()


def strips(rect: Rect) -> Iterator[Rect]:
    """``rect`` in horizontal pieces, each small enough for one turn of the event loop."""
    rows = max(1, STRIP // max(1, rect.width))
    for top in range(rect.y, rect.bottom, rows):
        yield Rect(rect.x, top, rect.width, min(rows, rect.bottom - top))


def is_quiet(document: Any) -> bool:
    """Whether nobody is painting: a running stroke would be ended by our change."""
    if not document.tryBarrierLock():
        return False
    document.unlock()
    return True


class Placement:
    """A result layer being built beside its document; `attach` puts it in, once, as one undo step."""

    def __init__(self, source: Source, name: str) -> None:
        self._document = _still_open(source.document)
        self._node = _still_there(source, self._document)
        if (self._document.width(), self._document.height()) != (source.canvas.width, source.canvas.height):
            raise Problem(sentences.canvas_changed(self._document.name() or source.name))
        position = self._node.position()
        self._shift = (position.x() - source.position[0], position.y() - source.position[1])
        self._source = source
        self._space = space_of(self._node)
        self._layer = _unattached(self._document, name, self._space)

    def write(self, rect: Rect, pixels: bytes) -> None:
        """Fill ``rect`` (where it was in the source; a layer moved since takes its result along) from travelling pixels."""
        rect = rect.moved(*self._shift)
        native = converted(pixels, rect, self._source.space.travels_as(), self._space)
        self._layer.setPixelData(native, rect.x, rect.y, rect.width, rect.height)

    def attach(self) -> Any:
        """Insert the layer above its source (and above earlier results there); returns the new node."""
        document = _still_open(self._document)
        node = _still_there(self._source, document)
        parent = node.parentNode()
        if _locked_ancestor(parent) is not None:
            raise Problem(messages.locked_layer(parent.name()))
        parent.addChildNode(self._layer, _top_result(parent, node))
        return self._layer

    def keep_source_active(self) -> bool:
        """Once Krita has made the new layer the active one, go back to the photo; True when there is nothing left to do."""
        if self._document.activeNode() != self._layer:
            return False
        self._document.setActiveNode(self._node)
        return True


def is_result(node: Any) -> bool:
    """Whether the layer is one of ours."""
    return is_result_name(node.name())


def space_of(node: Any) -> Space:
    return Space(node.colorModel(), node.colorDepth(), node.colorProfile())


def _unattached(document: Any, name: str, space: Space) -> Any:
    layer = document.createNode(name, "paintlayer")
    if space_of(layer) != space:
        layer.setColorSpace(space.model, space.depth, space.profile)
    return layer


def _top_result(parent: Any, node: Any) -> Any:
    """The uppermost of the results that lie directly on ``node``, or ``node``: a second try must not hide under the first."""
    children = parent.childNodes()
    index = children.index(node)
    for above in children[index + 1 :]:
        if not is_result(above):
            break
        index += 1
    return children[index]


def _still_open(document: Any) -> Any:
    for candidate in Krita.instance().documents():
        if candidate == document:
            return candidate
    raise Problem(sentences.GONE_DOCUMENT)


def _still_there(source: Source, document: Any) -> Any:
    wanted = source.node.uniqueId()
    pending = [document.rootNode()]
    while pending:
        node = pending.pop()
        if node.uniqueId() == wanted:
            return node
        pending.extend(node.childNodes())
    raise Problem(sentences.gone_layer(source.name))


def _locked_ancestor(node: Any) -> Any:
    while node is not None:
        if node.locked():
            return node
        node = node.parentNode()
    return None


def _rect(bounds: Any) -> Rect:
    return Rect(bounds.x(), bounds.y(), max(0, bounds.width()), max(0, bounds.height()))
