"""The dialog's picture of the photo: closer or whole, before and after, with its points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GdkPixbuf", "2.0")
from gi.repository import Gdk, GdkPixbuf, GLib, Gtk

from huefill_client.color_points import ColorPoint
from huefill_client.coloring import Coloring
from huefill_client.comparison import Comparison
from huefill_client.geometry import Rect
from huefill_client.view import Frame, View

from . import marks
from .picture_hand import Hand
from .picture_keys import Keys
from .pixbufs import fill

_LEAST = 320, 120
_CLOSER_FROM, _LARGEST = 1.3, 1600
_GROUND = 0x30303000 | 0xFF


class Picture:
    """``area`` is the part of the canvas that ``before`` shows; a picture without ``pointed`` takes no points.

    ``cross`` is where a key would set a point, in the widget, or None; ``on_compare()`` is told when `comparison` has changed.
    """

    def __init__(self, coloring: Coloring, area: Rect, before: Any, pointed: bool) -> None:
        self.coloring, self.area, self.pointed = coloring, area, pointed
        self._old = self._new = before
        self._veil: Any = None
        self.view = View()
        self.comparison = Comparison(self.view)
        self.cross: tuple[float, float] | None = None
        self.on_compare: Callable[[], None] = lambda: None
        self._waiting = False
        self._image = Gtk.Image(halign=Gtk.Align.START, valign=Gtk.Align.START)
        self.box = Gtk.EventBox(can_focus=True)
        self.box.get_accessible().set_name("The photo in color")
        self.box.add(self._image)
        # It takes whatever room there is, and never asks for more: what it shows is cut to fit.
        self.widget = Gtk.ScrolledWindow(margin=6, hexpand=True, vexpand=True, shadow_type=Gtk.ShadowType.IN)
        self.widget.set_policy(Gtk.PolicyType.EXTERNAL, Gtk.PolicyType.EXTERNAL)
        self.widget.set_min_content_width(_LEAST[0])
        self.widget.set_min_content_height(_LEAST[1])
        self.widget.add(self.box)
        self._hand, self._keys = Hand(self), Keys(self)
        self.widget.connect("size-allocate", lambda *_: self.redraw())
        self.widget.show_all()

    def show(self, picture: Any, veil: Any = None) -> None:
        """Another preview, and what lies over it, as pixbufs."""
        self._new, self._veil = picture, veil
        self.redraw()

    def show_before(self, before: bool) -> None:
        """Show the photo as it is, or in its new colors."""
        self.comparison.whole = before
        self.on_compare()
        self.redraw()

    def divide(self, divided: bool) -> None:
        """Show the photo as it is on the left of a line, in its new colors on the right."""
        self.comparison.divide(divided)
        self.on_compare()
        self.redraw()

    def zoom(self, steps: float) -> None:
        """Closer by ``steps``; 0 shows the whole photo."""
        if steps:
            self.view.closer(steps)
        else:
            self.view.fit()
        self.looked()

    def full_size(self) -> None:
        """One pixel of the photo for one of the screen."""
        self.view.full_size()
        self.looked()

    def looked(self) -> None:
        """Something else of the photo is seen: ask for as many pixels as that needs."""
        frame = self.view.frame
        longest = min(_LARGEST, round(max(frame.width, frame.height)))
        self.coloring.look_closer(longest if self.view.zoom > _CLOSER_FROM else 0)
        self.redraw()

    def redraw(self) -> None:
        """Soon, and once for all that has changed until then."""
        if not self._waiting:
            self._waiting = True
            GLib.idle_add(self._draw)

    @property
    def middle(self) -> tuple[float, float]:
        """Of the widget."""
        shown = self._image.get_pixbuf()
        return shown.get_width() / 2, shown.get_height() / 2

    def spot(self, point: ColorPoint) -> tuple[float, float]:
        """Where a point is drawn in the widget."""
        return self.view.on_screen(point.x - self.area.x, point.y - self.area.y)

    def pixel(self, x: float, y: float) -> tuple[float, float] | None:
        """The pixel of the canvas at a place of the widget; None beside the photo."""
        found = self.view.to_photo(x, y)
        return None if found is None else (round(found[0]) + self.area.x, round(found[1]) + self.area.y)

    def _draw(self) -> bool:
        self._waiting = False
        room = self.widget.get_allocation()
        width, height = max(_LEAST[0], room.width - 2), max(_LEAST[1], room.height - 2)
        self.view.lay_out((width, height), (self.area.width, self.area.height))
        canvas = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, True, 8, width, height)
        canvas.fill(_GROUND)
        self._draw_part(canvas, self._old, self.comparison.before)
        self._draw_part(canvas, self._new, self.comparison.after)
        if self._veil is not None:
            self._draw_part(canvas, self._veil, self.comparison.after)
        self._draw_line(canvas)
        for point in self.coloring.points if self.pointed else ():
            marks.draw(canvas, point, self.spot(point), chosen=point == self.coloring.selected)
        if self.box.has_focus() and self.pointed and self.cross is not None:
            x, y = (round(value) for value in self.cross)
            for rect in (Rect(x - 9, y, 19, 2), Rect(x, y - 9, 2, 19)):
                fill(canvas, rect, (255, 255, 255))
        self._image.set_from_pixbuf(canvas)
        return False

    def _draw_part(self, canvas: Any, source: Any, part: Frame | None) -> None:
        if part is None:
            return
        frame = self.view.frame
        left, top = round(part.x), round(part.y)
        across, down = round(part.x + part.width) - left, round(part.y + part.height) - top
        if across > 0 and down > 0:
            scale = frame.width / source.get_width(), frame.height / source.get_height()
            source.composite(canvas, left, top, across, down, frame.x, frame.y, *scale, GdkPixbuf.InterpType.BILINEAR, 255)

    def _draw_line(self, canvas: Any) -> None:
        """The line between before and after, with a grip in its middle that the hand sees."""
        line, seen = self.comparison.line, self.view.seen
        if line is None:
            return
        x, top, bottom = round(line), round(seen.y), round(seen.y + seen.height)
        grip = (top + bottom) // 2
        for reach, rgb in ((1, (0, 0, 0)), (0, (255, 255, 255))):
            fill(canvas, Rect(x - reach, top, 2 * reach + 1, bottom - top), rgb)
            fill(canvas, Rect(x - 3 - reach, grip - 12 - reach, 7 + 2 * reach, 25 + 2 * reach), rgb)

    def point_to(self, x: float, y: float) -> None:
        """Show by the cursor what a hand there would take hold of."""
        window = self.box.get_window()
        if window is not None:
            window.set_cursor(Gdk.Cursor.new_from_name(window.get_display(), "ew-resize") if self.comparison.near(x, y) else None)
