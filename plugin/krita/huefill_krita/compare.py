"""Before and after: one result at its place, or none. Layers are shown and hidden, nothing else is touched."""

from __future__ import annotations

from typing import Any

from huefill_client.geometry import Rect
from huefill_client.sentences import Problem, Sentence

from . import document as adapter
from . import layers, messages
from .run import Past

# Results that share so much of the smaller one's place are tries of the same.
_SAME_PLACE = 0.5


def show(past: Past, history: list[Past], before: bool) -> Sentence:
    """Hide all results of ``history`` at the place of ``past``, and show ``past`` itself unless ``before``; what is to be said of it."""
    assert past.order.source is not None
    try:
        document = adapter.still_open(past.order.source.document)
    except Problem:
        return messages.result_closed(past.document)
    nodes = {node.uniqueId().toString(): node for node in layers.every(document)}
    chosen = nodes.get(past.node.toString())
    if chosen is None:
        return messages.result_deleted(past.title)
    for other in tries_of(past, history):
        node = nodes.get(other.node.toString())
        if node is not None:
            _see(node, other.node == past.node and not before)
    document.refreshProjection()
    return messages.seen_before(past.title) if before else messages.seen_after(past.title)


def tries_of(past: Past, history: list[Past]) -> list[Past]:
    """``past`` and the other results for its place in its document."""
    return [other for other in history if other is past or _same_place(past, other)]


def _same_place(one: Past, other: Past) -> bool:
    if one.order.source is None or other.order.source is None or one.command.task != other.command.task:
        return False
    if one.order.source.document != other.order.source.document:
        return False
    shared = one.rect.clip(other.rect)
    return _area(shared) > _SAME_PLACE * min(_area(one.rect), _area(other.rect))


def _area(rect: Rect) -> int:
    return rect.width * rect.height


def _see(node: Any, visible: bool) -> None:
    if node.visible() != visible:
        node.setVisible(visible)
