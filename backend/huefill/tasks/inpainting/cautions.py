"""What a person should know of a selection before it is filled."""

from __future__ import annotations

import cv2
import numpy as np

from huefill.errors import Caution
from huefill.imaging.mask import core_of
from huefill.imaging.parts import are_strokes, split
from huefill.imaging.pixels import Array, Encoding, coverage, split_alpha
from huefill.imaging.region import Box, with_context
from huefill.imaging.surroundings import goes_on

LARGE = Caution(
    "large_selection",
    "More than half of the photo is selected, so little is left to fill it from.",
    "Select less; if the rest was meant, invert the selection.",
)
CUT = Caution(
    "cut_thing",
    "The thing seems to go on beyond what is to be removed.",
    "If a piece is left over, take it too and run again.",
)
_HALF = 0.5
# Of so many parts at most, the largest, the surroundings are looked at; and pixels of the longer side of what is looked at.
_PARTS, _LONGEST = 4, 512


def of_size(image: Array, mask: Array) -> list[Caution]:
    """Whether more than half of an ``image`` (H W C, see `checks.check_image`) is selected by ``mask`` (H W uint8)."""
    image, mask = _small(image, mask)
    seen = coverage(split_alpha(image)[1], mask.shape) > 0.5
    return [LARGE] if (core_of(mask) & seen).sum() > _HALF * max(int(seen.sum()), 1) else []


def of_removal(image: Array, mask: Array, transfer: str) -> list[Caution]:
    """What is to be said of removing what ``mask`` (H W uint8) selects in an ``image`` (H W C); ``transfer`` as in the request.

    Of a large selection nothing more is said, and of strokes (scratches, wires) nothing: they lie on things that go on beside them.
    """
    large = of_size(image, mask)
    if large:
        return large
    area = with_context(Box.around(mask > 0), mask.shape)
    small, selected = _small(area.crop(image), area.crop(mask))
    parts = split(core_of(selected), 0, 0) if selected.any() else []
    if not parts or are_strokes(parts):
        return []
    colors = split_alpha(small)[0]
    unit = Encoding.of(colors, transfer == "linear").to_unit(colors)
    rgb = unit if unit.shape[2] == 3 else np.repeat(unit, 3, axis=2)
    for part in sorted(parts, key=lambda part: -int(part.mask.sum()))[:_PARTS]:
        alone = np.zeros(selected.shape, bool)
        part.box.crop(alone)[part.mask] = True
        if goes_on(rgb, core_of(selected), alone):
            return [CUT]
    return []


def _small(image: Array, mask: Array) -> tuple[Array, Array]:
    scale = _LONGEST / max(mask.shape)
    if scale >= 1:
        return image, mask
    size = (max(1, round(mask.shape[1] * scale)), max(1, round(mask.shape[0] * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], image.shape[2])
    return small, cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
