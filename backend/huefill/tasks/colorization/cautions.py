"""What a person should know of a photo that is to be colored, and of a color."""

from __future__ import annotations

import cv2

from huefill.errors import Caution
from huefill.imaging.pixels import Array, Encoding, split_alpha
from huefill.imaging.surroundings import has_colors
from huefill.tasks.colorization.colorizers.protocol import Distribution

COLORED = Caution(
    "colored_photo",
    "This photo has colors already; new ones take their place.",
    "To mend the colors of one place alone, select it and use Repair Colors.",
)
UNSURE = Caution("unsure_color", "Very different colors are likely here.", "Look at all of those that are offered, or choose your own.")
# Below this confidence the likely color is wrong twice as often as elsewhere, and seldom right (benchmarks/warned.py).
_UNSURE = 0.45
_LONGEST = 256


def of_photo(image: Array, transfer: str) -> list[Caution]:
    """Whether an ``image`` (H W C, see `checks.check_image`) has colors already."""
    colors, _ = split_alpha(image)
    if colors.shape[2] < 3:
        return []
    scale = _LONGEST / max(colors.shape)
    if scale < 1:
        colors = cv2.resize(colors, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return [COLORED] if has_colors(Encoding.of(colors, transfer == "linear").to_unit(colors)) else []


def of_color(likely: Distribution | None) -> list[Caution]:
    """Whether a network does not know the color of a pixel."""
    return [UNSURE] if likely is not None and likely.confidence < _UNSURE else []
