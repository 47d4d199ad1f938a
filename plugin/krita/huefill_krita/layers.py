"""Which layers of a document are ours, and where they lie on the photo that they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from huefill_protocol.actions import BRUSH_LAYER, HINT_LAYER, is_color_result_name, is_result_name

MASKS = ("transparencymask", "filtermask", "transformmask", "selectionmask", "colorizemask")


def is_result(node: Any) -> bool:
    """Whether the layer is one of our results, or the group of one."""
    return is_result_name(node.name())


def is_color_result(node: Any) -> bool:
    """Whether the layer is a result that gives the whole photo its colors."""
    return is_color_result_name(node.name())


def is_hint_layer(node: Any) -> bool:
    """Whether it is the layer on which hints are painted."""
    return bool(node.name() == HINT_LAYER and node.type() == "paintlayer")


def is_aid(node: Any) -> bool:
    """Whether it is a layer to paint on for our sake, hints or what is to go: no part of the picture."""
    return is_hint_layer(node) or bool(node.name() == BRUSH_LAYER and node.type() == "paintlayer")


def photo_of(node: Any) -> Any:
    """The layer that is meant when ``node`` is active.

    That is the layer itself; for one of ours, or one in the group of a result, the next one beneath that is none of ours. Where there is
    none beneath, a result is a photo like any other.
    """
    whole, around = node, node
    while around is not None:
        if _is_ours(around):
            whole = around
        around = around.parentNode()
    parent = whole.parentNode()
    if not _is_ours(whole) or parent is None:
        return node
    siblings = parent.childNodes()
    beneath = reversed(siblings[: siblings.index(whole)])
    return next((layer for layer in beneath if _can_be_photo(layer)), node)


def results_above(photo: Any) -> tuple[Any, ...]:
    """Our results that lie directly on ``photo``, the lowest first; a layer that `is_aid` may lie between them."""
    parent = photo.parentNode()
    if parent is None:
        return ()
    found, siblings = [], parent.childNodes()
    for layer in siblings[siblings.index(photo) + 1 :]:
        if is_result(layer):
            found.append(layer)
        elif not is_aid(layer):
            break
    return tuple(found)


def top_of(photo: Any) -> Any:
    """The uppermost of its results, or the photo: a new result lies on this one, where it is seen."""
    return (photo, *results_above(photo))[-1]


def top_of_all(document: Any) -> Any:
    """The uppermost layer of the document that is part of the picture."""
    return [node for node in document.topLevelNodes() if node.type() not in MASKS and not is_aid(node)][-1]


def every(document: Any) -> Iterator[Any]:
    """All layers and masks of the document."""
    pending = [document.rootNode()]
    while pending:
        node = pending.pop()
        yield node
        # Krita 5.2 has None in the list while a layer comes or goes.
        pending.extend(child for child in node.childNodes() if child is not None)


def _is_ours(node: Any) -> bool:
    return is_result(node) or is_aid(node)


def _can_be_photo(node: Any) -> bool:
    return not _is_ours(node) and node.type() not in (*MASKS, "filterlayer")
