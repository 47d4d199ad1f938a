"""What a person can choose, once for both sides and every editor: value on the wire, name, what it means and costs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """``value`` on the wire, ``title`` in a list, ``tip`` what it means and costs."""

    value: str
    title: str
    tip: str


AUTO_ENGINE = Choice("auto", "Automatic", "Picks the engine for each selection; the result says which one, and why.")
PATCH_ENGINE = Choice("patch", "Patch", "Copies texture from elsewhere in the photo. Best for grass, sand, water, walls. Needs no network.")
PRESETS = (
    Choice("fast", "Fast", "Seconds. Start with this one."),
    Choice("best", "Best", "Tens of seconds. Works color out more carefully."),
    Choice("paper", "Paper", "The method exactly as its paper describes it. Hours without a graphics card."),
    Choice("published", "Published", "The settings of the authors' own program. Most of an hour without a graphics card."),
)
GROWTHS = (
    Choice("auto", "Automatic", "Grows the selection a little, by how thick each part is. Thin strokes are taken exactly."),
    Choice("always", "Grow", "Grows thin strokes, too. For tight selections that leave a rim behind."),
    Choice("never", "Exact selection", "Changes what is selected and nothing else."),
)
# What is read of an image: by these names everywhere.
SAMPLE_RESULTS, SAMPLE_LAYER, SAMPLE_ALL = "results", "layer", "all"
SAMPLES = (
    Choice(SAMPLE_RESULTS, "Photo and results", "The photo with Huefill's visible results above it: what was removed stays removed."),
    Choice(SAMPLE_LAYER, "This layer", "The photo's layer alone, as if nothing had been removed from it yet."),
    Choice(SAMPLE_ALL, "All visible", "Everything that is seen, also adjustment layers. The result lies above all of it."),
)
# When Remove by Brush removes what was painted.
BRUSH_STROKE, BRUSH_ENTER = "stroke", "enter"
BRUSH_ENDS = (
    Choice(
        BRUSH_STROKE,
        "After each stroke",
        "What you painted goes a moment after you lift the brush; strokes in quick succession go together.",
    ),
    Choice(BRUSH_ENTER, "On Enter", "Paint as many strokes as you like; Enter removes them all at once."),
)
DEVICES = (
    Choice("auto", "Automatic", "The graphics card where PyTorch can use it, else the processor."),
    Choice("cpu", "Processor", "Works on every computer."),
    Choice("cuda", "Graphics card", "An NVIDIA card with CUDA."),
)
# How a photo gets its colors.
HINTS, ANCHORS = "hints", "anchors"
METHODS = (
    Choice("auto", "Automatic", "Picks what does better with what you gave; the result says which."),
    Choice(HINTS, "Points", "Follows points, strokes, a reference or a saturation."),
    Choice(ANCHORS, "Anchors", "Finds a few places whose colors decide all others. You may move, recolor, delete and add them."),
)
# How the colors of a reference are used.
LIKENESS, HISTOGRAM = "likeness", "histogram"
MATCHES = (
    Choice("auto", "Automatic", "The one that does better on most photos."),
    Choice(LIKENESS, "By likeness", "Sky takes the sky's colors, skin the skin's."),
    Choice(HISTOGRAM, "By amount", "Takes as much of each color as the reference has."),
)
# Which scratches and dust are looked for.
BOTH, BRIGHT, DARK = "both", "bright", "dark"
KINDS = (
    Choice(BOTH, "Bright and dark", "Everything that stands out as damage does."),
    Choice(BRIGHT, "Bright", "White scratches, cracks and dust alone: wires, hair and letters are mostly dark."),
    Choice(DARK, "Dark", "Black scratches, hairs and dust alone."),
)
# How wide they may be at most, in pixels.
WIDEST_SCRATCH = 40
# How many pictures to choose from at most.
MOST_VARIANTS = 9
# All chroma times this at most.
MOST_STRENGTH = 1.5
# How an image's values relate to light: encoded as in sRGB, or proportional to it.
TRANSFERS = ("srgb", "linear")

# A network's name, as `huefill_models.card` allows it: the word after --engine.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def values(choices: Iterable[Choice]) -> tuple[str, ...]:
    """What may stand on the wire."""
    return tuple(choice.value for choice in choices)


def engines(networks: Iterable[Choice] = ()) -> tuple[Choice, ...]:
    """The engines in the order in which they are offered; ``networks`` are the installed ones that the backend has named."""
    return (AUTO_ENGINE, *networks, PATCH_ENGINE)


def title_of(choices: Iterable[Choice], value: str) -> str:
    """The name of ``value`` for a person; the value itself where it is none of ``choices`` (a network's own name)."""
    return next((choice.title for choice in choices if choice.value == value), value)


def is_name(value: object) -> bool:
    """Whether this can be the name of an engine or a network, installed or not."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None
