"""What a person who colors a photo can do next, in one sentence beneath the picture: short, so that it fits a narrow docker."""

from __future__ import annotations

from huefill_client.coloring import Coloring
from huefill_client.sentences import NOTHING_TO_MATCH

COLORING = "Coloring…"
CHOOSE = "Choose a suggestion to begin with."
CHANGE = "Drag or click a diamond to change it."
RECOLOR = "Take a likely color, or drag the point."
SET_A_POINT = "Click in the picture to set a point."
BEYOND = "Shown as near as its lightness allows."


def next_step(coloring: Coloring) -> str:
    """Empty where no photo is open."""
    photo = coloring.photo
    if photo is None:
        return ""
    if not coloring.ready:
        return NOTHING_TO_MATCH.remedy
    if coloring.picture is None:
        return COLORING
    if not photo.pointed:
        return ""
    if coloring.selected is not None:
        return BEYOND if coloring.selected.id in coloring.beyond else RECOLOR
    if photo.variants and coloring.variants and coloring.chosen is None:
        return CHOOSE
    return CHANGE if coloring.anchors else SET_A_POINT
