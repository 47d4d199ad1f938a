"""What Huefill can do: one table. Everything that names an action is made from it.

Krita's menu, fallback, .action file, .desktop comment and manual; GIMP's menus, procedures, arguments and help; the request that
travels; the tasks that the backend knows; the table in the README (`installer.generated`). docs/add-an-action.md says how a row is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from huefill_protocol.choices import (
    AUTO_ENGINE,
    BOTH,
    GROWTHS,
    KINDS,
    MATCHES,
    METHODS,
    MOST_STRENGTH,
    MOST_VARIANTS,
    PATCH_ENGINE,
    PRESETS,
    SAMPLE_RESULTS,
    SAMPLES,
    WIDEST_SCRATCH,
    Choice,
)


@dataclass(frozen=True)
class Option:
    """Something that can be set for an action.

    ``name`` is the request's field, and with "-" for "_" the name of GIMP's argument and of the command line's option. ``kind`` is
    "choice", "int", "float", "bool", "string", "layer" (of an open document) or "file". ``least`` and ``most`` bound a number, ``unit``
    says what it counts. ``choices`` are those known beforehand; with ``more`` a person may also name another (an installed network).
    An option that is not ``sent`` is used by the editor itself and is no field of the request.
    """

    name: str
    label: str
    kind: str
    default: Any
    tip: str
    least: float = 0
    most: float = 0
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    more: bool = False
    sent: bool = True

    @property
    def argument(self) -> str:
        """Its name in GIMP and in the shell."""
        return self.name.replace("_", "-")


# What an action gives.
LAYERS, SELECTION = "layers", "selection"


@dataclass(frozen=True)
class Action:
    """``id`` names it in every editor, ``task`` in the backend (version ``version`` of its request).

    ``title``, ``tip`` (one sentence) and ``details`` (a paragraph for manuals and help) are for a person. ``needs`` says what has to be
    there before it can run, in words of `NEEDS`; ``hints`` what it takes where there is some: "selection", "points", "painted",
    "reference", "saturation", "variants" where it begins with several suggestions to choose from. ``live`` whether an editor shows a
    picture of it while it is being set. ``gives`` is "layers", or "selection" for what only proposes one. ``menus`` are its places by
    editor; ``command`` its words after ``huefill`` in a shell; empty where it is an editor's alone. ``done`` begins the names of its
    results: what has happened, in a word. ``shortcut`` is the key that is proposed for it in both editors, as Qt writes it; a person's own
    key for it always counts, and so does their use of that key for something else.
    """

    id: str
    task: str
    title: str
    tip: str
    details: str
    needs: tuple[str, ...]
    hints: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    menus: tuple[tuple[str, str], ...] = ()
    command: str = ""
    done: str = ""
    shortcut: str = ""
    live: bool = False
    gives: str = LAYERS
    version: int = 1

    @property
    def key(self) -> str:
        """Its name among all actions of an editor: Krita's action; with "-" for "_", GIMP's procedure."""
        return f"huefill_{self.id}"

    @property
    def on_selection(self) -> bool:
        """Whether it works on what is selected or painted over, and around it, not on the whole layer."""
        return "selection" in self.needs or self.painted

    @property
    def painted(self) -> bool:
        """Whether what it works on is painted over after it was chosen."""
        return "painting" in self.needs

    @property
    def takes_selection(self) -> bool:
        """Whether it works on all of the layer, and heeds a selection where there is one."""
        return "selection" in self.hints

    @property
    def makes_colors(self) -> bool:
        """Whether its result has colors, also of a photo that is gray."""
        return self.has(_CONVERT.name)

    def menu(self, editor: str) -> str:
        """Where its entry is in "krita" or "gimp"; empty where it has none."""
        return dict(self.menus).get(editor, "")

    def has(self, option: str) -> bool:
        return any(item.name == option for item in self.options)


# What a person does first, for what an action needs.
NEEDS = {
    "layer": "Click the photo's layer.",
    "selection": "Select the place with any selection tool.",
    "painting": "Afterwards, paint over the thing with any brush.",
    "empty_border": "Make the canvas larger, so that the photo has an empty border.",
    "reference or saturation": "Choose a photo whose colors are taken, or a saturation.",
}

_ENGINE = Option(
    "engine",
    "Engine",
    "choice",
    "auto",
    f"What draws the structure. auto: {AUTO_ENGINE.tip} patch: {PATCH_ENGINE.tip} Or the name of an installed network.",
    choices=(AUTO_ENGINE, PATCH_ENGINE),
    more=True,
)
_PRESET = Option("preset", "Quality", "choice", "fast", "How much time color gets.", choices=PRESETS)
_GROW = Option("grow", "Grow selection", "choice", "auto", "How the selection is grown before it is filled.", choices=GROWTHS)
_SAMPLE = Option("sample", "Sample", "choice", SAMPLE_RESULTS, "What is read of the image.", choices=SAMPLES, sent=False)
_PAINT_ON = Option(
    "paint_on",
    "Go on painting",
    "bool",
    False,
    "After a removal, paint over the next thing at once. Choose this with nothing painted to end.",
    sent=False,
)
_SEED = Option("seed", "Seed", "int", 0, "Another number gives another try.", 0, 2**31 - 1)
_MODEL = Option("model", "Network", "string", "auto", "The network that colors: auto, or a name that “huefill models list” prints.")
_METHOD = Option("method", "Method", "choice", "auto", "How the photo gets its colors.", choices=METHODS)
_VARIANTS = Option(
    "variants",
    "Suggestions",
    "int",
    1,
    "So many pictures that differ, in one group, for a call without a dialog: the likeliest is on top and seen, the others are hidden.",
    1,
    MOST_VARIANTS,
)
_STRENGTH = Option(
    "strength", "Strength of all colors", "float", 1.0, "0 is gray, 1 the colors as they are, 1.5 the strongest.", 0, MOST_STRENGTH
)
_MATCH = Option("match", "Match", "choice", "auto", "How the reference's colors are used.", choices=MATCHES)
_SATURATION = Option("saturation", "Saturation", "float", 0.5, "0 is gray, 1 the strongest colors.", 0, 1)
_SIDES = tuple(
    Option(side, side.title(), "int", 0, f"Pixels that the canvas grows on this side ({side}).", 0, 32768, "px", sent=False)
    for side in ("left", "top", "right", "bottom")
)
_CONVERT = Option(
    "convert_to_rgb",
    "Convert the image to RGB",
    "bool",
    False,
    "Only for a grayscale or indexed image, which cannot store new colors: convert it, in the same undo step.",
    sent=False,
)
_DAMAGE = (
    Option("sensitivity", "Sensitivity", "float", 0.5, "0 finds what is surely damage, 1 all that may be.", 0, 1),
    Option("width", "Greatest width", "int", 0, "How wide scratches are at most; 0 suits the photo's size.", 0, WIDEST_SCRATCH, "px"),
    Option("kinds", "Scratches", "choice", BOTH, "Which scratches and dust are looked for.", choices=KINDS),
)
_WHOLE_PICTURE = (
    Option("reference", "Reference", "layer", None, "A layer of an open photo whose colors are taken."),
    Option("reference_file", "Reference file", "file", None, "A picture whose colors are taken, if no layer is given.", sent=False),
    _MATCH,
    Option("set_saturation", "Set saturation", "bool", False, "Whether the saturation is used.", sent=False),
    _SATURATION,
    _STRENGTH,
    _MODEL,
    _CONVERT,
)
_POINTS = (
    Option(
        "colors",
        "Colors",
        "string",
        "",
        "Colors of the image's sample points, in their order, like #c81e28,#1e64c8. A point without one has the color that was chosen "
        "earlier and is kept in the image, else that of the hint layer beneath it, else the foreground color.",
        sent=False,
    ),
    Option("radius", "Radius", "float", 3, "How many pixels around a point take its color.", 0, 100, "px", sent=False),
)
_SCRIPTS = ("krita", "tools/scripts")
_ENHANCE = ("gimp", "<Image>/Filters/Enhance")
_COLORS = ("gimp", "<Image>/Colors")

REMOVE_OBJECT = Action(
    "remove_object",
    "remove_object",
    "Remove Object",
    "Remove what is selected: a new layer covers it.",
    "What is selected is gone: a new layer covers it with structure and color from the rest of the photo. Select the shadow, too. The "
    "selection stays.",
    needs=("layer", "selection"),
    hints=("points",),
    options=(_SAMPLE, _ENGINE, _PRESET, _GROW, _SEED),
    menus=(_SCRIPTS, _ENHANCE),
    command="remove",
    done="Removed",
    shortcut="Ctrl+Alt+X",
)
REMOVE_BY_BRUSH = Action(
    "remove_by_brush",
    "remove_object",
    "Remove by Brush",
    "Paint over a thing with any brush, and it goes.",
    "Choose this, then paint over what is to go with any brush: it is removed, and the paint with it. Paint over the shadow, too. The "
    "selection, the active layer and the foreground color are afterwards as they were.",
    needs=("layer", "painting"),
    hints=("points",),
    options=(_SAMPLE, _ENGINE, _PRESET, _GROW, _SEED, _PAINT_ON),
    menus=(_SCRIPTS, _ENHANCE),
    done="Removed",
    shortcut="Ctrl+Alt+B",
)
RECOLOR_SELECTION = Action(
    "recolor_selection",
    "recolor_selection",
    "Repair Colors",
    "Cure wrong colors in the selection (stains, fringes, a bad fill); light and dark stay.",
    "For a color stain, a fringe along an edge, faded or wrong colors and what another tool filled in a wrong color: the selection gets "
    "new color from the rest of the photo; light and dark stay as they are. Needs an RGB image.",
    needs=("layer", "selection"),
    hints=("points",),
    options=(_SAMPLE, _PRESET, _SEED),
    menus=(_SCRIPTS, _COLORS),
    command="recolor",
    done="Repaired",
    shortcut="Ctrl+Alt+H",
)
EXTEND_CANVAS = Action(
    "extend_canvas",
    "extend_canvas",
    "Extend Canvas",
    "Continue the photo into the empty border of its layer.",
    "What is transparent in the canvas is filled: the photo goes on. Where pixels are given for a side, the canvas grows by them first.",
    needs=("layer", "empty_border"),
    hints=("points",),
    options=(*_SIDES, _SAMPLE, _ENGINE, _PRESET, _SEED),
    menus=(_SCRIPTS, _ENHANCE),
    command="extend",
    done="Extended",
    shortcut="Ctrl+Alt+E",
)
COLORIZE = Action(
    "colorize",
    "colorize",
    "Colorize",
    "Choose among several suggestions of colors for a gray photo, and change what you like.",
    "A gray photo is shown in several different colors. The one that is chosen has a few points that say which color belongs where: move "
    "one, give it another color or delete it, and the whole picture follows. Points of your own, strokes on a layer named “Huefill Hints”, "
    "a reference photo and a saturation count, too. Light and dark stay as they are.",
    needs=("layer",),
    hints=("points", "painted", "reference", "saturation", "variants"),
    options=(*_POINTS, _METHOD, _SEED, _VARIANTS, *_WHOLE_PICTURE),
    menus=(_SCRIPTS, _COLORS),
    command="colorize",
    done="Colored",
    shortcut="Ctrl+Alt+Y",
    live=True,
)
COLORIZE_POINTS = Action(
    "colorize_points",
    "colorize",
    "Colorize with Points",
    "Give the photo likely colors, and at your points the colors that you choose.",
    "A gray photo gets likely colors, and at your points the ones that you choose, with a picture of the result while you work. Dots and "
    "strokes on a layer named “Huefill Hints” count, too. A reference photo and a saturation guide the whole picture. Light and dark stay "
    "as they are.",
    needs=("layer",),
    hints=("points", "painted", "reference", "saturation"),
    options=(*_POINTS, *_WHOLE_PICTURE),
    menus=(_SCRIPTS, _COLORS),
    command="colorize",
    done="Colored",
    shortcut="Ctrl+Alt+K",
    live=True,
)
MATCH_COLORS = Action(
    "match_colors",
    "match_colors",
    "Match Colors",
    "Give the photo the colors of another one, or a saturation.",
    "The photo takes the colors of a reference, which is another open photo or a file, or a saturation, or both. Light and dark stay as "
    "they are.",
    needs=("layer", "reference or saturation"),
    hints=("reference", "saturation"),
    options=_WHOLE_PICTURE,
    menus=(_SCRIPTS, _COLORS),
    command="match",
    done="Matched",
    shortcut="Ctrl+Alt+M",
    live=True,
)
FIND_SCRATCHES = Action(
    "find_scratches",
    "find_scratches",
    "Find Scratches",
    "Select the scratches, cracks, hairs and dust of a scan.",
    "What looks like damage of the print or the scan becomes the selection: look at it, add and take away with any selection tool, then "
    "choose Remove Object. Nothing is changed. Thin things in the photo, such as wires, may be taken for scratches.",
    needs=("layer",),
    options=(_SAMPLE, *_DAMAGE),
    menus=(_SCRIPTS, _ENHANCE),
    command="find scratches",
    shortcut="Ctrl+Alt+U",
    gives=SELECTION,
)
RESTORE_PHOTO = Action(
    "restore_photo",
    "restore_photo",
    "Restore Old Photo",
    "Remove the scratches and dust of a gray photo, and give it colors.",
    "Scratches and dust are found and removed, and the repaired photo is colored: a layer for each in one group, and one, hidden, that "
    "marks what was found. Where something is selected, that is removed instead.",
    needs=("layer",),
    hints=("selection",),
    options=(_SAMPLE, *_DAMAGE, _MODEL, _CONVERT),
    menus=(_SCRIPTS, _ENHANCE),
    command="restore",
    done="Restored",
    shortcut="Ctrl+Alt+N",
)
PALETTE = Action(
    "palette",
    "palette",
    "Suggested Colors",
    "List the nine likeliest colors of a pixel.",
    "The likeliest colors of one pixel, given the points. The editors show them while you choose a point's color.",
    needs=("layer",),
    hints=("points", "painted"),
    options=(_MODEL,),
    command="palette",
)

ACTIONS = (
    REMOVE_OBJECT,
    REMOVE_BY_BRUSH,
    RECOLOR_SELECTION,
    EXTEND_CANVAS,
    FIND_SCRATCHES,
    RESTORE_PHOTO,
    COLORIZE,
    COLORIZE_POINTS,
    MATCH_COLORS,
    PALETTE,
)

EDITORS = ("krita", "gimp")

# The layer of a document on which every dot and stroke is a hint.
HINT_LAYER = "Huefill Hints"
# The layer that is there while something is painted over that is to be removed: it is never read as part of the photo.
BRUSH_LAYER = "Huefill Brush"


def offered(editor: str) -> tuple[Action, ...]:
    """The actions with a menu entry in "krita" or "gimp"."""
    return tuple(action for action in ACTIONS if action.menu(editor))


# Results that were made under an action's earlier name.
_FORMER_TITLES = ("Recolor Selection",)


def _results(actions: Iterable[Action], former: Iterable[str] = ()) -> re.Pattern[str]:
    """Matches the names of results: today's, and those of Huefill 0.1, which began with the action's title."""
    actions = tuple(actions)
    done = "|".join(sorted({re.escape(action.done) for action in actions if action.done}))
    titles = "|".join(re.escape(title) for title in (*(action.title for action in actions), *former))
    return re.compile(rf"(?:(?:{done}): .+, [0-9.]+ (?:s|min|h)(?: \([0-9]+\)| #[0-9]+)?$)|(?:{titles}) – ")


_RESULT = _results(ACTIONS, _FORMER_TITLES)
_COLOR_RESULT = _results(action for action in ACTIONS if action.live)


def is_result_name(layer: str) -> bool:
    """Whether a layer of this name is one of our results (`huefill_client.recipes.names_of`)."""
    return _RESULT.match(layer) is not None


def is_color_result_name(layer: str) -> bool:
    """Whether it is a result that gives the whole photo its colors and keeps its light and dark."""
    return _COLOR_RESULT.match(layer) is not None
