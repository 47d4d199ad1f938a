"""The color dialogs: what the photo would look like, the points in it, and nine likely colors for one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk, Pango

from huefill_client.color_changes import Change
from huefill_client.color_points import ANCHOR
from huefill_client.confidence import veil
from huefill_client.next_step import SET_A_POINT, next_step
from huefill_client.sentences import Problem

from .coloring import PREVIEW_LONGEST, Order
from .picture import Picture
from .picture_tools import PictureTools
from .pixbufs import pixbuf
from .strength import Strength
from .swatches import Swatches
from .variants import Variants

_LOOK_MS = 400  # how often the image is looked at for points that were made, moved or deleted there
_AUTO = "auto"
# In pixels: it may shrink to what the fields need when more of them are unfolded, and the picture with it.
_HEIGHT = 680
_SAMPLE_POINTS = "A sample point of the image (Ctrl+drag from a ruler) is one, too."


class ColorPreview:
    """Fills the upper part of ``dialog`` and keeps the order's coloring as the dialog and the image have it."""

    def __init__(self, dialog: Any, order: Order) -> None:
        self._order, self._coloring = order, order.coloring
        self._pointed = order.command.has("colors")
        # Until the first preview comes, the photo itself.
        self._picture = Picture(self._coloring, order.photo.bounds, pixbuf(order.photo.small(PREVIEW_LONGEST)), self._pointed)
        # Always two lines: nothing beneath it moves when it says something else.
        self._says = Gtk.Label(xalign=0, yalign=0, wrap=True, lines=2, max_width_chars=52, margin_start=6, margin_end=6)
        self._says.set_ellipsize(Pango.EllipsizeMode.END)
        self._says.set_size_request(-1, 2 * self._says.create_pango_layout("X").get_pixel_size()[1])
        self._networks = NetworkRow(order)
        content = dialog.get_content_area()
        self._content, self._shown = content, Gtk.Box()
        if order.proposes:
            self._shown.pack_start(Variants(self._coloring, order.seeded).widget, False, False, 0)
        self._shown.pack_start(self._picture.widget, True, True, 0)
        self._shown.show()
        content.pack_start(self._shown, True, True, 0)
        content.pack_start(PictureTools(self._coloring, self._picture).widget, False, False, 0)
        self._swatches: Swatches | None = None
        if self._pointed:
            self._swatches = Swatches(self._coloring)
            content.pack_start(self._swatches.widget, False, False, 0)
        self._strength = Strength(order.config)
        whole = Gtk.Box()
        whole.pack_start(self._strength.widget, True, True, 0)
        whole.pack_start(self._networks.widget, False, False, 0)
        whole.show()
        content.pack_start(whole, False, False, 0)
        content.pack_start(self._says, False, False, 0)
        dialog.set_default_size(-1, _HEIGHT)
        self._says.show()
        for show, *changes in (
            (self._show_picture, Change.PICTURE, Change.SOURCES),
            (self._show_points, Change.POINTS),
            (self._show_suggestions, Change.SUGGESTIONS),
            (self._show_words, Change.MESSAGE, Change.SOURCES, Change.POINTS, Change.PICTURE, Change.VARIANTS),
            (self._networks.show, Change.SOURCES),
        ):
            self._coloring.listen(show, *changes)
        self._hinting: Iterator[None] = iter(())
        self._try(lambda: order.begin(live=True))
        own = [point.id for point in self._coloring.points if point.kind != ANCHOR]
        if own:
            self._coloring.select(own[-1])
        self._show_points()
        self._timer = GLib.timeout_add(_LOOK_MS, self._look)
        self._handlers = [
            (order.config, order.config.connect("notify", lambda *_: self._look())),
            # Somebody who has painted in the image comes back to the dialog.
            (dialog, dialog.connect("focus-in-event", lambda *_: self._look_at_hint_layer())),
        ]
        self._look_at_hint_layer()

    def take_room(self) -> None:
        """Once all of the dialog is there: what room is left is the picture's."""
        for part in self._content.get_children():
            if part is not self._shown:
                _, _, padding, side = self._content.query_child_packing(part)
                self._content.set_child_packing(part, False, False, padding, side)

    def close(self) -> None:
        """The dialog goes; the coloring stays as it is."""
        GLib.source_remove(self._timer)
        self._hinting = iter(())
        self._coloring.silence()
        self._strength.close()
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
        coloring = self._coloring
        words = next_step(coloring) if coloring.said is None else coloring.said.text
        if words == SET_A_POINT:
            words = f"{words} {_SAMPLE_POINTS}"
        if coloring.said is None and coloring.painted is not None:
            words = f"Hint layer in use. {words}"
        self._says.set_text(words)
        self._says.set_tooltip_text(words)

    def _show_picture(self) -> None:
        if self._coloring.picture is not None:
            unsure = self._coloring.confidence
            self._picture.show(pixbuf(self._coloring.picture), None if unsure is None else pixbuf(veil(unsure)))
            # A sample point without a color was waiting for this.
            self._look()

    def _show_suggestions(self) -> None:
        if self._swatches is not None:
            self._swatches.show_likely()

    def _show_points(self) -> None:
        if self._swatches is not None:
            self._swatches.show_point()
        self._picture.redraw()


class NetworkRow:
    """The color networks to choose from, once the backend has named more than one."""

    def __init__(self, order: Order) -> None:
        self._coloring, self._config = order.coloring, order.config
        self._box = Gtk.ComboBoxText(tooltip_text="Color network")
        self.widget = Gtk.Box(spacing=6, margin_end=6, no_show_all=True)
        self.widget.pack_start(Gtk.Label(label="Network"), False, False, 0)
        self.widget.pack_start(self._box, True, True, 0)

    def show(self) -> None:
        names = self._coloring.networks
        if len(names) < 2 or self._box.get_model().iter_n_children() > 0:
            return
        self._box.append(_AUTO, "Automatic")
        for name in names:
            self._box.append(name, name)
        self._box.set_active_id(self._coloring.network if self._coloring.network in names else _AUTO)
        self._box.connect("changed", lambda box: self._config.set_property("model", box.get_active_id()))
        for part in (*self.widget.get_children(), self.widget):
            part.show()
