"""The dialogs: GIMP's own for a procedure, with what the command is about in words; for colors, with a picture."""

from __future__ import annotations

from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import GimpUi, Gtk

from huefill_protocol.actions import COLORIZE_POINTS, EXTEND_CANVAS

from . import coloring, messages
from .exchange import is_gray, is_indexed
from .filling import SIDES


def confirmed(procedure: Any, order: Any) -> bool:
    """Shows the dialog with the values of last time; whether it was confirmed. GIMP remembers them."""
    GimpUi.init(procedure.get_name())
    dialog = GimpUi.ProcedureDialog.new(procedure, order.config, f"Huefill: {order.command.title}")
    preview = None
    try:
        _say(dialog, order.command.tip)
        if isinstance(order, coloring.Order):
            from .color_dialog import ColorPreview

            preview = ColorPreview(dialog, order)
        dialog.fill(_shown(dialog, order))
        if is_indexed(order.photo.image) and not isinstance(order, coloring.Order):
            _say(dialog, messages.INDEXED)
        return bool(dialog.run())
    finally:
        if preview is not None:
            preview.close()
        dialog.destroy()


def _shown(dialog: Any, order: Any) -> list[str]:
    if not isinstance(order, coloring.Order):
        sides = list(SIDES) if order.command is EXTEND_CANVAS else []
        return [*sides, *order.command.choices, "seed"]
    dialog.fill_frame("saturation-frame", "set-saturation", False, "saturation")
    image = order.photo.image
    names = ["radius"] if order.command is COLORIZE_POINTS else []
    names += ["reference", "reference-file", "saturation-frame"]
    return names + (["convert-to-rgb"] if is_gray(image) or is_indexed(image) else [])


def _say(dialog: Any, text: str) -> None:
    label = Gtk.Label(label=text, xalign=0, wrap=True, max_width_chars=52, margin=6)
    label.show()
    dialog.get_content_area().pack_start(label, False, False, 0)
