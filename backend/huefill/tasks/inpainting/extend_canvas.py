"""Extend Canvas: the transparent border is the hole (Wang et al. 2021, section 4.4, extrapolation).

Unless a network is named it is continued from what touches the edge, with its colors (`huefill.imaging.border`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from huefill.errors import Caution, HuefillError
from huefill.imaging.pixels import Array, coverage, split_alpha
from huefill.tasks import checks
from huefill.tasks.contract import ColorPoint, Context, Result
from huefill.tasks.inpainting.fill import fill_selection

# Antialiased edges of a layer mix photo and nothing: fill from one pixel inside, and blend over a few.
_RIM, _BAND = 1, 4
# From this share of the border on a person is told that it goes on softly.
_TOLD = 0.1


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
    result = fill_selection("extend_canvas", request, hole, _RIM, _BAND, context, border=True)
    share = calm_share(result.recipe["regions"])
    if share >= _TOLD:
        context.progress.warn([_softly(share)])
    return replace(result, warnings=tuple(context.progress.warnings))


def calm_share(regions: Sequence[Mapping[str, Any]]) -> float:
    """How much of a border, in [0, 1], goes on calmly instead of with the photo's texture, by its recipe's ``regions``."""
    pixels = sum(region["pixels"] for region in regions)
    return float(sum(region.get("calm", 0.0) * region["pixels"] for region in regions) / max(1, pixels))


def _softly(share: float) -> Caution:
    return Caution(
        "border_softly",
        f"{100 * share:.0f} % of the new border goes on softly: something is cut off there, or would have been repeated.",
        "A narrower border keeps more of the photo's texture.",
    )
