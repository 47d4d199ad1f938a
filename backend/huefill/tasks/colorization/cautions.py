"""What a person should know of a photo that is to be colored, and of a color."""

from __future__ import annotations

import cv2

from huefill.errors import Caution
from huefill.imaging.pixels import Array, Encoding, split_alpha
from huefill.imaging.surroundings import has_colors
from huefill.tasks.colorization.colorizers.protocol import Distribution
from huefill.tasks.colorization.suggestions import shown_lightness

COLORED = Caution(
    "colored_photo",
    "This photo has colors already; new ones take their place.",
    "To mend the colors of one place alone, select it and use Repair Colors.",
)
UNSURE = Caution("unsure_color", "Very different colors are likely here.", "Look at all of those that are offered, or choose your own.")
TOO_LIGHT = Caution(
    "too_light",
    "This place is almost white and stays so: it takes no color itself.",
    "The colors are shown a little darker: that is how they come out where the photo is darker around it.",
)
TOO_DARK = Caution(
    "too_dark",
    "This place is almost black and stays so: it takes no color itself.",
    "The colors are shown a little lighter: that is how they come out where the photo is lighter around it.",
)
# Below this confidence the likely color is wrong twice as often as elsewhere, and seldom right (benchmarks/warned.py).
_UNSURE = 0.45
_LONGEST = 256
# A sepia print with a yellowed rim has tones up to 5 units of Lab apart; of ten color photographs nine have more than this.
_OF_A_PRINT = 7.0


def of_photo(image: Array, transfer: str) -> list[Caution]:
    """Whether an ``image`` (H W C, see `checks.check_image`) has colors already."""
    return [COLORED] if _shrunk_has_colors(image, transfer) else []


def is_color_photo(image: Array, transfer: str) -> bool:
    """Whether an ``image`` has more colors than a toned and stained print can have."""
    return _shrunk_has_colors(image, transfer, _OF_A_PRINT)


def _shrunk_has_colors(image: Array, transfer: str, *apart_by: float) -> bool:
    colors, _ = split_alpha(image)
    if colors.shape[2] < 3:
        return False
    scale = _LONGEST / max(colors.shape)
    if scale < 1:
        colors = cv2.resize(colors, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return has_colors(Encoding.of(colors, transfer == "linear").to_unit(colors), *apart_by)


def of_color(likely: Distribution | None, lightness: float) -> list[Caution]:
    """Whether a pixel of this ``lightness`` in [0, 100] takes no color, and whether a network does not know which."""
    if likely is None:
        return []
    shown = shown_lightness(likely, lightness)
    found = [] if shown == lightness else [TOO_LIGHT if shown < lightness else TOO_DARK]
    return found + ([UNSURE] if likely.confidence < _UNSURE else [])
