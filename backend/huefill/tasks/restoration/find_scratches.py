"""Find Scratches: a selection of the scratches, cracks, hairs and dust on a scan. Nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from huefill.imaging.pixels import Array
from huefill.imaging.scratches import default_width
from huefill.tasks import checks
from huefill.tasks.contract import Context, Result
from huefill.tasks.restoration import damage
from huefill_protocol.choices import BOTH


@dataclass(frozen=True)
class Request:
    """``image`` H W C (gray or RGB, with or without alpha; uint8, uint16, float32); ``sensitivity`` 0 to 1; ``width`` the widest damage in
    pixels, 0 for what suits the scan's size; ``kinds`` "both", "bright" or "dark"; ``transfer`` "srgb" or "linear"."""

    VERSION: ClassVar[int] = 1
    image: Array
    sensitivity: float = 0.5
    width: int = 0
    kinds: str = BOTH
    transfer: str = "srgb"


def run(request: Request, context: Context) -> Result:
    """A selection of the image's size; empty, with a warning, where there is none. Raises `HuefillError` for what cannot be searched."""
    checks.check_image(request.image)
    checks.check_choice("transfer", request.transfer, checks.TRANSFERS)
    damage.check(request.sensitivity, request.width, request.kinds)
    progress = context.progress
    progress.report("looking for scratches and dust", 0.0)
    mask = damage.found(request.image, request.transfer, request.sensitivity, request.width, request.kinds, progress)
    height, width = mask.shape
    recipe = {
        "task": "find_scratches",
        "request": {
            "version": request.VERSION,
            "sensitivity": request.sensitivity,
            "width": request.width or default_width(mask.shape),
            "kinds": request.kinds,
            "transfer": request.transfer,
        },
        "image_size": [width, height],
        "selected_pixels": int((mask > 0).sum()),
        "networks": [],
    }
    return Result((), recipe, progress.stages(), warnings=tuple(progress.warnings), selection=mask)
