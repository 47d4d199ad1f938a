"""Images of our own that nobody sees, in which GIMP itself composites: they leave no trace in the photo's undo history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gi.repository import Gegl, Gimp

from huefill_client.geometry import Rect

from .layers import every, is_aid


def composited(image: Any, layers: Sequence[Any], rect: Rect, name: str) -> bytes:
    """``layers`` of ``image``, the lowest first, over one another as far as they are shown; the lowest always is. Pixels in ``rect``.

    ``name`` is babl's name of the pixels. Opacity, mode and mask of each count.
    """
    gray = image.get_base_type() == Gimp.ImageBaseType.GRAY
    base = Gimp.ImageBaseType.GRAY if gray else Gimp.ImageBaseType.RGB
    scratch = Gimp.Image.new_with_precision(rect.width, rect.height, base, image.get_precision())
    try:
        scratch.undo_disable()
        profile = image.get_color_profile()
        if profile is not None:
            scratch.set_color_profile(profile)
        for number, layer in enumerate(layers):
            copy = Gimp.Layer.new_from_drawable(layer, scratch)
            scratch.insert_layer(copy, None, 0)
            _, x, y = layer.get_offsets()
            copy.set_offsets(x - rect.x, y - rect.y)
            copy.set_visible(number == 0 or layer.get_visible())
        return _merged(scratch, rect, name)
    finally:
        scratch.delete()


def all_visible(image: Any, rect: Rect, name: str) -> bytes:
    """What is seen of ``image`` in ``rect``, without what is painted on for our sake alone."""
    copy = image.duplicate()
    try:
        copy.undo_disable()
        for aid in [layer for layer in every(copy.get_layers()) if is_aid(layer)]:
            copy.remove_layer(aid)
        copy.resize(rect.width, rect.height, -rect.x, -rect.y)
        return _merged(copy, rect, name)
    finally:
        copy.delete()


def _merged(image: Any, rect: Rect, name: str) -> bytes:
    """All that is shown in ``image``, which is as large as ``rect``; the image is not of use afterwards."""
    # Nothing that is shown would be an error to merge: an empty layer always is.
    kind = Gimp.ImageType.GRAYA_IMAGE if image.get_base_type() == Gimp.ImageBaseType.GRAY else Gimp.ImageType.RGBA_IMAGE
    if image.get_base_type() == Gimp.ImageBaseType.INDEXED:
        image.convert_rgb()
    empty = Gimp.Layer.new(image, "empty", rect.width, rect.height, kind, 100.0, Gimp.LayerMode.NORMAL)
    image.insert_layer(empty, None, len(image.get_layers()))
    merged = image.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE)
    _, x, y = merged.get_offsets()
    area = Gegl.Rectangle.new(-x, -y, rect.width, rect.height)
    return bytes(merged.get_buffer().get(area, 1.0, name, Gegl.AbyssPolicy.NONE))
