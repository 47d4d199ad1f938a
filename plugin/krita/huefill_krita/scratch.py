"""Documents of our own that no window shows, in which Krita itself converts and composites: they leave no trace in the photo's history."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from huefill_client.geometry import Rect
from krita import Krita

from .pixels import Space


@dataclass(frozen=True)
class Sheet:
    """A layer to composite: its pixels over the whole picture, ``opacity`` 0..255, ``mode`` Krita's name of the blending."""

    pixels: bytes
    space: Space
    opacity: int = 255
    mode: str = "normal"


def converted(pixels: bytes, rect: Rect, space: Space, wanted: Space) -> bytes:
    """``pixels`` of ``rect`` in another color space, by Krita's own color management.

    Converting a layer that holds pixels is a step in the history of its document, even of a layer that was never attached.
    """
    if space == wanted:
        return pixels
    with _document(rect, space) as (document, layer):
        _fill(layer, Sheet(pixels, space), rect)
        layer.setColorSpace(wanted.model, wanted.depth, wanted.profile)
        document.waitForDone()
        return bytes(layer.pixelData(0, 0, rect.width, rect.height))


def composited(sheets: Sequence[Sheet], rect: Rect, space: Space) -> bytes:
    """The pixels of ``rect`` in ``space`` with all ``sheets`` over one another, the first the lowest."""
    with _document(rect, space) as (document, lowest):
        below = lowest
        for number, sheet in enumerate(sheets):
            layer = document.createNode("above", "paintlayer") if number else lowest
            _fill(layer, sheet, rect)
            if number:
                layer.setOpacity(sheet.opacity)
                layer.setBlendingMode(sheet.mode)
                document.rootNode().addChildNode(layer, below)
            below = layer
        document.refreshProjection()
        document.waitForDone()
        return bytes(document.pixelData(0, 0, rect.width, rect.height))


@contextlib.contextmanager
def _document(rect: Rect, space: Space) -> Iterator[tuple[Any, Any]]:
    """A document of the size of ``rect``, and its layer."""
    document = Krita.instance().createDocument(rect.width, rect.height, "scratch", space.model, space.depth, space.profile, 72.0)
    document.setBatchmode(True)
    try:
        yield document, document.topLevelNodes()[0]
    finally:
        document.setModified(False)
        document.close()


def _fill(layer: Any, sheet: Sheet, rect: Rect) -> None:
    space = sheet.space
    if (layer.colorModel(), layer.colorDepth(), layer.colorProfile()) != (space.model, space.depth, space.profile):
        layer.setColorSpace(space.model, space.depth, space.profile)
    layer.setPixelData(sheet.pixels, 0, 0, rect.width, rect.height)
