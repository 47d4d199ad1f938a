"""Takes back steps of the shown document's history: what a temporary layer leaves there must not stand between a person and Ctrl+Z."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator, Hashable, Iterator
from typing import Any

from krita import Krita

from .. import layers
from ..document import is_quiet

_MOST = 400
_LOOK_MS = 5


def quiet(document: Any) -> Iterator[int]:
    """Until Krita has done what it was asked to do with ``document``."""
    while not is_quiet(document):
        yield _LOOK_MS


def undo() -> None:
    _action("edit_undo").trigger()


def can_redo() -> bool:
    """Whether the last change of the history was that something was undone."""
    return bool(_action("edit_redo").isEnabled())


def take_back(document: Any, gone: Callable[[], bool], others: Callable[[], Hashable]) -> Generator[int, None, bool]:
    """Undo step by step until ``gone()``; whether it came to that.

    ``others()`` tells what is not ours to undo: a step that changes it is done again, and that is the end. Krita lets a plugin use the
    history of the document that is shown, and of no other.
    """
    yield from quiet(document)
    for _ in range(_MOST):
        if gone():
            return True
        if Krita.instance().activeDocument() != document or not _action("edit_undo").isEnabled():
            return False
        before = others()
        undo()
        yield from quiet(document)
        if not gone() and others() != before:
            _action("edit_redo").trigger()
            yield from quiet(document)
            return False
    return gone()


def _action(name: str) -> Any:
    return Krita.instance().action(name)


def all_but(document: Any, ours: str) -> Hashable:
    """What there is in the document beside the layer whose id is ``ours``, as far as it can be told in a moment."""
    nodes = tuple(_told(node) for node in layers.every(document) if node.uniqueId().toString() != ours)
    return document.width(), document.height(), document.colorModel(), document.colorDepth(), nodes, _selected(document)


def _told(node: Any) -> Hashable:
    place, parent = node.position(), node.parentNode()
    around = "" if parent is None else parent.uniqueId().toString()
    shown = node.visible(), node.locked(), node.alphaLocked(), node.opacity(), node.blendingMode()
    return node.uniqueId().toString(), node.name(), around, place.x(), place.y(), shown


def _selected(document: Any) -> Hashable:
    selection = document.selection()
    if selection is None:
        return None
    area = selection.x(), selection.y(), selection.width(), selection.height()
    return (*area, zlib.crc32(bytes(selection.pixelData(*area))))
