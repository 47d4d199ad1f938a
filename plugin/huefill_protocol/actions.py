"""What Huefill can do, as every editor names it. An editor makes a menu entry of each that it offers."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """``name`` is its id in an editor, ``task`` the backend's; ``title`` and ``tip`` are for a person; ``on_selection`` whether it works on
    what is selected; ``choices`` which of a person's remembered choices it asks for (`huefill_client.settings.Settings`)."""

    name: str
    task: str
    title: str
    tip: str
    on_selection: bool
    choices: tuple[str, ...] = ("engine", "preset")


REMOVE_OBJECT = Command("remove_object", "remove_object", "Remove Object", "Remove what is selected: a new layer covers it.", True)
RECOLOR_SELECTION = Command(
    "recolor_selection",
    "recolor",
    "Recolor Selection",
    "Give the selection new color from the rest of the photo; light and dark stay.",
    True,
    ("preset",),
)
EXTEND_CANVAS = Command("extend_canvas", "extend", "Extend Canvas", "Continue the photo into the empty border of its layer.", False)
COLORIZE_POINTS = Command(
    "colorize_points",
    "colorize_points",
    "Colorize with Points",
    "Give the photo likely colors, and at your points the colors that you choose.",
    False,
    (),
)
MATCH_COLORS = Command(
    "match_colors", "match_colors", "Match Colors", "Give the photo the colors of another one, or a saturation.", False, ()
)

# The layer of a document on which every dot and stroke is a hint.
HINT_LAYER = "Huefill Hints"

COMMANDS = (REMOVE_OBJECT, RECOLOR_SELECTION, EXTEND_CANVAS, COLORIZE_POINTS, MATCH_COLORS)

_RESULT = re.compile("^(?:" + "|".join(re.escape(command.title) for command in COMMANDS) + ") – ")


def is_result_name(layer: str) -> bool:
    """Whether a layer of this name is one of our results (`huefill_client.recipes.layer_name`)."""
    return _RESULT.match(layer) is not None
