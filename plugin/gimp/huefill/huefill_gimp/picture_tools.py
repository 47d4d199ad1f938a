"""The row under the picture: closer and whole, before and after, undo of the points."""

from __future__ import annotations

from typing import Any

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk

from huefill_client.color_changes import Change
from huefill_client.coloring import Coloring

from .buttons import button, switch
from .picture import Picture
from .picture_keys import HELP


class PictureTools:
    """Always the same buttons in the same places; gray where there is nothing to do."""

    def __init__(self, coloring: Coloring, picture: Picture) -> None:
        self._coloring, self._picture = coloring, picture
        self.widget = Gtk.Box(spacing=2, margin_start=6, margin_end=6)
        self._before = switch("_Before", "Pressed: the photo as it is.", picture.show_before)
        self._split = switch("S_plit", "Pressed: before on the left of a line that you drag, after on its right.", picture.divide)
        picture.on_compare = self._compare
        zooms = (
            button("+", "Closer; also by the wheel.", lambda: picture.zoom(1)),
            button("−", "Further away; also by the wheel.", lambda: picture.zoom(-1)),
            button("Fit", "The whole photo.", lambda: picture.zoom(0)),
            button("1:1", "Full size: one pixel for one.", picture.full_size),
        )
        self._undo, self._redo, self._delete, self._clear = (
            button("U_ndo", "Undo the last change of the points.", coloring.undo),
            button("R_edo", "Redo what was undone.", coloring.redo),
            button("_Delete", "Remove the selected point.", self._delete_selected),
            button("Clear _All", "Remove all points.", coloring.clear),
        )
        parts = [*zooms, self._before, self._split]
        if picture.pointed:
            unsure = switch("Uns_ure", "Pressed: a veil lies where the network is unsure of the colors.", coloring.show_confidence)
            parts += [unsure, self._undo, self._redo, self._delete, self._clear, _help()]
        for part in parts:
            self.widget.pack_start(part, True, True, 0)
        self.widget.show_all()
        coloring.listen(self._show, Change.POINTS)
        self._show()

    def _compare(self) -> None:
        self._before.set_active(self._picture.comparison.whole)
        self._split.set_active(self._picture.comparison.divided)

    def _delete_selected(self) -> None:
        if self._coloring.selected is not None:
            self._coloring.delete(self._coloring.selected.id)

    def _show(self) -> None:
        history = self._coloring.history
        for part, possible in (
            (self._undo, history.can_undo),
            (self._redo, history.can_redo),
            (self._delete, history.selected is not None),
            (self._clear, bool(history.points)),
        ):
            part.set_sensitive(possible)


def _help() -> Any:
    """Tells how the picture is used, when it is asked: a tip that comes by itself would lie on the picture."""
    made = Gtk.MenuButton(label="?", tooltip_text="How to use the picture")
    popover = Gtk.Popover.new(made)
    words = Gtk.Label(label=HELP, wrap=True, xalign=0, max_width_chars=52, margin=9)
    words.show()
    popover.add(words)
    made.set_popover(popover)
    return made
