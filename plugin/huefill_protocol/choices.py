"""What a person can choose, in the order in which it is offered: value on the wire, name, what it means and costs."""

from __future__ import annotations

ENGINE_CHOICES = (
    ("auto", "Automatic", "Huefill looks at the selection and picks the engine; the result says which one and why."),
    ("gatedconv", "Network", "A trained network draws the structure: best where lines and shapes run into the hole."),
    ("patch", "Patch", "Copies texture from elsewhere in the photo: best for grass, sand, water, walls. Needs no network."),
)
PRESET_CHOICES = (
    ("fast", "Fast", "Seconds. The one to begin with."),
    ("best", "Best", "Tens of seconds: colors are worked out more carefully."),
    ("paper", "Paper", "The method exactly as its paper describes it: hours without a graphics card."),
    ("published", "Published", "The settings of the authors' own program: most of an hour without a graphics card."),
)
ENGINE_NAMES = {value: name for value, name, _ in ENGINE_CHOICES}
PRESET_NAMES = {value: name for value, name, _ in PRESET_CHOICES}
