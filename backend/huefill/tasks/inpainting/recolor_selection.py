"""Repair Colors: new chroma in the selection from the colors around it, luminance untouched (Wang et al. 2021, section 3.3).

Cures color bleeding, also that of other tools' fills, and takes color points as further supervision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from huefill.errors import HuefillError
from huefill.imaging import color_spaces as spaces
from huefill.imaging.mask import blend_for
from huefill.imaging.pixels import Array, Encoding, coverage, split_alpha
from huefill.imaging.region import Box, with_context
from huefill.runtime.devices import choose_device
from huefill.runtime.memory import require_memory
from huefill.tasks import checks
from huefill.tasks.contract import ColorPoint, Context, Result
from huefill.tasks.inpainting import cautions, expected
from huefill.tasks.inpainting.fill import COLOR_PIXELS, Choice, needed, points_within, recipe_of, restore_color
from huefill.tasks.layer import layer

_BAND = 2


@dataclass(frozen=True)
class Request:
    """``image`` H W C (3 RGB, 4 RGBA; uint8, uint16, float32); ``mask`` H W uint8, 255 where color shall be made anew.

    ``gray`` H W uint8, uint16 or float32: a completed monochrome whose luminance is used inside the mask (None: the image's own).
    Other fields as in `huefill.tasks.inpainting.remove_object.Request`.
    """

    VERSION: ClassVar[int] = 1
    image: Array
    mask: Array
    gray: Array | None = None
    points: tuple[ColorPoint, ...] = ()
    preset: str = "fast"
    seed: int = 0
    transfer: str = "srgb"


def run(request: Request, context: Context) -> Result:
    """A layer with the selection's luminance and new chroma; raises `HuefillError` for a gray image or one without known colors."""
    checks.check_image(request.image)
    checks.check_mask(request.mask, request.image)
    checks.check_choice("preset", request.preset, checks.PRESETS)
    checks.check_seed(request.seed)
    checks.check_choice("transfer", request.transfer, checks.TRANSFERS)
    if request.image.shape[2] < 3:
        raise HuefillError("gray_image", "The image is gray: it has no colors to take.", "Convert the document to RGB first.")
    context.progress.warn(cautions.of_size(request.image, request.mask))
    area = with_context(Box.around(request.mask > 0), request.mask.shape)
    require_memory(needed(area, request.preset), f"recoloring {area.width} x {area.height} pixels")
    window = area.crop(request.image)
    blend = blend_for(np.ascontiguousarray(area.crop(request.mask)), 0, _BAND)
    colors, alpha = split_alpha(window)
    encoding = Encoding.of(colors, request.transfer == "linear")
    rgb = encoding.to_unit(colors)
    known = (coverage(alpha, blend.alpha.shape) > 0.5) & ~blend.hole
    points = points_within(request.points, area)
    if not known.any() and not points:
        raise HuefillError("nothing_known", "There is no color outside the selection to learn from.", "Select less, or give color points.")
    gray = spaces.monochrome(rgb)
    if request.gray is not None:
        gray[blend.core] = _monochrome_given(request.gray, request.image.shape, area)[blend.core]
    choice = Choice("", request.preset, request.seed, context.device)
    kind = choose_device(context.device).kind
    context.progress.expect(expected.of_color(area, request.preset, kind, COLOR_PIXELS))
    facts = restore_color(gray, rgb, known, blend.hole, choice, points, context.progress)
    recipe: dict[str, Any] = recipe_of("recolor_selection", request, area, blend, [facts])
    made = layer(window, rgb, blend, encoding, (area.x, area.y))
    return Result((made,), recipe, context.progress.stages(), warnings=tuple(context.progress.warnings))


def _monochrome_given(gray: Array, shape: tuple[int, ...], area: Box) -> Array:
    if gray.shape != shape[:2]:
        raise HuefillError(
            "gray_size",
            f"The monochrome is {gray.shape[-1]} x {gray.shape[0]} pixels, the image {shape[1]} x {shape[0]}.",
            "Use a monochrome of the image's own size.",
        )
    window = np.ascontiguousarray(area.crop(gray))[..., None]
    return Encoding.of(window, linear=False).to_unit(window)[..., 0]
