"""Remove Object: the selected thing is gone (Wang et al. 2021: external reconstruction, internal color)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from huefill.imaging.mask import core_of
from huefill.imaging.parts import are_strokes, split
from huefill.imaging.pixels import Array
from huefill.imaging.region import Box
from huefill.tasks import checks
from huefill.tasks.contract import ColorPoint, Context, Result
from huefill.tasks.inpainting import cautions
from huefill.tasks.inpainting.fill import fill_selection


@dataclass(frozen=True)
class Request:
    """``image`` H W C (1 gray, 2 gray + alpha, 3 RGB, 4 RGBA; uint8, uint16, float32); ``mask`` H W uint8, 0 = keep, 255 = remove.

    ``points`` hints inside the hole; ``engine`` "auto", "patch" or the name of an installed network; ``preset`` of the internal colorizer;
    ``grow`` "auto" (each part of the selection by its thickness; not at all where the selection is made of thin strokes), "always" or
    "never"; ``rim`` pixels to grow it by and ``band`` pixels to blend over, in place of those (None);
    ``transfer`` "srgb" (encoded values) or "linear".
    """

    VERSION: ClassVar[int] = 1
    image: Array
    mask: Array
    points: tuple[ColorPoint, ...] = ()
    engine: str = "auto"
    preset: str = "fast"
    seed: int = 0
    grow: str = "auto"
    rim: int | None = None
    band: int | None = None
    transfer: str = "srgb"


def run(request: Request, context: Context) -> Result:
    """A layer that covers the selection, grown by the rim, and blends out over the band; raises `HuefillError` with a sentence."""
    checks.check_image(request.image)
    checks.check_mask(request.mask, request.image)
    checks.check_choice("growth", request.grow, checks.GROWTHS)
    checks.check_choice("transfer", request.transfer, checks.TRANSFERS)
    context.progress.warn(cautions.of_removal(request.image, request.mask, request.transfer))
    exact = request.grow == "never" or (request.grow == "auto" and _is_strokes(request.mask))
    rim = 0 if exact and request.rim is None else request.rim
    band = 0 if exact and request.band is None else request.band
    return fill_selection("remove_object", request, request.mask, rim, band, context)


def _is_strokes(mask: Array) -> bool:
    return are_strokes(split(core_of(Box.around(mask > 0).crop(mask)), 0, 0))
