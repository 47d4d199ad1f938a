"""The open document: the photo that a job works on, its selection, and whether both are still there.

Nothing here waits: every function does a piece of work small enough for the GUI thread, and its caller strings the pieces together.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huefill_client import sentences
from huefill_client.geometry import Rect
from huefill_client.sentences import Problem
from huefill_protocol.choices import SAMPLE_ALL, SAMPLE_LAYER, SAMPLE_RESULTS
from krita import Krita

from . import layers, messages
from .pixels import Space

STRIP = 400_000  # pixels handled between two turns of the event loop: a few milliseconds


@dataclass(frozen=True)
class Source:
    """The layer a job works on, as it was when the job began.

    ``above`` are the results that are read with it, the lowest first; ``everything`` whether all that is seen is read instead. ``bounds``
    is where there is something to read, ``space`` that of what is read.
    """

    document: Any
    node: Any
    name: str
    space: Space
    canvas: Rect
    bounds: Rect
    position: tuple[int, int]
    projected: bool
    above: tuple[Any, ...] = ()
    everything: bool = False


def find_source(document: Any, sample: str = SAMPLE_LAYER, node: Any = None, *, with_colors: bool = True) -> Source:
    """The photo at ``node`` (else at the active layer) of ``document``, to be read as ``sample`` says (`choices.SAMPLES`).

    Of the results above it, those that are colors alone are left out where not ``with_colors``: who colors wants the photo beneath.
    Raises `Problem` where it is missing, a mask, locked or empty.
    """
    node = node or document.activeNode()
    if node is None:
        raise Problem(messages.NO_LAYER)
    if node.type() in layers.MASKS:
        mask, node = node, node.parentNode()
        if node is None or node.parentNode() is None:
            raise Problem(sentences.mask_active(mask.name()))
    photo = layers.photo_of(node)
    above = layers.results_above(photo) if sample == SAMPLE_RESULTS else ()
    above = tuple(result for result in above if result.visible() and (with_colors or not layers.is_color_result(result)))
    return _described(document, photo, above, sample == SAMPLE_ALL)


def same_source(old: Source) -> Source:
    """The source of an earlier job as it is now, for running that job again on what it read; raises `Problem` where the photo is gone."""
    document = still_open(old.document)
    present = {node.uniqueId() for node in layers.every(document)} if old.above else set()
    above = tuple(node for node in old.above if node.uniqueId() in present)
    return _described(document, still_there(old, document), above, old.everything)


def _described(document: Any, node: Any, above: tuple[Any, ...], everything: bool) -> Source:
    locked = locked_ancestor(node)
    if locked is not None:
        raise Problem(messages.locked_layer(locked.name()))
    canvas = Rect(0, 0, document.width(), document.height())
    bounds = canvas if everything else _around([one.bounds() for one in (node, *above)]).clip(canvas)
    if bounds.empty:
        raise Problem(sentences.empty_layer(node.name()))
    place = node.position()
    space = space_of(document if everything else node)
    projected = node.type() != "paintlayer"
    return Source(document, node, node.name(), space, canvas, bounds, (place.x(), place.y()), projected, above, everything)


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


def strips(rect: Rect, pixels: int = STRIP) -> Iterator[Rect]:
    """``rect`` in horizontal pieces of about ``pixels``, each small enough for one turn of the event loop."""
    rows = max(1, pixels // max(1, rect.width))
    for top in range(rect.y, rect.bottom, rows):
        yield Rect(rect.x, top, rect.width, min(rows, rect.bottom - top))


def is_quiet(document: Any) -> bool:
    """Whether nobody is painting: a running stroke would be ended by our change."""
    if not document.tryBarrierLock():
        return False
    document.unlock()
    return True


def name_of(document: Any) -> str:
    """What a person calls it: its file's name, or its title."""
    return Path(document.fileName()).name or document.name() or "untitled"


def space_of(node: Any) -> Space:
    """The color space of a layer or a document."""
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
    for node in layers.every(document):
        if node.uniqueId() == wanted:
            return node
    raise Problem(sentences.gone_layer(source.name))


def locked_ancestor(node: Any) -> Any:
    """The layer itself or the group around it that is locked, or None."""
    while node is not None:
        if node.locked():
            return node
        node = node.parentNode()
    return None


def _around(bounds: list[Any]) -> Rect:
    """The smallest rectangle with all in it."""
    rects = [Rect(one.x(), one.y(), max(0, one.width()), max(0, one.height())) for one in bounds]
    return functools.reduce(Rect.around, rects)
