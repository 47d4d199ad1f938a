"""The rows beneath the picture: which color point is chosen, its color, nine likely ones for it, and the way to delete it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GdkPixbuf", "2.0")
from gi.repository import Gdk, GdkPixbuf, Gtk

from huefill_client.color_points import Color, ColorPoint

from .points import foreground

_SIZE = 18


class Swatches:
    """``choose(rgb)`` and ``delete()`` are called for the point that is shown."""

    def __init__(self, choose: Callable[[Color], None], delete: Callable[[], None]) -> None:
        self._choose = choose
        self._label = Gtk.Label(xalign=0)
        self._button = Gtk.ColorButton(title="Color of the Point")
        self._button.connect("color-set", lambda button: choose(_of_gdk(button.get_rgba())))
        take = Gtk.Button.new_with_mnemonic("_Foreground color")
        take.connect("clicked", lambda _: choose(foreground()))
        remove = Gtk.Button.new_with_mnemonic("_Delete point")
        remove.connect("clicked", lambda _: delete())
        first = Gtk.Box(spacing=6)
        for widget in (self._label, self._button, take, remove):
            first.pack_start(widget, False, False, 0)
        self._row = Gtk.Box(spacing=3)
        self._row.pack_start(Gtk.Label(label="Likely colors:"), False, False, 0)
        self._offers: list[Any] = []
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=6, margin=6)
        self.widget.pack_start(first, False, False, 0)
        self.widget.pack_start(self._row, False, False, 0)
        self.widget.show_all()

    def show(self, point: ColorPoint | None, text: str) -> None:
        """What is chosen at the moment."""
        self._label.set_text(text)
        self.widget.set_sensitive(point is not None)
        if point is not None:
            self._button.set_rgba(_to_gdk(point.rgb))

    def suggest(self, colors: Sequence[Color]) -> None:
        """The likely colors, likeliest first."""
        for offer in self._offers:
            offer.destroy()
        self._offers = [self._offer(rgb) for rgb in colors]

    def _offer(self, rgb: Color) -> Any:
        patch = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, _SIZE, _SIZE)
        patch.fill(as_pixel(rgb))
        offer = Gtk.Button(tooltip_text="Give the point this color")
        offer.add(Gtk.Image.new_from_pixbuf(patch))
        offer.connect("clicked", lambda _: self._choose(rgb))
        self._row.pack_start(offer, False, False, 0)
        offer.show_all()
        return offer


def as_pixel(rgb: Color) -> int:
    """As GdkPixbuf fills with it: red, green, blue and full alpha, a byte each."""
    red, green, blue = (round(value) for value in rgb)
    return red << 24 | green << 16 | blue << 8 | 255


def _to_gdk(rgb: Color) -> Any:
    return Gdk.RGBA(rgb[0] / 255, rgb[1] / 255, rgb[2] / 255, 1.0)


def _of_gdk(rgba: Any) -> Color:
    return round(rgba.red * 255), round(rgba.green * 255), round(rgba.blue * 255)
