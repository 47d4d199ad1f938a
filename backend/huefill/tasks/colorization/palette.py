"""Suggested colors: the likeliest ones for a pixel, given what else is known (Zhang et al. 2017, section 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from huefill.errors import HuefillError
from huefill.imaging.pixels import Array
from huefill.tasks.colorization.coloring import Canvas, check_points, guidance_of
from huefill.tasks.contract import ColorPoint, Context, Result


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


def run(request: Request, context: Context) -> Result:
    """A strip of swatches, 1 ``count`` 3 uint8, likeliest first; the recipe's "palette" lists rgb, probability and ab of each."""
    if not 1 <= request.count <= 64:
        raise HuefillError("bad_request", f"{request.count} colors cannot be suggested.", "Ask for 1 to 64.")
    with context.progress.timed("luminance"):
        canvas = Canvas(request.image, request.transfer, request.model, context.device)
    check_points([ColorPoint(request.x, request.y, (0, 0, 0))], canvas.shape)
    guidance = guidance_of(canvas, request.points, request.hints, None, None)
    with context.progress.timed("network"):
        _, probability = canvas.chroma(guidance, context.progress, (request.x, request.y))
    palette = canvas.palette(probability, (request.x, request.y), request.count)
    context.progress.report("finishing", 1.0)
    recipe = {"task": "palette", "at": [request.x, request.y], "palette": palette, "model": canvas.model.card.name, "regions": []}
    strip = np.array([[item["rgb"] for item in palette]], np.uint8)
    return Result(strip, np.ones((1, len(palette)), np.float32), (0, 0), recipe, dict(context.progress.seconds))
