"""The open document as buffers: what is read before a job.

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
    document = still_open(old.document)
    return _described(document, still_there(old, document))


def _described(document: Any, node: Any) -> Source:
    locked = locked_ancestor(node)
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


def read_mask(source: Source, rect: Rect) -> bytes:
    """The selection in ``rect``, H W bytes 0..255; raises `Problem` where there is none any more."""
    selection = source.document.selection()
    if selection is None:
        raise Problem(sentences.NO_SELECTION)
    return bytes(selection.pixelData(rect.x, rect.y, rect.width, rect.height))


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


def is_result(node: Any) -> bool:
    """Whether the layer is one of ours."""
    return is_result_name(node.name())


def space_of(node: Any) -> Space:
    return Space(node.colorModel(), node.colorDepth(), node.colorProfile())


def still_open(document: Any) -> Any:
    """``document``; raises `Problem` where it was closed."""
    for candidate in Krita.instance().documents():
        if candidate == document:
            return candidate
    raise Problem(sentences.GONE_DOCUMENT)


def still_there(source: Source, document: Any) -> Any:
    """The layer of ``source``; raises `Problem` where it was deleted."""
    wanted = source.node.uniqueId()
    pending = [document.rootNode()]
    while pending:
        node = pending.pop()
        if node.uniqueId() == wanted:
            return node
        pending.extend(node.childNodes())
    raise Problem(sentences.gone_layer(source.name))


def locked_ancestor(node: Any) -> Any:
    """The layer itself or the group around it that is locked, or None."""
    while node is not None:
        if node.locked():
            return node
        node = node.parentNode()
    return None


def _rect(bounds: Any) -> Rect:
    return Rect(bounds.x(), bounds.y(), max(0, bounds.width()), max(0, bounds.height()))
