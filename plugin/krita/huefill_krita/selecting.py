"""A proposed selection becomes the document's own, in one step of its history."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from huefill_client import sentences
from huefill_client.jobs import ResultSelection
from huefill_client.sentences import Problem
from krita import Krita, Selection

from .document import Source, is_quiet, still_open

_LOOK_MS, _LOOKS = 20, 250


def select(source: Source, found: ResultSelection) -> Iterator[int]:
    """Select what was ``found``, and yield the milliseconds to wait between the pieces. Raises `Problem` where it does not fit any more.

    Krita's scripts can set a selection, but not so that it can be undone. Its own "Select All" can be: so that comes first, and what it
    selects is then cut down to what was found, which undo and redo take along. An earlier selection is dropped first, by a step of its own.
    """
    document = still_open(source.document)
    if (document.width(), document.height()) != (source.canvas.width, source.canvas.height):
        raise Problem(sentences.canvas_changed(document.name() or source.name))
    rect = found.rect
    chosen = Selection()
    chosen.setPixelData(bytes(found.pixels.data), rect.x, rect.y, rect.width, rect.height)
    if Krita.instance().activeDocument() != document:
        # Krita's commands work on the document that is in front, and none is pulled there from under a person's hands.
        document.setSelection(chosen)
        return
    if document.selection() is not None:
        _trigger("deselect")
        yield from _until(document, lambda: document.selection() is None)
    _trigger("select_all")
    yield from _until(document, lambda: document.selection() is not None)
    whole = document.selection()
    if whole is None:
        document.setSelection(chosen)
    else:
        whole.intersect(chosen)
    document.refreshProjection()


def _trigger(name: str) -> None:
    action = Krita.instance().action(name)
    if action is not None:
        action.trigger()


def _until(document: Any, happened: Callable[[], bool]) -> Iterator[int]:
    """Krita does its commands a moment later."""
    for _ in range(_LOOKS):
        if is_quiet(document) and happened():
            return
        yield _LOOK_MS
