"""Extend Canvas: the transparent border is the hole (Wang et al. 2021, section 4.4, extrapolation)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from huefill.errors import HuefillError
from huefill.imaging.pixels import Array, coverage, split_alpha
from huefill.tasks import checks
from huefill.tasks.contract import ColorPoint, Context, Result
from huefill.tasks.inpainting.fill import fill_selection

# Antialiased edges of a layer mix photo and nothing: fill from one pixel inside, and blend over a few.
_RIM, _BAND = 1, 4


@dataclass(frozen=True)
class Request:
    """``image`` H W C with alpha (2 gray + alpha or 4 RGBA; uint8, uint16, float32); what is not opaque is filled.

    Other fields as in `huefill.tasks.inpainting.remove_object.Request`.
    """

    VERSION: ClassVar[int] = 1
    image: Array
    points: tuple[ColorPoint, ...] = ()
    engine: str = "auto"
    preset: str = "fast"
    seed: int = 0
    transfer: str = "srgb"


def run(request: Request, context: Context) -> Result:
    """A layer that covers everything transparent; raises `HuefillError` when nothing is, or everything."""
    checks.check_image(request.image)
    _, alpha = split_alpha(request.image)
    remedy = "Enlarge the canvas first, so that the photo has an empty border (the fill goes where the layer is transparent)."
    if alpha is None:
        raise HuefillError("no_alpha", "The image has no transparency, so there is nothing to extend into.", remedy)
    opaque = coverage(alpha, alpha.shape)
    hole = np.rint((1 - opaque) * 255).astype(np.uint8)
    if not (hole >= 128).any():
        raise HuefillError("nothing_transparent", "The layer has no transparent part, so there is nothing to extend into.", remedy)
    if not (hole < 128).any():
        raise HuefillError("all_transparent", "The layer is empty: there is no photo to extend.", "Choose the layer that holds the photo.")
    return fill_selection("extend_canvas", request, hole, _RIM, _BAND, context)
