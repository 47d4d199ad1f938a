"""The image's hint layer: every dot and stroke on it is a hint."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from gi.repository import Gegl

from huefill_client.color_points import Color
from huefill_protocol.actions import HINT_LAYER
from huefill_protocol.wire import Tensor

from .photo import Photo, bounds_of

_STRIP = 1_000_000  # pixels that are read at once


def hint_layer(image: Any) -> Any:
    """The layer named "Huefill Hints", or None."""
    return image.get_layer_by_name(HINT_LAYER)


def read(layer: Any, photo: Photo) -> Generator[None, None, Tensor | None]:
    """The layer over the photo's own bounds (H W 4), as the photo travels; None where it is hidden or lies beside it. A strip at a time."""
    window, bounds = photo.bounds, bounds_of(layer)
    if not layer.get_visible() or bounds.clip(window).empty:
        return None
    exchange = photo.exchange.in_rgb()
    rows = max(1, _STRIP // window.width)
    pieces = []
    for top in range(0, window.height, rows):
        height = min(rows, window.height - top)
        area = Gegl.Rectangle.new(window.x - bounds.x, window.y + top - bounds.y, window.width, height)
        pieces.append(layer.get_buffer().get(area, 1.0, exchange.name(True), Gegl.AbyssPolicy.NONE))
        yield
    return Tensor(exchange.dtype, (window.height, window.width, 4), b"".join(pieces))


def color_beneath(layer: Any, x: int, y: int) -> Color | None:
    """What is painted at a pixel of the image, sRGB 0..255."""
    bounds = bounds_of(layer)
    area = Gegl.Rectangle.new(x - bounds.x, y - bounds.y, 1, 1)
    red, green, blue, alpha = layer.get_buffer().get(area, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE)
    return (float(red), float(green), float(blue)) if alpha > 127 else None
