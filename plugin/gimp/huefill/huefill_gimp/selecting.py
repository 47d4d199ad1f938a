"""A proposed selection becomes the image's own, in one undo step."""

from __future__ import annotations

from typing import Any

from gi.repository import Gegl, Gimp

from huefill_client import sentences
from huefill_client.jobs import ResultSelection
from huefill_client.sentences import Problem

from .photo import Photo


def has_selection(image: Any) -> bool:
    """Whether anything is selected."""
    return not Gimp.Selection.is_empty(image)


def select(photo: Photo, found: ResultSelection) -> None:
    """Select what was ``found``, instead of what was selected; where that is nothing, all stays as it is.

    Raises `Problem` as `place` does.
    """
    image = photo.image
    if not image.is_valid():
        raise Problem(sentences.GONE_DOCUMENT)
    if (image.get_width(), image.get_height()) != (photo.canvas.width, photo.canvas.height):
        raise Problem(sentences.canvas_changed(image.get_name()))
    if found.empty:
        return
    rect = found.rect
    chosen = image.get_selected_layers()
    image.undo_group_start()
    try:
        channel = Gimp.Channel.new(image, "Huefill", photo.canvas.width, photo.canvas.height, 100.0, Gegl.Color.new("black"))
        image.insert_channel(channel, None, 0)
        channel.fill(Gimp.FillType.TRANSPARENT)
        buffer = channel.get_buffer()
        buffer.set(Gegl.Rectangle.new(rect.x, rect.y, rect.width, rect.height), "Y u8", bytes(found.pixels.data))
        buffer.flush()
        image.select_item(Gimp.ChannelOps.REPLACE, channel)
        image.remove_channel(channel)
        # A channel that comes is the active one.
        image.set_selected_layers(chosen)
    finally:
        image.undo_group_end()
    Gimp.displays_flush()
