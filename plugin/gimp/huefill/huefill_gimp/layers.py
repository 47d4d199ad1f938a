"""Which layers of an image are ours, and where they lie on the photo that they belong to. GIMP lists the uppermost first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from huefill_protocol.actions import BRUSH_LAYER, HINT_LAYER, is_color_result_name, is_result_name


def is_result(layer: Any) -> bool:
    """Whether the layer is one of our results, or the group of one."""
    return is_result_name(layer.get_name())


def is_color_result(layer: Any) -> bool:
    """Whether the layer is a result that gives the whole photo its colors."""
    return is_color_result_name(layer.get_name())


def is_hint_layer(layer: Any) -> bool:
    """Whether it is the layer on which hints are painted."""
    return bool(layer.get_name() == HINT_LAYER)


def is_aid(layer: Any) -> bool:
    """Whether it is a layer to paint on for our sake, hints or what is to go: no part of the picture."""
    return is_hint_layer(layer) or bool(layer.get_name() == BRUSH_LAYER)


def photo_of(image: Any, layer: Any) -> Any:
    """The layer that is meant when ``layer`` is chosen.

    That is the layer itself; for one of ours, or one in the group of a result, the next one beneath that is none of ours. Where there is
    none beneath, a result is a photo like any other.
    """
    whole, around = layer, layer
    while around is not None:
        if _is_ours(around):
            whole = around
        around = around.get_parent()
    if not _is_ours(whole):
        return layer
    beneath = siblings(image, whole)[image.get_item_position(whole) + 1 :]
    return next((other for other in beneath if not _is_ours(other)), layer)


def results_above(image: Any, photo: Any) -> tuple[Any, ...]:
    """Our results that lie directly on ``photo``, the lowest first; a layer that `is_aid` may lie between them."""
    found = []
    for layer in reversed(siblings(image, photo)[: image.get_item_position(photo)]):
        if is_result(layer):
            found.append(layer)
        elif not is_aid(layer):
            break
    return tuple(found)


def position_on(image: Any, photo: Any) -> int:
    """Where a new result goes: above the uppermost of the photo's results, where it is seen."""
    return int(image.get_item_position((photo, *results_above(image, photo))[-1]))


def position_on_all(image: Any) -> int:
    """Where something goes that is to lie above all layers that are part of the picture."""
    tops = image.get_layers()
    return next((position for position, layer in enumerate(tops) if not is_aid(layer)), len(tops))


def siblings(image: Any, layer: Any) -> list[Any]:
    """The layers in the same group, or in none."""
    parent = layer.get_parent()
    return list(parent.get_children() if parent is not None else image.get_layers())


def every(layers: Iterable[Any]) -> Iterator[Any]:
    """``layers`` and all in their groups, a group before what is in it."""
    for layer in layers:
        yield layer
        if layer.is_group():
            yield from every(layer.get_children())


def names(image: Any) -> list[str]:
    """The names of all layers."""
    return [layer.get_name() for layer in every(image.get_layers())]


def _is_ours(layer: Any) -> bool:
    return is_result(layer) or is_aid(layer)
