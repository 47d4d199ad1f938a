"""Painting over things in one document: from the paint to the order, and back to how the document was."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from typing import Any

from huefill_client import painting as pixels
from huefill_client import sentences
from huefill_client.geometry import Rect, window_for
from huefill_client.sentences import Problem
from huefill_client.settings import Settings
from huefill_protocol.actions import REMOVE_BY_BRUSH

from .. import layers
from ..document import find_source, strips
from ..run import Order
from . import history
from .paint import Paint

_PATIENCE = 200  # looks whether Krita has made the layer the active one
_PIECE = 60_000  # pixels that are compared between two turns of the event loop


class Painting:
    """``on`` while things are painted over here, also while another document is shown. ``switching`` while layers come and go, so that a
    stroke would land on a wrong one; ``resting`` once Ctrl+Z has taken the layer back, until the pointer comes to the canvas again."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.paint = Paint(document)
        self.on = self.switching = self.resting = False
        self._active: Any = None
        self._selection: Any = None
        self._results: list[Any] = []
        self._before: set[str] = set()
        # What is being removed: where, and its alpha; and what was painted when the result came.
        self._sent: tuple[Rect, bytes] = (Rect(0, 0, 0, 0), b"")
        self._kept: list[tuple[Rect, bytes]] = []
        self._rest: list[tuple[Rect, bytes]] = []

    def begin(self, sample: str) -> Iterator[int]:
        """The layer is there and nothing is selected. Raises `Problem` where there is no photo to remove something from."""
        adopted = self.paint.adopt()
        active = self.document.activeNode()
        photo = find_source(self.document, sample).node
        self.on, self.switching = True, True
        yield from history.quiet(self.document)
        selection = self.document.selection()
        self._active = photo if active is None or layers.is_aid(active) else active
        self._selection = None if selection is None else selection.duplicate()
        self.document.setSelection(None)
        if not adopted:
            yield from self.put()
        self.switching = False

    def put(self, pieces: list[tuple[Rect, bytes]] | None = None) -> Iterator[int]:
        """The layer is in the document and the active one."""
        self.switching = True
        self.paint.put(pieces or ())
        for look in range(1, _PATIENCE):
            if self.is_active() or self.paint.node is None:
                break
            if look % 20 == 0:
                self.document.setActiveNode(self.paint.node)
            yield 5
        self.switching = self.resting = False

    def is_active(self) -> bool:
        """Whether the layer is the one that is painted on."""
        node, active = self.paint.node, self.document.activeNode()
        return node is not None and active is not None and active.uniqueId() == node.uniqueId()

    def order(self, choices: Settings) -> Generator[int, None, Order]:
        """What removes all that is painted; raises `Problem` where there is nothing to remove."""
        there = self._active is not None and self._active.parentNode() is not None
        source = find_source(self.document, choices.sample, self._active if there else None)
        hole = self.paint.bounds()
        if hole.empty:
            raise Problem(sentences.NOTHING_PAINTED)
        hole = hole.clip(source.bounds)
        if hole.empty:
            raise Problem(sentences.selection_outside(source.name))
        window = window_for(hole, source.canvas)
        alpha = yield from self.paint.alpha(window)
        self._sent = window, zlib.compress(alpha, 1)
        mask = zlib.compress(pixels.mask_of(alpha), 1)
        return Order(REMOVE_BY_BRUSH, choices, source=source, window=window, mask=mask, clearing=self._clear)

    def _clear(self) -> Iterator[int]:
        """The paint goes, right before the result comes; what was painted meanwhile is remembered."""
        self.switching = True
        self._kept = list(self.paint.pieces(self.paint.bounds())) if self.paint.node is not None else []
        self._rest = []
        for rect, data in self._kept:
            newer = yield from self._newer(rect, data)
            if newer.strip(b"\0"):
                self._rest.append((rect, newer))
        yield from self.paint.take_away()
        self._before = {node.uniqueId().toString() for node in layers.every(self.document)}

    def _newer(self, rect: Rect, data: bytes) -> Generator[int, None, bytes]:
        """Of the paint ``data`` in ``rect``, what was not there when it was sent."""
        window, packed = self._sent
        sent, found = zlib.decompress(packed), []
        for strip in strips(rect, _PIECE):
            begin = 4 * (strip.y - rect.y) * rect.width
            before = b"".join(_row(sent, window, strip.x, y, strip.width) for y in range(strip.y, strip.bottom))
            found.append(pixels.newer(data[begin : begin + 4 * strip.height * strip.width], before))
            yield 0
        return b"".join(found)

    def removed(self) -> Iterator[int]:
        """The result is in: on with an empty layer, or with what was painted meanwhile."""
        self._results += [node for node in layers.every(self.document) if node.uniqueId().toString() not in self._before][:1]
        self._kept = []
        if self.on:
            yield from self.put(self._rest)
        else:
            self._restore()
            self.switching = False

    def failed(self) -> Iterator[int]:
        """No result came: the paint is still there, or there again."""
        kept, self._kept = self._kept, []
        if kept and self.on:
            yield from self.paint.take_away()
            yield from self.put(kept)
        self.switching = False

    def taken_back(self) -> Iterator[int]:
        """Ctrl+Z has taken back the empty layer. Nobody has seen that come: what was meant is the removal before it."""
        self.resting = True
        if any(node.parentNode() is not None for node in self._results):
            yield from history.quiet(self.document)
            history.undo()
            yield from history.quiet(self.document)
        else:
            yield from self.leave()

    def leave(self) -> Iterator[int]:
        """The layer is gone; selection and active layer are as before."""
        self.on, self.switching = False, True
        try:
            yield from self.paint.take_away()
            self._restore()
        finally:
            self.switching = self.resting = False

    def leave_at_once(self) -> None:
        """`leave`, without a turn of the event loop: for when the document is saved or closed next."""
        modified = self.document.modified()
        self.document.waitForDone()
        for _ in self.leave():
            self.document.waitForDone()
        if not modified:
            # To put our layer away is no change that has to be asked about.
            self.document.setModified(False)

    def _restore(self) -> None:
        selection, self._selection = self._selection, None
        if selection is not None and self.document.selection() is None:
            self.document.setSelection(selection)
        if self._active is not None and self._active.parentNode() is not None:
            self.document.setActiveNode(self._active)


def _row(sent: bytes, window: Rect, x: int, y: int, width: int) -> bytes:
    """``width`` bytes of row ``y`` from ``x`` on of what was sent, 0 outside ``window``."""
    if not window.y <= y < window.bottom:
        return bytes(width)
    left, right = max(x, window.x), min(x + width, window.right)
    if left >= right:
        return bytes(width)
    begin = (y - window.y) * window.width - window.x
    return bytes(left - x) + sent[begin + left : begin + right] + bytes(x + width - right)
