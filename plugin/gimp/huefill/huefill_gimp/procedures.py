"""The procedures: their menu entries, their documented arguments, and how a call of one goes."""

from __future__ import annotations

from typing import Any

from gi.repository import Gimp, GLib, GObject

from huefill_client import log
from huefill_client.sentences import Sentence, sentence_for
from huefill_client.session import Session
from huefill_protocol import __version__
from huefill_protocol.actions import SELECTION, Action, Option, offered

from . import brush, coloring, filling
from .photo import find_photo

_SELECTS = "The selection is changed, and one undo brings the earlier one back. Fails with a sentence that says what to do."
_RETURNS = "Returns the new layer, which lies above the given one; one undo takes it away. Fails with a sentence that says what to do."
_READWRITE = GObject.ParamFlags.READWRITE

PROCEDURES = {action.key.replace("_", "-"): action for action in offered("gimp")}


def create(plugin: Any, name: str) -> Any:
    """The procedure of that name, as GIMP wants it described."""
    action = PROCEDURES[name]
    procedure = Gimp.ImageProcedure.new(plugin, name, Gimp.PDBProcType.PLUGIN, _run, action)
    procedure.set_image_types("*")
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
    procedure.set_menu_label(f"Huefill: {action.title}…")
    procedure.add_menu_path(action.menu("gimp"))
    mask = " A selection becomes the new layer's mask." if action.live else ""
    returns = _SELECTS if action.gives == SELECTION else _RETURNS
    procedure.set_documentation(action.tip, f"{action.details}{mask} {returns}", name)
    procedure.set_attribution("Huefill", "Huefill", __version__)
    keys: set[str] = set()
    for option in action.options:
        _add_argument(procedure, option, _with_key(option.label, keys))
    if action.gives != SELECTION:
        procedure.add_layer_return_value("layer", "Layer", "The new layer", False, _READWRITE)
    return procedure


def _add_argument(procedure: Any, option: Option, nick: str) -> None:
    name, tip, start, least, most = option.argument, option.tip, option.default, option.least, option.most
    if option.kind == "choice" and not option.more:
        choice = Gimp.Choice.new()
        for number, item in enumerate(option.choices):
            choice.add(item.value, number, item.title, item.tip)
        meaning = " ".join([tip, *(f"{item.value}: {item.tip}" for item in option.choices)])
        procedure.add_choice_argument(name, nick, meaning, choice, start, _READWRITE)
    elif option.kind in ("choice", "string"):
        procedure.add_string_argument(name, nick, tip, start, _READWRITE)
    elif option.kind == "int":
        procedure.add_int_argument(name, nick, tip, int(least), int(most), start, _READWRITE)
    elif option.kind == "float":
        procedure.add_double_argument(name, nick, tip, least, most, start, _READWRITE)
    elif option.kind == "bool":
        procedure.add_boolean_argument(name, nick, tip, start, _READWRITE)
    elif option.kind == "layer":
        procedure.add_drawable_argument(name, nick, tip, True, _READWRITE)
    elif option.kind == "file":
        procedure.add_file_argument(name, nick, tip, Gimp.FileChooserAction.OPEN, True, None, _READWRITE)
    else:
        raise ValueError(f"The option {option.name} has the unknown kind {option.kind}.")


def _with_key(label: str, taken: set[str]) -> str:
    """The label with "_" before the letter that chooses it with Alt: the first that no other label has ``taken``."""
    for place, letter in enumerate(label):
        if letter.isalpha() and letter.lower() not in taken:
            taken.add(letter.lower())
            return f"{label[:place]}_{label[place:]}"
    return label


def _run(procedure: Any, run_mode: Any, image: Any, drawables: Any, config: Any, action: Action) -> Any:
    log.begin("gimp")
    log.watch()
    log.note(f"{action.id}: begins")
    try:
        layer = _perform(procedure, run_mode == Gimp.RunMode.INTERACTIVE, image, drawables, config, action)
    except Exception as error:
        return _failed(procedure, sentence_for(error))
    log.note("ends: closed" if layer is None else "ends: done")
    if layer is None:
        return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
    values = procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)
    if layer is filling.SELECTED:
        return values
    values.remove(1)
    values.insert(1, _value(layer))
    return values


def _perform(procedure: Any, interactive: bool, image: Any, drawables: Any, config: Any, action: Action) -> Any:
    """The new layer, `filling.SELECTED`, or None where the dialog was closed."""
    if action.painted:
        return _by_brush(procedure, interactive, image, drawables, config, action)
    photo = find_photo(image, drawables)
    if action.has("sample"):
        photo = photo.sampled(config.get_property("sample"))
    if action.on_selection:
        photo.selected()
    session = Session()
    try:
        work = (coloring if action.live else filling).Order(action, photo, config, session)
        if interactive:
            from . import dialogs  # GTK is loaded only where there is somebody to look at it

            if not dialogs.confirmed(procedure, work):
                return None
        return work.run()
    finally:
        session.close()


def _by_brush(procedure: Any, interactive: bool, image: Any, drawables: Any, config: Any, action: Action) -> Any:
    """The first call makes a layer to paint on and returns it; the next one removes what is painted."""
    sheet = brush.sheet_of(image)
    photo = find_photo(image, drawables if sheet is None else [sheet.photo_layer()])
    session = Session()
    try:
        work = brush.Order(action, photo, config, session, sheet)
        if sheet is None and interactive:
            from . import dialogs

            if not dialogs.confirmed(procedure, work):
                return None
        return work.run()
    finally:
        session.close()


def _failed(procedure: Any, sentence: Sentence) -> Any:
    log.note(f"ends: {sentence.code}")
    return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, GLib.Error(sentence.text))


def _value(layer: Any) -> Any:
    value = GObject.Value(Gimp.Layer.__gtype__)
    value.set_object(layer)
    return value
