"""Suggestions for the whole picture, small, to choose from: beside the picture of the photo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf, Gtk

from huefill_client.color_changes import Change
from huefill_client.coloring import VARIANTS, Coloring
from huefill_client.sentences import NO_ANCHORS

from .buttons import button
from .pixbufs import pixbuf

_COLUMNS = 3
_ROOM = 96, 72  # of each, in pixels of the screen
# Around the one that is chosen: white within black.
_FRAME = ((0x000000FF, 1), (0xFFFFFFFF, 3), (0x000000FF, 1))


class Variants:
    """``on_seed(seed)`` is told by which number the suggestions are made that a person has asked for."""

    def __init__(self, coloring: Coloring, on_seed: Callable[[int], None]) -> None:
        self._coloring, self._on_seed = coloring, on_seed
        self._quiet = False
        self._buttons = [self._thumbnail(number) for number in range(VARIANTS)]
        self._small: list[Any] = [None] * VARIANTS
        self._more = button("", "", self._ask)
        self._words = Gtk.Label(wrap=True, xalign=0, yalign=0, max_width_chars=22, no_show_all=True)
        grid = Gtk.Grid(row_spacing=2, column_spacing=2)
        for number, made in enumerate(self._buttons):
            grid.attach(made, number % _COLUMNS, number // _COLUMNS, 1, 1)
        self._grid = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=4)
        self._grid.pack_start(grid, False, False, 0)
        self._grid.pack_start(self._more, False, False, 0)
        column = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        column.pack_start(self._grid, False, False, 0)
        column.pack_start(self._words, False, False, 0)
        # Where the dialog has to be low, it is as low as the picture.
        self.widget = Gtk.ScrolledWindow(margin_start=6, margin_top=6, propagate_natural_width=True)
        self.widget.set_policy(Gtk.PolicyType.NEVER, Gtk.PolicyType.AUTOMATIC)
        self.widget.add(column)
        self.widget.show_all()
        coloring.listen(self._show, Change.VARIANTS)
        coloring.listen(self._mark, Change.POINTS)
        self._show()

    def _thumbnail(self, number: int) -> Any:
        made = Gtk.ToggleButton()
        image = Gtk.Image()
        image.set_size_request(*_ROOM)
        made.add(image)
        made.connect("toggled", partial(self._clicked, number))
        return made

    def _clicked(self, number: int, _button: Any) -> None:
        if not self._quiet:
            self._coloring.choose(number)
            self._mark()

    def _ask(self) -> None:
        seed = self._coloring.seed + bool(self._coloring.variants)
        self._on_seed(seed)
        self._coloring.propose(VARIANTS, seed)

    def _show(self) -> None:
        coloring = self._coloring
        without = not coloring.may_propose
        self._grid.set_visible(not without)
        self._words.set_visible(without)
        if without:
            self._words.set_text(NO_ANCHORS.text)
        words = "Looking…" if coloring.proposing else "Other suggestions" if coloring.variants else "Suggest colors"
        self._more.set_label(words)
        self._more.set_tooltip_text("Six other suggestions for the whole picture. Your own points stay.")
        self._more.set_sensitive(not coloring.proposing)
        for number, made in enumerate(self._buttons):
            known = number < len(coloring.variants)
            made.set_sensitive(known and not coloring.proposing)
            words = f"Suggestion {number + 1}: take its colors, and its anchors to move, recolor and delete."
            made.set_tooltip_text(words if known else None)
            made.get_accessible().set_name(f"Suggestion {number + 1}")
            self._small[number] = _fitted(pixbuf(coloring.variants[number].image)) if known else None
        self._mark()

    def _mark(self) -> None:
        """The one whose anchors the points are is pressed, and has a frame."""
        self._quiet = True
        chosen = self._coloring.chosen
        for number, (made, small) in enumerate(zip(self._buttons, self._small, strict=True)):
            made.set_active(number == chosen)
            if small is None:
                made.get_child().clear()
            else:
                made.get_child().set_from_pixbuf(_framed(small) if number == chosen else small)
        self._quiet = False


def _fitted(picture: Any) -> Any:
    share = min(_ROOM[0] / picture.get_width(), _ROOM[1] / picture.get_height())
    sides = (max(1, round(share * side)) for side in (picture.get_width(), picture.get_height()))
    return picture.scale_simple(*sides, GdkPixbuf.InterpType.BILINEAR)


def _framed(picture: Any) -> Any:
    """A copy with a frame at its edges."""
    made, inset = picture.copy(), 0
    for color, width in _FRAME:
        made.new_subpixbuf(inset, inset, made.get_width() - 2 * inset, made.get_height() - 2 * inset).fill(color)
        inset += width
    width, height = made.get_width() - 2 * inset, made.get_height() - 2 * inset
    picture.copy_area(inset, inset, width, height, made, inset, inset)
    return made
