"""Suggested colors: the likeliest ones for a pixel, given what else is known (Zhang et al. 2017, section 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from huefill.errors import HuefillError
from huefill.imaging.pixels import Array
from huefill.tasks.colorization import cautions
from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.colorization.guidance import Guidance, Painted, check_place
from huefill.tasks.colorization.methods import colorizer_for
from huefill.tasks.colorization.prepared_photo import PreparedPhoto
from huefill.tasks.colorization.suggestions import suggested_colors
from huefill.tasks.contract import ColorPoint, Context, Layer, Result
from huefill_protocol.choices import HINTS


@dataclass(frozen=True)
class Request:
    """The pixel ``x``, ``y`` of ``image``, and how many colors; the other fields as in `huefill.tasks.colorization.colorize.Request`."""

    VERSION: ClassVar[int] = 1
    image: Array
    x: float
    y: float
    points: tuple[ColorPoint, ...] = ()
    hints: Array | None = None
    count: int = 9
    model: str = "auto"
    transfer: str = "srgb"
    method: str = "auto"


def run(request: Request, context: Context) -> Result:
    """A strip of swatches, 1 N 4 uint8 (RGBA), N at most ``count``; the recipe's "palette" is what `suggested_colors` gives."""
    if not 1 <= request.count <= 64:
        raise HuefillError("bad_request", f"{request.count} colors cannot be suggested.", "Ask for 1 to 64.")
    with context.progress.timed("luminance"):
        photo = PreparedPhoto(request.image, request.transfer)
    check_place((request.x, request.y), photo.shape)
    painted = None if request.hints is None else Painted.of(request.hints, photo.shape, photo.encoding)
    guidance = Guidance(tuple(request.points), painted)
    guidance.check(photo.shape)
    guidance = guidance.without_point_at((request.x, request.y))
    # A network of hints says what is likely on the finer grid.
    method = HINTS if request.model == request.method == "auto" and registry.cards(HINTS) else request.method
    colorizer, guidance = colorizer_for(guidance, request.model, method, context.device)
    with context.progress.timed("network"):
        likely = photo.suggestions(colorizer, guidance, (request.x, request.y), context.progress.check)
    if likely is None:
        raise HuefillError("no_suggestions", f"The network '{colorizer.name}' suggests no colors.", "Choose another network, or 'auto'.")
    lightness = photo.lightness_at(request.x, request.y)
    palette = suggested_colors(likely, lightness, request.count)
    context.progress.report("finishing", 1.0)
    recipe = {
        "task": "palette",
        "at": [request.x, request.y],
        "palette": palette,
        "confidence": round(likely.confidence, 3),
        "method": colorizer.method,
        "model": colorizer.name,
        "networks": colorizer.record,
        "regions": [],
    }
    strip = np.array([[item["rgb"] for item in palette]], np.uint8)
    swatches = Layer.of(strip, np.ones(strip.shape[:2], np.float32))
    context.progress.warn(cautions.of_color(likely, lightness))
    return Result((swatches,), recipe, context.progress.stages(), warnings=tuple(context.progress.warnings))
