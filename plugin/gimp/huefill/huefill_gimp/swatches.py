"""The rows beneath the picture: nine likely colors of the selected point, its own color, how far it reaches, and how strongly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GdkPixbuf", "2.0")
from gi.repository import Gdk, GdkPixbuf, Gtk

from huefill_client.color_hints import Suggestion
from huefill_client.color_points import ANCHOR, Color, ColorPoint
from huefill_client.coloring import Coloring

from .pixbufs import as_pixel
from .points import foreground

_NINE = 9
_WIDTH, _HEIGHT, _BAR = 56, 24, 4


class Swatches:
    """Always the same widgets in the same places; gray where no point is selected."""

    def __init__(self, coloring: Coloring) -> None:
        self._coloring = coloring
        self._quiet = False
        self._offers = [_Offer(coloring) for _ in range(_NINE)]
        row = Gtk.Box(spacing=2)
        for offer in self._offers:
            row.pack_start(offer.button, True, True, 0)
        self._label = Gtk.Label(xalign=0, width_chars=17)
        self._color = Gtk.ColorButton(title="Color of the Point")
        self._color.get_accessible().set_name("Color of the point")
        self._color.connect("color-set", lambda button: coloring.recolor(_of_gdk(button.get_rgba())))
        self._take = Gtk.Button.new_with_mnemonic("_Foreground")
        self._take.set_tooltip_text("Give the point GIMP's foreground color.")
        self._take.connect("clicked", lambda _: coloring.recolor(foreground()))
        self._radius = self._spin("How many pixels around the point take its color.", 0, 200, 0.5, 1, "radius", 1.0)
        self._strength = self._spin(
            "How much of the color is asked for, in percent; at 0 what was there before.", 0, 100, 5, 0, "strength", 0.01
        )
        point = Gtk.Box(spacing=6)
        for widget in (self._label, self._color, self._take):
            point.pack_start(widget, False, False, 0)
        for text, widget in (("Rad_ius", self._radius), ("Stren_gth %", self._strength)):
            label = Gtk.Label.new_with_mnemonic(text)
            label.set_mnemonic_widget(widget)
            point.pack_start(label, False, False, 0)
            point.pack_start(widget, False, False, 0)
        self.widget = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=4, margin_start=6, margin_end=6)
        for part in (row, point):
            self.widget.pack_start(part, False, False, 0)
        self.widget.show_all()

    def _spin(self, tip: str, least: float, most: float, step: float, digits: int, what: str, unit: float) -> Any:
        spin = Gtk.SpinButton.new_with_range(least, most, step)
        spin.set_digits(digits)
        spin.set_tooltip_text(tip)
        spin.set_activates_default(True)

        def changed(box: Any) -> None:
            if not self._quiet:
                self._coloring.adjust(**{what: box.get_value() * unit})

        def left(_box: Any, _event: Any) -> bool:
            self._coloring.settle()
            return False

        spin.connect("value-changed", changed)
        spin.connect("focus-out-event", left)
        return spin

    def show_point(self) -> None:
        """The selected point as it is now."""
        chosen, points = self._coloring.selected, self._coloring.points
        self._label.set_text(_numbered(chosen, points) if chosen else _counted(points))
        for widget in (self._color, self._take, self._radius, self._strength):
            widget.set_sensitive(chosen is not None)
        self._quiet = True
        if chosen is None:
            self._radius.set_value(0)
            self._strength.set_value(100)
        else:
            self._color.set_rgba(_to_gdk(chosen.rgb))
            for spin, value in ((self._radius, chosen.radius), (self._strength, 100 * chosen.strength)):
                if abs(spin.get_value() - value) > 0.06:  # rounded for the eye: not written back
                    spin.set_value(value)
        self._quiet = False
        self.show_likely()

    def show_likely(self) -> None:
        """The likely colors of the selected point, the likeliest first."""
        likely = self._coloring.suggestions
        for number, offer in enumerate(self._offers):
            offer.show(likely[number] if number < len(likely) else None)


def _numbered(chosen: ColorPoint, points: Sequence[ColorPoint]) -> str:
    """ "Anchor 3 of 8": points and anchors are counted each for themselves."""
    alike = [point.id for point in points if point.kind == chosen.kind]
    return f"{'Anchor' if chosen.kind == ANCHOR else 'Point'} {alike.index(chosen.id) + 1} of {len(alike)}"


def _counted(points: Sequence[ColorPoint]) -> str:
    """ "2 points, 8 anchors"."""
    anchors = sum(point.kind == ANCHOR for point in points)
    counted = ((len(points) - anchors, "point"), (anchors, "anchor"))
    words = [f"{count} {what}{'' if count == 1 else 's'}" for count, what in counted if count]
    return ", ".join(words) or "No points"


class _Offer:
    """A likely color; a bar at its foot says how likely."""

    def __init__(self, coloring: Coloring) -> None:
        self._coloring = coloring
        self._shown: Suggestion | None = None
        self._image = Gtk.Image()
        self.button = Gtk.Button(sensitive=False)
        self.button.add(self._image)
        self.button.connect("clicked", self._clicked)
        self._draw()

    def show(self, likely: Suggestion | None) -> None:
        if likely != self._shown:
            self._shown = likely
            self._draw()

    def _draw(self) -> None:
        likely = self._shown
        self.button.set_sensitive(likely is not None)
        patch = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, True, 8, _WIDTH, _HEIGHT)
        patch.fill(0 if likely is None else as_pixel(likely.rgb))
        words = "No color"
        if likely is not None:
            words = f"#{likely.rgb[0]:02x}{likely.rgb[1]:02x}{likely.rgb[2]:02x}, {100 * likely.probability:.0f} % likely"
            patch.new_subpixbuf(0, _HEIGHT - _BAR, _WIDTH, _BAR).fill(0x000000FF)
            share = max(1, round((_WIDTH - 2) * likely.probability))
            patch.new_subpixbuf(1, _HEIGHT - _BAR + 1, share, _BAR - 2).fill(0xFFFFFFFF)
        self._image.set_from_pixbuf(patch)
        self.button.set_tooltip_text(words)
        self.button.get_accessible().set_name(words)

    def _clicked(self, _button: Any) -> None:
        if self._shown is not None:
            red, green, blue = self._shown.rgb
            self._coloring.recolor((float(red), float(green), float(blue)))


def _to_gdk(rgb: Color) -> Any:
    return Gdk.RGBA(rgb[0] / 255, rgb[1] / 255, rgb[2] / 255, 1.0)


def _of_gdk(rgba: Any) -> Color:
    return round(rgba.red * 255), round(rgba.green * 255), round(rgba.blue * 255)
