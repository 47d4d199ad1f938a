"""The color dialogs: what the photo would look like, the points in it, and nine likely colors for one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import GLib, Gtk, Pango

from huefill_client.coloring import Change
from huefill_client.sentences import NOTHING_TO_MATCH, Problem

from .coloring import PREVIEW_LONGEST, Order
from .picture import Picture
from .picture_keys import HELP
from .pixbufs import pixbuf
from .swatches import Swatches

_LOOK_MS = 400  # how often the image is looked at for points that were made, moved or deleted there
_HINT = "Click in the picture to set a point; a sample point of the image (Ctrl+drag from a ruler) is one, too."


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
        content.pack_start(self._picture.widget, True, True, 0)
        content.pack_start(self._tools(), False, False, 0)
        self._swatches: Swatches | None = None
        if self._pointed:
            self._swatches = Swatches(self._coloring)
            content.pack_start(self._swatches.widget, False, False, 0)
        content.pack_start(self._says, False, False, 0)
        content.pack_start(self._networks.widget, False, False, 0)
        self._says.show()
        for show, *changes in (
            (self._show_picture, Change.PICTURE),
            (self._show_points, Change.POINTS),
            (self._show_suggestions, Change.SUGGESTIONS),
            (self._show_words, Change.MESSAGE, Change.SOURCES, Change.POINTS, Change.PICTURE),
            (self._networks.show, Change.SOURCES),
        ):
            self._coloring.listen(show, *changes)
        self._hinting: Iterator[None] = iter(())
        self._try(lambda: order.begin(live=True))
        if self._coloring.points:
            self._coloring.select(self._coloring.points[-1].id)
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

    def _tools(self) -> Any:
        """The row under the picture: closer and whole, before and after, undo of the points."""
        picture, coloring = self._picture, self._coloring
        row = Gtk.Box(spacing=2, margin_start=6, margin_end=6)
        for text, tip, act in (
            ("+", "Closer; also by the wheel.", lambda: picture.zoom(1)),
            ("−", "Further away; also by the wheel.", lambda: picture.zoom(-1)),
            ("Fit", "The whole photo.", lambda: picture.zoom(0)),
            ("1:1", "Full size: one pixel for one.", picture.full_size),
        ):
            row.pack_start(_button(text, tip, act), True, True, 0)
        before = _switch("_Before", "Pressed: the photo as it is.", picture.show_before)
        split = _switch("_Split", "Pressed: before on the left of a line that you drag, after on its right.", picture.divide)

        def compare() -> None:
            before.set_active(picture.comparison.whole)
            split.set_active(picture.comparison.divided)

        picture.on_compare = compare
        for switch in (before, split):
            row.pack_start(switch, True, True, 0)
        self._undo, self._redo, self._delete, self._clear = (
            _button("U_ndo", "Undo the last change of the points.", coloring.undo),
            _button("Red_o", "Redo what was undone.", coloring.redo),
            _button("_Delete", "Remove the selected point.", self._delete_selected),
            _button("Clear _All", "Remove all points.", coloring.clear),
        )
        if self._pointed:
            for button in (self._undo, self._redo, self._delete, self._clear):
                row.pack_start(button, True, True, 0)
            row.pack_start(_help(), True, True, 0)
        row.show_all()
        return row

    def _delete_selected(self) -> None:
        if self._coloring.selected is not None:
            self._coloring.delete(self._coloring.selected.id)

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
        if coloring.said is not None:
            words = coloring.said.text
        elif not coloring.ready:
            words = NOTHING_TO_MATCH.remedy
        elif coloring.picture is None:
            words = "Coloring…"
        elif coloring.beyond:
            words = "A color that you chose is not possible at the photo's lightness there; the nearest possible one is shown."
        elif self._swatches is not None:
            words = "Hint layer in use. " + _HINT if coloring.painted is not None else _HINT
        self._says.set_text(words)
        self._says.set_tooltip_text(words)

    def _show_picture(self) -> None:
        if self._coloring.picture is not None:
            self._picture.show(pixbuf(self._coloring.picture))
            # A sample point without a color was waiting for this.
            self._look()

    def _show_suggestions(self) -> None:
        if self._swatches is not None:
            self._swatches.show_likely()

    def _show_points(self) -> None:
        history = self._coloring.history
        for button, possible in (
            (self._undo, history.can_undo),
            (self._redo, history.can_redo),
            (self._delete, history.selected is not None),
            (self._clear, bool(history.points)),
        ):
            button.set_sensitive(possible)
        if self._swatches is not None:
            self._swatches.show_point()
        self._picture.redraw()


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


def _help() -> Any:
    """Tells how the picture is used, when it is asked: a tip that comes by itself would lie on the picture."""
    button = Gtk.MenuButton(label="?", tooltip_text="How to use the picture")
    popover = Gtk.Popover.new(button)
    words = Gtk.Label(label=HELP, wrap=True, xalign=0, max_width_chars=52, margin=9)
    words.show()
    popover.add(words)
    button.set_popover(popover)
    return button


def _switch(text: str, tip: str, act: Callable[[bool], Any]) -> Any:
    button = Gtk.ToggleButton.new_with_mnemonic(text)
    button.set_tooltip_text(tip)
    button.connect("toggled", lambda pressed: act(pressed.get_active()))
    return button


def _button(text: str, tip: str, act: Callable[[], Any]) -> Any:
    button = Gtk.Button.new_with_mnemonic(text)
    button.set_tooltip_text(tip)
    button.connect("clicked", lambda _: act())
    return button
