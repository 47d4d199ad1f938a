"""Pictures and squares of one color, as GTK shows them. Its drawing would need a Python module that not every GIMP brings along."""

from __future__ import annotations

from typing import Any

import gi

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf, GLib

from huefill_client.color_points import Color
from huefill_client.geometry import Rect


def pixbuf(image: Any) -> Any:
    """A picture of 3 or 4 bytes a pixel, as GTK shows it."""
    height, width, channels = image.shape
    data = GLib.Bytes.new(bytes(image.data))
    return GdkPixbuf.Pixbuf.new_from_bytes(data, GdkPixbuf.Colorspace.RGB, channels == 4, 8, width, height, width * channels)


def as_pixel(rgb: Color) -> int:
    """As GdkPixbuf fills with it: red, green, blue and full alpha, a byte each."""
    red, green, blue = (round(value) for value in rgb)
    return red << 24 | green << 16 | blue << 8 | 255


def fill(canvas: Any, rect: Rect, rgb: Color) -> None:
    """Give the part of ``rect`` that lies on ``canvas`` one color."""
    square = rect.clip(Rect(0, 0, canvas.get_width(), canvas.get_height()))
    if not square.empty:
        canvas.new_subpixbuf(square.x, square.y, square.width, square.height).fill(as_pixel(rgb))
