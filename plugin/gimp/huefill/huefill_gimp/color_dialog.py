"""The picture in the color dialogs: what the photo would look like, the sample points in it, and nine likely colors for one of them."""

from __future__ import annotations

import math
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GdkPixbuf", "2.0")
from gi.repository import Gdk, GdkPixbuf, Gimp, GLib, Gtk

from huefill_client.geometry import Rect
from huefill_client.live import LivePhoto, Preview
from huefill_client.requests import colorize_points
from huefill_client.sentences import Problem
from huefill_client.settings import Settings

from . import points
from .coloring import Order, small
from .swatches import Swatches, as_pixel

_LONGEST = 420
_LOOK_MS = 400  # how often the image is looked at for points that were made, moved or deleted there
_MARK = 7
_HINT = "Click in the picture to make a color point, click a point to choose it. Ctrl+drag from a ruler of the image makes one, too."


class ColorPreview:
    """Fills the upper part of ``dialog`` and keeps ``order.chosen``, the colors that were picked here, up to date."""

    def __init__(self, dialog: Any, order: Order) -> None:
        self._order = order
        # Until the first preview comes, the photo itself.
        self._picture = _pixbuf(small(order.photo.layer, _LONGEST))
        bounds = order.photo.bounds
        self._scale = min(1.0, _LONGEST / max(bounds.width, bounds.height))
        self._size = max(1, round(bounds.width * self._scale)), max(1, round(bounds.height * self._scale))
        self._points: list[points.ColorPoint] = []
        self._asked: Any = None
        self._at: int | None = None
        self._painted = order.painted(order.photo.bounds)
        self._networks = Gtk.ComboBoxText(no_show_all=True, tooltip_text="Which network says the colors")
        self._model = order.model
        self._live = self._shown_to_backend()
        self._shown = Gtk.Image()
        self._area = Gtk.EventBox(halign=Gtk.Align.CENTER, margin=6)
        self._area.add(self._shown)
        self._says = Gtk.Label(label="", no_show_all=True, xalign=0, wrap=True, max_width_chars=52, margin_start=6, margin_end=6)
        content = dialog.get_content_area()
        content.pack_start(self._area, False, False, 0)
        content.pack_start(self._says, False, False, 0)
        content.pack_start(self._networks, False, False, 6)
        self._swatches: Swatches | None = None
        if order.command.has("colors"):
            self._area.add_events(Gdk.EventMask.BUTTON_PRESS_MASK)
            self._area.connect("button-press-event", self._clicked)
            self._swatches = Swatches(self._choose, self._delete)
            content.pack_start(self._swatches.widget, False, False, 0)
            self._say(_HINT)
        self._area.show_all()
        self._timer = GLib.timeout_add(_LOOK_MS, self._look)
        order.config.connect("notify", lambda *_: self._look())
        self._look()

    def close(self) -> None:
        GLib.source_remove(self._timer)
        self._live.close()

    def _shown_to_backend(self) -> LivePhoto:
        photo = self._order.photo
        image = photo.read(photo.bounds, alpha=photo.layer.has_alpha())
        device, transfer = Settings.load().device, photo.exchange.transfer
        job = colorize_points(image, transfer=transfer, device=device, model=self._model)
        return LivePhoto(self._order.session, job, self._arrived, self._failed, lambda names: GLib.idle_add(self._offer, names))

    def _offer(self, names: list[str]) -> bool:
        """The networks to choose from, where there is more than one."""
        if len(names) > 1 and self._networks.get_model().iter_n_children() == 0:
            for name in names:
                self._networks.append_text(name)
            self._networks.set_active(names.index(self._model) if self._model in names else 0)
            self._networks.connect("changed", lambda box: self._order.config.set_property("model", box.get_active_text()))
            self._networks.show()
        return False

    def _look(self) -> bool:
        """Asks for another preview if anything has changed, and goes on looking."""
        if self._model != self._order.model:
            self._model, self._asked = self._order.model, None
            self._live.close()
            self._live = self._shown_to_backend()
        try:
            self._points = list(self._order.color_points())
            if self._at not in [point.id for point in self._points]:
                self._at = self._points[-1].id if self._points else None
            hints = self._hints()
        except Problem as problem:
            self._say(problem.sentence.text)
            return True
        if hints != self._asked:
            self._asked = hints
            self._live.show(**hints, hints=self._painted)
            self._show_chosen()
        return True

    def _hints(self) -> dict[str, Any]:
        order = self._order
        # Points go to the photo itself, which is what the backend holds; only its picture of it is small.
        sent = points.for_request(self._points, order.photo, order.photo.bounds, order.radius)
        at = self._chosen()
        inside = at is not None and order.photo.bounds.contains(at.pixel)
        place = (at.x - order.photo.bounds.x, at.y - order.photo.bounds.y) if at is not None and inside else None
        return {"points": sent, "palette_at": place, "longest": _LONGEST, **order.guides()}

    def _chosen(self) -> points.ColorPoint | None:
        return next((point for point in self._points if point.id == self._at), None)

    def _arrived(self, preview: Preview) -> None:
        GLib.idle_add(self._show, preview)

    def _failed(self, error: Any) -> None:
        GLib.idle_add(self._say, str(error))

    def _say(self, text: str) -> bool:
        self._says.set_text(text)
        self._says.show()
        return False

    def _show(self, preview: Preview) -> bool:
        self._picture = _pixbuf(preview.image)
        if self._swatches is not None and preview.palette is not None:
            self._swatches.suggest([tuple(color["rgb"]) for color in preview.palette])
        self._redraw()
        return False

    def _show_chosen(self) -> None:
        if self._swatches is not None:
            chosen = self._chosen()
            number = self._points.index(chosen) + 1 if chosen else 0
            self._swatches.show(chosen, f"Point {number} of {len(self._points)}" if chosen else "No color point yet")
        self._redraw()

    def _redraw(self) -> None:
        # Squares of one color: GTK's drawing would need a Python module that not every GIMP brings along.
        canvas = self._picture.scale_simple(*self._size, GdkPixbuf.InterpType.BILINEAR)
        for point in self._points:
            frame = 3 if point.id == self._at else 1
            for reach, rgb in ((_MARK, (0, 0, 0)), (_MARK - 1, (255, 255, 255)), (_MARK - 1 - frame, point.rgb)):
                self._square(canvas, point, reach, rgb)
        self._shown.set_from_pixbuf(canvas)

    def _square(self, canvas: Any, point: points.ColorPoint, reach: int, rgb: points.Color) -> None:
        x, y = (int(value) for value in self._on_screen(point))
        square = Rect(x - reach, y - reach, 2 * reach + 1, 2 * reach + 1).clip(Rect(0, 0, canvas.get_width(), canvas.get_height()))
        if not square.empty:
            canvas.new_subpixbuf(square.x, square.y, square.width, square.height).fill(as_pixel(rgb))

    def _on_screen(self, point: points.ColorPoint) -> tuple[float, float]:
        bounds = self._order.photo.bounds
        return (point.x - bounds.x + 0.5) * self._scale, (point.y - bounds.y + 0.5) * self._scale

    def _clicked(self, area: Any, event: Any) -> bool:
        near = [point for point in self._points if math.dist(self._on_screen(point), (event.x, event.y)) <= _MARK + 2]
        bounds, image = self._order.photo.bounds, self._order.photo.image
        x, y = bounds.x + int(event.x / self._scale), bounds.y + int(event.y / self._scale)
        if near:
            self._at = near[-1].id
        elif self._order.photo.canvas.clip(bounds).contains(points.pixel(x, y)):
            self._at = image.add_sample_point(x, y)
            Gimp.displays_flush()
        self._asked = None
        self._look()
        return True

    def _choose(self, rgb: points.Color) -> None:
        if self._at is not None:
            self._order.chosen[self._at] = rgb
            self._look()

    def _delete(self) -> None:
        if self._at is not None:
            self._order.photo.image.delete_sample_point(self._at)
            self._order.chosen.pop(self._at, None)
            Gimp.displays_flush()
            self._look()


def _pixbuf(image: Any) -> Any:
    height, width, channels = image.shape
    data = GLib.Bytes.new(bytes(image.data))
    return GdkPixbuf.Pixbuf.new_from_bytes(data, GdkPixbuf.Colorspace.RGB, channels == 4, 8, width, height, width * channels)
