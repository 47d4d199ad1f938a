"""What is read of a document: the photo, the photo with our results above it, or everything that is seen (`choices.SAMPLES`)."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from huefill_client import sentences
from huefill_client.geometry import Rect
from huefill_client.sentences import Problem

from . import layers
from .document import STRIP, Source, is_quiet, space_of
from .document import strips as pieces
from .scratch import Sheet, composited, converted

_BUSY_MS = 10


def seen(source: Source) -> Generator[int, None, Any]:
    """The document from which `read_pixels` takes what is seen: the source's own, or a copy without what is no part of the picture."""
    if not source.everything or not any(layers.is_aid(node) and node.visible() for node in layers.every(source.document)):
        return source.document
    copy = source.document.clone()
    copy.setBatchmode(True)
    for aid in [node for node in layers.every(copy) if layers.is_aid(node)]:
        aid.remove()
    copy.refreshProjection()
    while not is_quiet(copy):
        yield _BUSY_MS
    return copy


def strips(source: Source, rect: Rect) -> Iterator[Rect]:
    """``rect`` in pieces to be read in one turn of the event loop each: smaller ones where Krita has to composite them."""
    return pieces(rect, STRIP // 4 if source.above else STRIP)


def read_pixels(source: Source, rect: Rect, document: Any = None) -> bytes:
    """The pixels in ``rect``, in the space in which they travel and in Krita's byte order. ``document`` is what `seen` gave."""
    return converted(_read(source, rect, document or source.document), rect, source.space, source.space.travels_as())


def _read(source: Source, rect: Rect, document: Any) -> bytes:
    if source.everything:
        return bytes(document.pixelData(rect.x, rect.y, rect.width, rect.height))
    photo = _own(source, rect)
    if not source.above:
        return photo
    sheets = [Sheet(photo, source.space)]
    for node in source.above:
        pixels = bytes(node.projectionPixelData(rect.x, rect.y, rect.width, rect.height))
        if pixels.strip(b"\0"):
            sheets.append(Sheet(pixels, space_of(node), node.opacity(), node.blendingMode()))
    return composited(sheets, rect, source.space) if len(sheets) > 1 else photo


def _own(source: Source, rect: Rect) -> bytes:
    read = source.node.projectionPixelData if source.projected else source.node.pixelData
    pixels = bytes(read(rect.x, rect.y, rect.width, rect.height))
    if len(pixels) != rect.width * rect.height * _pixel_size(source, len(pixels), rect):
        raise Problem(sentences.empty_layer(source.name))
    return pixels


def _pixel_size(source: Source, length: int, rect: Rect) -> int:
    # Only the sizes of travelling models are ours to know; Krita alone knows those of the others.
    known = source.space.model in ("RGBA", "GRAYA", "CMYKA")
    return source.space.pixel_size if known else length // (rect.width * rect.height) or 1
