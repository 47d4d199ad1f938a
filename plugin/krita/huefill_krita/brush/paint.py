"""The layer that is painted on, in its document: put there, read, and taken away so that as little as possible stays in the history."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from functools import partial
from typing import Any

from huefill_client.geometry import Rect
from huefill_client.painting import coverage
from huefill_protocol.actions import BRUSH_LAYER

from .. import layers
from ..document import strips
from ..pixels import SRGB
from . import history

_OPACITY = 128  # of 255: what is to go is seen through the paint
_STRIP = 200_000  # pixels


class Paint:
    """The layers on which was painted in ``document``: one at a time is in it, each stays the same through undo and redo."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self._sheets: list[Any] = []
        self._node: Any = None
        self._found = False

    @property
    def node(self) -> Any:
        """The layer that is in the document now, or None. One that was undone may have come back by redo."""
        if self._node is None or self._node.parentNode() is None:
            self._node = next((sheet for sheet in self._sheets if sheet.parentNode() is not None), None)
        return self._node

    def put(self, pieces: Iterable[tuple[Rect, bytes]] = ()) -> None:
        """Insert an empty layer above all others, or one with what ``pieces`` hold (H W 4 bytes each): one step in the history.

        Krita makes it the active one by itself, a moment later.
        """
        node = self.document.createNode(BRUSH_LAYER, "paintlayer")
        if (node.colorModel(), node.colorDepth(), node.colorProfile()) != ("RGBA", "U8", SRGB):
            node.setColorSpace("RGBA", "U8", SRGB)
        node.setOpacity(_OPACITY)
        for rect, pixels in pieces:
            node.setPixelData(pixels, rect.x, rect.y, rect.width, rect.height)
        self._sheets.append(node)
        self._node = node
        top = [layer for layer in self.document.topLevelNodes() if layer is not None and layer.type() not in layers.MASKS][-1]
        self.document.rootNode().addChildNode(node, top)

    def adopt(self) -> bool:
        """Take over a layer that an opened file has brought along; whether there was one."""
        found = next((node for node in layers.every(self.document) if node.name() == BRUSH_LAYER and node.type() == "paintlayer"), None)
        if found is None or self.node is not None:
            return False
        self._node, self._found = found, True
        self._sheets.append(found)
        self.document.setActiveNode(found)
        return True

    def bounds(self) -> Rect:
        """Where something is painted in the canvas; empty where nothing is."""
        node = self.node
        if node is None:
            return Rect(0, 0, 0, 0)
        bounds = node.bounds()
        canvas = Rect(0, 0, self.document.width(), self.document.height())
        return Rect(bounds.x(), bounds.y(), max(0, bounds.width()), max(0, bounds.height())).clip(canvas)

    def alpha(self, rect: Rect) -> Generator[int, None, bytes]:
        """How much is painted in ``rect``, H W bytes; a strip at a time."""
        pieces = []
        for _, pixels in self.pieces(rect):
            pieces.append(coverage(pixels))
            yield 0
        return b"".join(pieces)

    def pieces(self, rect: Rect) -> Iterable[tuple[Rect, bytes]]:
        """The paint in ``rect`` in strips, H W 4 bytes each."""
        for strip in strips(rect, _STRIP):
            yield strip, bytes(self.node.pixelData(strip.x, strip.y, strip.width, strip.height))

    def take_away(self) -> Generator[int, None, None]:
        """The layer is gone, and with it, where they are the last steps of the history, its insertion and the strokes on it."""
        node = self.node
        if node is None:
            return
        if not self._found:
            ours = node.uniqueId().toString()
            yield from history.take_back(self.document, lambda: node.parentNode() is None, partial(history.all_but, self.document, ours))
        if node.parentNode() is not None:
            node.remove()
            yield from history.quiet(self.document)
        self._node, self._found = None, False
