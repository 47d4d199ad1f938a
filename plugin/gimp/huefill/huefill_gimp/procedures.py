"""The procedures: their menu entries, their documented arguments, and how a call of one goes."""

from __future__ import annotations

from typing import Any

from gi.repository import Gimp, GLib, GObject

from huefill_client.sentences import Problem, Sentence, sentence_for
from huefill_client.session import Session
from huefill_protocol import __version__
from huefill_protocol.actions import COLORIZE_POINTS, EXTEND_CANVAS, MATCH_COLORS, RECOLOR_SELECTION, REMOVE_OBJECT, Command
from huefill_protocol.choices import ENGINE_CHOICES, PRESET_CHOICES

from . import coloring, filling
from .photo import find_photo

_ENHANCE, _COLORS = "<Image>/Filters/Enhance", "<Image>/Colors"
_MENUS = {
    REMOVE_OBJECT: _ENHANCE,
    EXTEND_CANVAS: _ENHANCE,
    RECOLOR_SELECTION: _COLORS,
    COLORIZE_POINTS: _COLORS,
    MATCH_COLORS: _COLORS,
}
_RETURNS = "Returns the new layer, which lies above the given one; one undo takes it away. Fails with a sentence that says what to do."
_MORE = {
    REMOVE_OBJECT: "What is selected is removed: the new layer covers it, the selection stays.",
    EXTEND_CANVAS: "The canvas grows by the pixels given for each side, and what is transparent in it is filled. Without pixels, what is "
    "transparent in the canvas of now is filled.",
    RECOLOR_SELECTION: "The selection gets new color from the rest of the photo. Needs an RGB image.",
    COLORIZE_POINTS: "The image's sample points say where a color belongs. Which color says, in this order: the argument colors, what "
    "was chosen earlier and is kept in the image, the layer named “Huefill Hints” beneath the point, the foreground color. What is "
    "painted on that layer counts, too. A selection becomes the new layer's mask.",
    MATCH_COLORS: "The layer takes the colors of the reference, which is another open layer or a file, or a saturation, or both. A "
    "selection becomes the new layer's mask.",
}
_READWRITE = GObject.ParamFlags.READWRITE

PROCEDURES = {f"huefill-{command.name.replace('_', '-')}": command for command in _MENUS}


def create(plugin: Any, name: str) -> Any:
    """The procedure of that name, as GIMP wants it described."""
    command = PROCEDURES[name]
    procedure = Gimp.ImageProcedure.new(plugin, name, Gimp.PDBProcType.PLUGIN, _run, command)
    procedure.set_image_types("*")
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
    procedure.set_menu_label(f"Huefill: {command.title}…")
    procedure.add_menu_path(_MENUS[command])
    procedure.set_documentation(command.tip, f"{_MORE[command]} {_RETURNS}", name)
    procedure.set_attribution("Huefill", "Huefill", __version__)
    _add_arguments(procedure, command)
    procedure.add_layer_return_value("layer", "Layer", "The new layer", False, _READWRITE)
    return procedure


def _add_arguments(procedure: Any, command: Command) -> None:
    if command is EXTEND_CANVAS:
        for side in filling.SIDES:
            procedure.add_int_argument(
                side, f"_{side.title()}", f"Pixels that the canvas grows on this side ({side})", 0, 32768, 0, _READWRITE
            )
    if command in (COLORIZE_POINTS, MATCH_COLORS):
        _add_color_arguments(procedure, command)
        return
    for name, nick, choices, start in (("engine", "_Engine", ENGINE_CHOICES, "auto"), ("preset", "_Quality", PRESET_CHOICES, "fast")):
        if name in command.choices:
            choice = Gimp.Choice.new()
            for number, (value, title, tip) in enumerate(choices):
                choice.add(value, number, title, tip)
            meaning = "; ".join(f"{value}: {tip}" for value, _, tip in choices)
            procedure.add_choice_argument(name, nick, meaning, choice, start, _READWRITE)
    procedure.add_int_argument("seed", "See_d", "Another number gives another try", 0, 2**31 - 1, 0, _READWRITE)


def _add_color_arguments(procedure: Any, command: Command) -> None:
    if command is COLORIZE_POINTS:
        tip = "Colors of the sample points in their order, like #c81e28,#1e64c8; left out or empty: as kept, painted, or the foreground"
        procedure.add_string_argument("colors", "_Colors", tip, "", _READWRITE)
        procedure.add_double_argument("radius", "Radi_us", "How many pixels around a point have its color", 0, 100, 3, _READWRITE)
    procedure.add_drawable_argument("reference", "Refere_nce", "A layer of an open photo whose colors are taken", True, _READWRITE)
    tip = "A picture whose colors are taken, if no layer is given"
    procedure.add_file_argument("reference-file", "Reference _file", tip, Gimp.FileChooserAction.OPEN, True, None, _READWRITE)
    procedure.add_boolean_argument("set-saturation", "Se_t saturation", "Whether the saturation is asked for", False, _READWRITE)
    procedure.add_double_argument("saturation", "Satur_ation", "0: gray, 1: the strongest colors", 0, 1, 0.5, _READWRITE)
    tip = "The network that says the colors: auto, or a name that “huefill models list” prints"
    procedure.add_string_argument("model", "_Network", tip, "auto", _READWRITE)
    tip = "Only for a gray or indexed image, which has no room for new colors: convert it, in the same undo step"
    procedure.add_boolean_argument("convert-to-rgb", "Convert the image to RG_B", tip, False, _READWRITE)


def _run(procedure: Any, run_mode: Any, image: Any, drawables: Any, config: Any, command: Command) -> Any:
    try:
        layer = _perform(procedure, run_mode == Gimp.RunMode.INTERACTIVE, image, drawables, config, command)
    except Exception as error:
        return _failed(procedure, error.sentence if isinstance(error, Problem) else sentence_for(error))
    if layer is None:
        return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    values.remove(1)
    values.insert(1, _value(layer))
    return values


def _perform(procedure: Any, interactive: bool, image: Any, drawables: Any, config: Any, command: Command) -> Any:
    """The new layer, or None where the dialog was closed."""
    photo = find_photo(image, drawables)
    if command.on_selection:
        photo.selected()
    session = Session()
    try:
        work = (coloring if command in (COLORIZE_POINTS, MATCH_COLORS) else filling).Order(command, photo, config, session)
        if interactive:
            from . import dialogs  # GTK is loaded only where there is somebody to look at it

            if not dialogs.confirmed(procedure, work):
                return None
        return work.run()
    finally:
        session.close()


def _failed(procedure: Any, sentence: Sentence) -> Any:
    return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, GLib.Error(sentence.text))


def _value(layer: Any) -> Any:
    value = GObject.Value(Gimp.Layer.__gtype__)
    value.set_object(layer)
    return value
