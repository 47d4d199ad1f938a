"""The dialogs: GIMP's own for a procedure, with what the action is about in words; for colors, with a picture."""

from __future__ import annotations

from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import GimpUi, Gtk

from . import coloring, messages
from .engines import EngineBox
from .exchange import is_indexed

_RGB = "convert-to-rgb"
# So many fields fit beneath a picture on a low screen.
_FEW = 1
# They have fields of our own.
_OWN = ("engine", "colors", "radius", "model", "set_saturation", "strength", "method", "variants", "convert_to_rgb")


def confirmed(procedure: Any, order: Any) -> bool:
    """Shows the dialog with the values of last time; whether it was confirmed. GIMP remembers them."""
    GimpUi.init(procedure.get_name())
    dialog = GimpUi.ProcedureDialog.new(procedure, order.config, f"Huefill: {order.command.title}")
    preview = None
    try:
        _say(dialog, order.command.tip)
        if order.command.painted:
            dialog.set_ok_label("_Paint")
            _say(dialog, messages.PAINT_NEXT)
        if order.command.live:
            from .color_dialog import ColorPreview

            preview = ColorPreview(dialog, order)
        if order.command.has("engine"):
            dialog.get_content_area().pack_start(EngineBox(order.config, order.session).widget, False, False, 0)
        names = _shown(dialog, order)
        if order.command.live and len(names) > _FEW:
            names = [_folded(dialog, names, order)]
        if order.command.live and order.needs_rgb:
            names.append(_convert(dialog, order.config))
        dialog.fill(names)
        if preview is not None:
            preview.take_room()
        if is_indexed(order.photo.image) and not isinstance(order, coloring.Order):
            _say(dialog, messages.INDEXED)
        confirmed = bool(dialog.run())
        if preview is not None and not confirmed:
            order.cancel()
        return confirmed
    finally:
        if preview is not None:
            preview.close()
        dialog.destroy()


def _shown(dialog: Any, order: Any) -> list[str]:
    """The names of the arguments that GIMP makes the fields for; the other ones have fields of our own."""
    names = []
    for option in order.command.options:
        if option.name in _OWN or (option.name == "seed" and order.command.live):
            continue
        if option.name == "saturation" and order.command.has("set_saturation"):
            dialog.fill_frame("saturation-frame", "set-saturation", False, "saturation")
            names.append("saturation-frame")
        else:
            names.append(option.argument)
    return names


def _convert(dialog: Any, config: Any) -> str:
    """The field that allows to convert a gray or indexed image: ticked, in sight, and without it there is no OK."""

    def allow(*_: Any) -> None:
        dialog.set_response_sensitive(Gtk.ResponseType.OK, config.get_property(_RGB))

    config.set_property(_RGB, True)
    config.connect(f"notify::{_RGB}", allow)
    return _RGB


def _folded(dialog: Any, names: list[str], order: Any) -> str:
    """The fields of ``names`` behind a word that unfolds them: the picture gets the height. Unfolded is what is needed first."""
    dialog.fill_box("more-fields", names)
    dialog.get_label("more-title", "More: reference, saturation", False, False)
    # Unfolded, they take room of the picture's before the dialog grows.
    fold = dialog.fill_expander("more", "more-title", False, "more-fields")
    fold.set_resize_toplevel(False)
    fold.set_expanded(not order.coloring.ready)
    return "more"


def _say(dialog: Any, text: str) -> None:
    label = Gtk.Label(label=text, xalign=0, wrap=True, max_width_chars=52, margin=6)
    label.show()
    dialog.get_content_area().pack_start(label, False, False, 0)
