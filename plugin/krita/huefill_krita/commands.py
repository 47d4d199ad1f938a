"""What the plugin can do. A new menu entry is one more line here (and in huefill_krita.action)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """One action: its id in Krita, the backend's task, its names, whether it works on the selection, and which choices it has."""

    action: str
    task: str
    title: str
    tip: str
    on_selection: bool
    choices: tuple[str, ...] = ("engine", "preset")


COMMANDS = {
    command.action: command
    for command in (
        Command("huefill_remove_object", "remove_object", "Remove Object", "Remove what is selected: a new layer covers it.", True),
        Command(
            "huefill_recolor_selection",
            "recolor",
            "Recolor Selection",
            "Give the selection new colour from the rest of the photo; light and dark stay.",
            True,
            ("preset",),
        ),
        Command("huefill_extend_canvas", "extend", "Extend Canvas", "Continue the photo into the empty border of its layer.", False),
    )
}

# What can be chosen, in the order in which it is offered: value on the wire, name, what it means and costs.
ENGINES = (
    ("auto", "Automatic", "Huefill looks at the selection and picks the engine; the result says which one and why."),
    ("gatedconv", "Network", "A trained network draws the structure: best where lines and shapes run into the hole."),
    ("patch", "Patch", "Copies texture from elsewhere in the photo: best for grass, sand, water, walls. Needs no network."),
)
PRESETS = (
    ("fast", "Fast", "Seconds. The one to begin with."),
    ("best", "Best", "Tens of seconds: colours are worked out more carefully."),
    ("paper", "Paper", "The method exactly as its paper describes it: hours without a graphics card."),
    ("published", "Published", "The settings of the authors' own program: most of an hour without a graphics card."),
)
ENGINE_NAMES = {value: name for value, name, _ in ENGINES}
PRESET_NAMES = {value: name for value, name, _ in PRESETS}
