"""The dialog's picture of the photo: closer or whole, before or after; takes and moves points, by hand or by keys."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GdkPixbuf", "2.0")
from gi.repository import Gdk, GdkPixbuf, GLib, Gtk

from huefill_client.color_points import Color, ColorPoint
from huefill_client.coloring import Coloring
from huefill_client.geometry import Rect
from huefill_client.view import View

_MARK = 7
_LEAST = 320, 230
_CLOSER_FROM, _LARGEST = 1.3, 1600
_GROUND = 0x30303000 | 0xFF
_ARROWS = {Gdk.KEY_Left: (-1, 0), Gdk.KEY_Right: (1, 0), Gdk.KEY_Up: (0, -1), Gdk.KEY_Down: (0, 1)}
# How it is used, in words.
HELP = (
    "Click: a point. Drag: move it. Right click or Delete: remove it. Wheel: closer. Middle button: move the picture. Keys: arrows move "
    "the point, or a cross where none is selected; P sets one; N selects the next, U none; 1 to 9 take a likely color; B shows the photo "
    "before; + − 0 zoom; Ctrl+Z undoes a change of the points."
)


class Picture:
    """``area`` is the part of the canvas that ``before`` shows; a picture without ``pointed`` takes no points."""

    def __init__(self, coloring: Coloring, area: Rect, before: Any, pointed: bool) -> None:
        self._coloring, self._area, self._pointed = coloring, area, pointed
        self._old = self._new = before
        self.before = False
        self.view = View()
        self._dragged: int | None = None
        self._panned: tuple[float, float] | None = None
        self._cross: tuple[float, float] | None = None
        self._waiting = False
        self._image = Gtk.Image(halign=Gtk.Align.START, valign=Gtk.Align.START)
        self._box = Gtk.EventBox(can_focus=True)
        self._box.get_accessible().set_name("The photo in color")
        self._box.add(self._image)
        # It takes whatever room there is, and never asks for more: what it shows is cut to fit.
        self.widget = Gtk.ScrolledWindow(margin=6, hexpand=True, vexpand=True, shadow_type=Gtk.ShadowType.IN)
        self.widget.set_policy(Gtk.PolicyType.EXTERNAL, Gtk.PolicyType.EXTERNAL)
        self.widget.set_min_content_width(_LEAST[0])
        self.widget.set_min_content_height(_LEAST[1])
        self.widget.add(self._box)
        mask = Gdk.EventMask
        self._box.add_events(mask.BUTTON_PRESS_MASK | mask.BUTTON_RELEASE_MASK | mask.POINTER_MOTION_MASK | mask.KEY_PRESS_MASK)
        self._box.add_events(mask.KEY_RELEASE_MASK | mask.SCROLL_MASK | mask.FOCUS_CHANGE_MASK)
        for signal, act in (
            ("button-press-event", self._pressed),
            ("motion-notify-event", self._moved),
            ("button-release-event", self._released),
            ("scroll-event", self._scrolled),
            ("key-press-event", self._key),
            ("key-release-event", self._key_up),
            ("focus-in-event", self._focus),
            ("focus-out-event", self._focus),
        ):
            self._box.connect(signal, act)
        self.widget.connect("size-allocate", lambda *_: self.redraw())
        self.widget.show_all()

    def show(self, picture: Any) -> None:
        """Another preview, as a pixbuf."""
        self._new = picture
        self.redraw()

    def show_before(self, before: bool) -> None:
        """Show the photo as it is, or in its new colors."""
        self.before = before
        self.redraw()

    def zoom(self, steps: float) -> None:
        """Closer by ``steps``; 0 shows the whole photo."""
        if steps:
            self.view.closer(steps)
        else:
            self.view.fit()
        self._looked()

    def full_size(self) -> None:
        """One pixel of the photo for one of the screen."""
        self.view.full_size()
        self._looked()

    def _looked(self) -> None:
        frame = self.view.frame
        longest = min(_LARGEST, round(max(frame.width, frame.height)))
        self._coloring.look_closer(longest if self.view.zoom > _CLOSER_FROM else 0)
        self.redraw()

    def redraw(self) -> None:
        """Soon, and once for all that has changed until then."""
        if not self._waiting:
            self._waiting = True
            GLib.idle_add(self._draw)

    def _draw(self) -> bool:
        self._waiting = False
        room = self.widget.get_allocation()
        width, height = max(_LEAST[0], room.width - 2), max(_LEAST[1], room.height - 2)
        self.view.lay_out((width, height), (self._area.width, self._area.height))
        canvas = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, True, 8, width, height)
        canvas.fill(_GROUND)
        source, frame = self._old if self.before else self._new, self.view.frame
        left, top = max(0, round(frame.x)), max(0, round(frame.y))
        across, down = min(width, round(frame.x + frame.width)) - left, min(height, round(frame.y + frame.height)) - top
        if across > 0 and down > 0:
            scale = frame.width / source.get_width(), frame.height / source.get_height()
            source.scale(canvas, left, top, across, down, frame.x, frame.y, *scale, GdkPixbuf.InterpType.BILINEAR)
        # Squares of one color: GTK's drawing would need a Python module that not every GIMP brings along.
        for point in self._coloring.points if self._pointed else ():
            inner = 3 if point == self._coloring.selected else 1
            for reach, rgb in ((_MARK, (0, 0, 0)), (_MARK - 1, (255, 255, 255)), (_MARK - 1 - inner, point.rgb)):
                x, y = (int(value) for value in self._spot(point))
                _fill(canvas, Rect(x - reach, y - reach, 2 * reach + 1, 2 * reach + 1), rgb)
        if self._box.has_focus() and self._pointed and self._cross is not None:
            x, y = (round(value) for value in self._cross)
            for rect in (Rect(x - 9, y, 19, 2), Rect(x, y - 9, 2, 19)):
                _fill(canvas, rect, (255, 255, 255))
        self._image.set_from_pixbuf(canvas)
        return False

    def _spot(self, point: ColorPoint) -> tuple[float, float]:
        return self.view.on_screen(point.x - self._area.x, point.y - self._area.y)

    def _pixel(self, x: float, y: float) -> tuple[float, float] | None:
        """The pixel of the canvas at a place of the widget."""
        found = self.view.to_photo(x, y)
        return None if found is None else (round(found[0]) + self._area.x, round(found[1]) + self._area.y)

    # the hand

    def _pressed(self, _box: Any, event: Any) -> bool:
        self._box.grab_focus()
        if event.type != Gdk.EventType.BUTTON_PRESS:
            return True
        if event.button == 2:
            self._panned = event.x, event.y
            return True
        if not self._pointed:
            return True
        near = [point for point in self._coloring.points if math.dist(self._spot(point), (event.x, event.y)) <= _MARK + 2]
        where, self._cross = self._pixel(event.x, event.y), None
        if event.button == 3 and near:
            self._coloring.delete(near[-1].id)
        elif event.button == 1 and near:
            self._coloring.select(near[-1].id)
            self._dragged = near[-1].id
        elif event.button == 1 and where is not None and self._coloring.picture is not None:
            self._coloring.place(*where)
            self._dragged = None if self._coloring.selected is None else self._coloring.selected.id
        return True

    def _moved(self, _box: Any, event: Any) -> bool:
        if self._panned is not None:
            self.view.drag(event.x - self._panned[0], event.y - self._panned[1])
            self._panned = event.x, event.y
            self.redraw()
        elif self._dragged is not None and (where := self._pixel(event.x, event.y)) is not None:
            self._coloring.move(self._dragged, *where)
        return True

    def _released(self, _box: Any, _event: Any) -> bool:
        self._panned = self._dragged = None
        self._coloring.settle()
        return True

    def _scrolled(self, _box: Any, event: Any) -> bool:
        steps = {Gdk.ScrollDirection.UP: 1, Gdk.ScrollDirection.DOWN: -1}.get(event.direction, 0)
        if steps:
            self.view.closer(steps, (event.x, event.y))
            self._looked()
        return True

    # the keys

    def _focus(self, _box: Any, _event: Any) -> bool:
        self.redraw()
        return False

    def _key(self, _box: Any, event: Any) -> bool:
        act = self._act_of(event)
        if act is not None:
            act()
        return act is not None

    def _key_up(self, _box: Any, event: Any) -> bool:
        if event.keyval in (Gdk.KEY_b, Gdk.KEY_B):
            self.show_before(False)
        elif event.keyval in _ARROWS:
            self._coloring.settle()
        return False

    def _act_of(self, event: Any) -> Callable[[], Any] | None:
        """What a key does here, or None."""
        key, coloring = event.keyval, self._coloring
        far = bool(event.state & Gdk.ModifierType.SHIFT_MASK)
        if event.state & Gdk.ModifierType.CONTROL_MASK:
            again = key in (Gdk.KEY_y, Gdk.KEY_Y) or (far and key in (Gdk.KEY_z, Gdk.KEY_Z))
            return coloring.redo if again else coloring.undo if key in (Gdk.KEY_z, Gdk.KEY_Z) else None
        if event.state & Gdk.ModifierType.MOD1_MASK:
            return None
        acts: dict[int, Callable[[], Any]] = {Gdk.KEY_b: lambda: self.show_before(True), Gdk.KEY_0: lambda: self.zoom(0)}
        acts |= {key: lambda: self.zoom(1) for key in (Gdk.KEY_plus, Gdk.KEY_KP_Add)}
        acts |= {key: lambda: self.zoom(-1) for key in (Gdk.KEY_minus, Gdk.KEY_KP_Subtract)}
        if self._pointed and coloring.picture is not None:
            way = 10 if far else 1
            acts |= {arrow: lambda by=by: self._step(way * by[0], way * by[1]) for arrow, by in _ARROWS.items()}
            acts |= {Gdk.KEY_p: self._place, Gdk.KEY_n: self._next, Gdk.KEY_u: lambda: coloring.select(None)}
            acts |= {Gdk.KEY_Delete: self._delete, Gdk.KEY_BackSpace: self._delete}
            acts |= {Gdk.KEY_1 + number: lambda number=number: self._take(number) for number in range(9)}
        return acts.get(key)

    def _step(self, x: float, y: float) -> None:
        """Move the selected point by pixels of the photo, or the cross by some of the screen where none is selected."""
        selected = self._coloring.selected
        if selected is not None:
            moved = Rect(int(selected.x + x), int(selected.y + y), 1, 1) if selected.x + x >= 0 <= selected.y + y else None
            if moved is not None and self._area.contains(moved):
                self._coloring.move(selected.id, moved.x, moved.y)
            return
        room = self._image.get_pixbuf()
        at = self._cross or (room.get_width() / 2, room.get_height() / 2)
        then = at[0] + 4 * x, at[1] + 4 * y
        if self.view.to_photo(*then) is not None:
            self._cross = then
            self.redraw()

    def _place(self) -> None:
        room = self._image.get_pixbuf()
        where = self._pixel(*(self._cross or (room.get_width() / 2, room.get_height() / 2)))
        if where is not None:
            self._cross = None
            self._coloring.place(*where)

    def _next(self) -> None:
        points, selected = self._coloring.points, self._coloring.selected
        if points:
            self._coloring.select(points[(-1 if selected is None else points.index(selected)) + 1 - len(points)].id)

    def _delete(self) -> None:
        if self._coloring.selected is not None:
            self._coloring.delete(self._coloring.selected.id)

    def _take(self, number: int) -> None:
        likely = self._coloring.suggestions
        if number < len(likely):
            red, green, blue = likely[number].rgb
            self._coloring.recolor((float(red), float(green), float(blue)))


def pixbuf(image: Any) -> Any:
    """A picture of 3 or 4 bytes a pixel, as GTK shows it."""
    height, width, channels = image.shape
    data = GLib.Bytes.new(bytes(image.data))
    return GdkPixbuf.Pixbuf.new_from_bytes(data, GdkPixbuf.Colorspace.RGB, channels == 4, 8, width, height, width * channels)


def as_pixel(rgb: Color) -> int:
    """As GdkPixbuf fills with it: red, green, blue and full alpha, a byte each."""
    red, green, blue = (round(value) for value in rgb)
    return red << 24 | green << 16 | blue << 8 | 255


def _fill(canvas: Any, rect: Rect, rgb: Color) -> None:
    square = rect.clip(Rect(0, 0, canvas.get_width(), canvas.get_height()))
    if not square.empty:
        canvas.new_subpixbuf(square.x, square.y, square.width, square.height).fill(as_pixel(rgb))
