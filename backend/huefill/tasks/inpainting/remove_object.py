"""Remove Object: the selected thing is gone (Wang et al. 2021: external reconstruction, internal color)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from huefill.imaging.mask import default_band, default_rim
from huefill.imaging.pixels import Array
from huefill.imaging.region import Box
from huefill.tasks import checks
from huefill.tasks.contract import ColorPoint, Context, Result
from huefill.tasks.inpainting.fill import fill_selection


@dataclass(frozen=True)
class Request:
    """``image`` H W C (1 gray, 2 gray + alpha, 3 RGB, 4 RGBA; uint8, uint16, float32); ``mask`` H W uint8, 0 = keep, 255 = remove.

    ``points`` hints inside the hole; ``engine`` "auto", "patch" or the name of an installed network; ``preset`` of the internal colorizer;
    ``rim`` pixels to grow the selection by and ``band`` pixels to blend over (None: by the selection's size);
    ``transfer`` "srgb" (encoded values) or "linear".
    """

    VERSION: ClassVar[int] = 1
    image: Array
    mask: Array
    points: tuple[ColorPoint, ...] = ()
    engine: str = "auto"
    preset: str = "fast"
    seed: int = 0
    rim: int | None = None
    band: int | None = None
    transfer: str = "srgb"


def run(request: Request, context: Context) -> Result:
    """A layer that covers the selection, grown by the rim, and blends out over the band; raises `HuefillError` with a sentence."""
    checks.check_image(request.image)
    checks.check_mask(request.mask, request.image)
    selection = Box.around(request.mask > 0)
    longest = max(selection.width, selection.height)
    rim = default_rim(longest) if request.rim is None else request.rim
    band = default_band(longest) if request.band is None else request.band
    return fill_selection("remove_object", request, request.mask, rim, band, context)
