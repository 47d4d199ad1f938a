"""The picture in the color dialogs: what the photo would look like, the sample points in it, and nine likely colors for one of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GdkPixbuf", "2.0")
from gi.repository import Gdk, GdkPixbuf, Gimp, GLib, Gtk

from huefill_client.color_points import Color, ColorPoint
from huefill_client.coloring import Change
from huefill_client.geometry import Rect
from huefill_client.sentences import NOTHING_TO_MATCH, Problem

from .coloring import PREVIEW_LONGEST, Order
from .references import small
from .swatches import Swatches, as_pixel

_LOOK_MS = 400  # how often the image is looked at for points that were made, moved or deleted there
_MARK = 7
_HINT = "Click in the picture to make a color point, click a point to select it. Ctrl+drag from a ruler of the image makes one, too."


class ColorPreview:
    """Fills the upper part of ``dialog`` and keeps the order's coloring as the dialog and the image have it."""

    def __init__(self, dialog: Any, order: Order) -> None:
        self._order, self._coloring = order, order.coloring
        # Until the first preview comes, the photo itself.
        self._picture = _pixbuf(small(order.photo.layer, PREVIEW_LONGEST))
        bounds = order.photo.bounds
        self._scale = min(1.0, PREVIEW_LONGEST / max(bounds.width, bounds.height))
        self._size = max(1, round(bounds.width * self._scale)), max(1, round(bounds.height * self._scale))
        self._shown = Gtk.Image()
        self._area = Gtk.EventBox(halign=Gtk.Align.CENTER, margin=6)
        self._area.add(self._shown)
        self._says = Gtk.Label(xalign=0, wrap=True, max_width_chars=52, margin_start=6, margin_end=6)
        self._networks = NetworkRow(order)
        content = dialog.get_content_area()
        content.pack_start(self._area, False, False, 0)
        content.pack_start(self._says, False, False, 0)
        self._swatches: Swatches | None = None
        if order.command.has("colors"):
            self._area.add_events(Gdk.EventMask.BUTTON_PRESS_MASK)
            self._area.connect("button-press-event", self._clicked)
            self._swatches = Swatches(self._coloring.recolor, self._delete)
            content.pack_start(self._swatches.widget, False, False, 0)
        content.pack_start(self._networks.widget, False, False, 0)
        self._area.show_all()
        self._says.show()
        for show, *changes in (
            (self._show_picture, Change.PICTURE),
            (self._show_points, Change.POINTS),
            (self._show_suggestions, Change.SUGGESTIONS),
            (self._show_words, Change.MESSAGE, Change.SOURCES, Change.POINTS),
            (self._networks.show, Change.SOURCES),
        ):
            self._coloring.listen(show, *changes)
        self._hinting: Iterator[None] = iter(())
        self._try(lambda: order.begin(live=True))
        self._show_points()
        self._timer = GLib.timeout_add(_LOOK_MS, self._look)
        self._handlers = [
            (order.config, order.config.connect("notify", lambda *_: self._look())),
            # Somebody who has painted in the image comes back to the dialog.
            (dialog, dialog.connect("focus-in-event", lambda *_: self._look_at_hint_layer())),
        ]
        self._look_at_hint_layer()

    def close(self) -> None:
        """The dialog goes; the coloring stays as it is."""
        GLib.source_remove(self._timer)
        self._hinting = iter(())
        for owner, handler in self._handlers:
            owner.disconnect(handler)

    def _look(self) -> bool:
        self._try(self._order.look)
        return True

    def _try(self, act: Any) -> None:
        try:
            act()
        except Problem as problem:
            self._coloring.say(problem.sentence)

    def _look_at_hint_layer(self) -> bool:
        steps = self._hinting = self._order.look_at_hint_layer()

        def step() -> bool:
            return self._hinting is steps and next(steps, self) is not self

        GLib.idle_add(step)
        return False

    def _show_words(self) -> None:
        coloring, words = self._coloring, ""
        if coloring.message is not None:
            words = coloring.message.text
        elif not coloring.ready:
            words = NOTHING_TO_MATCH.remedy
        elif self._swatches is not None:
            words = "Hint layer in use. " + _HINT if coloring.painted is not None else _HINT
        self._says.set_text(words)
        self._says.set_visible(bool(words))

    def _show_picture(self) -> None:
        if self._coloring.picture is not None:
            self._picture = _pixbuf(self._coloring.picture)
        self._redraw()

    def _show_suggestions(self) -> None:
        if self._swatches is not None:
            self._swatches.suggest([item.rgb for item in self._coloring.suggestions])

    def _show_points(self) -> None:
        if self._swatches is not None:
            chosen, points = self._coloring.selected, self._coloring.points
            number = points.index(chosen) + 1 if chosen else 0
            self._swatches.show(chosen, f"Point {number} of {len(points)}" if chosen else "No color point yet")
        self._redraw()

    def _redraw(self) -> None:
        # Squares of one color: GTK's drawing would need a Python module that not every GIMP brings along.
        canvas = self._picture.scale_simple(*self._size, GdkPixbuf.InterpType.BILINEAR)
        for point in self._coloring.points:
            frame = 3 if point == self._coloring.selected else 1
            for reach, rgb in ((_MARK, (0, 0, 0)), (_MARK - 1, (255, 255, 255)), (_MARK - 1 - frame, point.rgb)):
                self._square(canvas, point, reach, rgb)
        self._shown.set_from_pixbuf(canvas)

    def _square(self, canvas: Any, point: ColorPoint, reach: int, rgb: Color) -> None:
        x, y = (int(value) for value in self._on_screen(point))
        square = Rect(x - reach, y - reach, 2 * reach + 1, 2 * reach + 1).clip(Rect(0, 0, canvas.get_width(), canvas.get_height()))
        if not square.empty:
            canvas.new_subpixbuf(square.x, square.y, square.width, square.height).fill(as_pixel(rgb))

    def _on_screen(self, point: ColorPoint) -> tuple[float, float]:
        bounds = self._order.photo.bounds
        return (point.x - bounds.x + 0.5) * self._scale, (point.y - bounds.y + 0.5) * self._scale

    def _clicked(self, area: Any, event: Any) -> bool:
        near = [point for point in self._coloring.points if math.dist(self._on_screen(point), (event.x, event.y)) <= _MARK + 2]
        bounds, image = self._order.photo.bounds, self._order.photo.image
        x, y = bounds.x + int(event.x / self._scale), bounds.y + int(event.y / self._scale)
        if near:
            self._coloring.select(near[-1].id)
        elif self._order.photo.canvas.clip(bounds).contains(Rect(x, y, 1, 1)):
            made = image.add_sample_point(x, y)
            Gimp.displays_flush()
            self._look()
            self._coloring.select(made)
        return True

    def _delete(self) -> None:
        if self._coloring.selected is not None:
            self._order.photo.image.delete_sample_point(self._coloring.selected.id)
            Gimp.displays_flush()
            self._look()


class NetworkRow:
    """The color networks to choose from, once the backend has named more than one."""

    def __init__(self, order: Order) -> None:
        self._coloring, self._config = order.coloring, order.config
        self._box = Gtk.ComboBoxText(tooltip_text="Color network", hexpand=True)
        self.widget = Gtk.Box(spacing=6, margin=6, no_show_all=True)
        self.widget.pack_start(Gtk.Label(label="Network"), False, False, 0)
        self.widget.pack_start(self._box, True, True, 0)

    def show(self) -> None:
        names = self._coloring.networks
        if len(names) < 2 or self._box.get_model().iter_n_children() > 0:
            return
        for name in names:
            self._box.append_text(name)
        self._box.set_active(names.index(self._coloring.network) if self._coloring.network in names else 0)
        self._box.connect("changed", lambda box: self._config.set_property("model", box.get_active_text()))
        for part in (*self.widget.get_children(), self.widget):
            part.show()


def _pixbuf(image: Any) -> Any:
    height, width, channels = image.shape
    data = GLib.Bytes.new(bytes(image.data))
    return GdkPixbuf.Pixbuf.new_from_bytes(data, GdkPixbuf.Colorspace.RGB, channels == 4, 8, width, height, width * channels)
