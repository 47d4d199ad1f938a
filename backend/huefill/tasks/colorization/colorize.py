"""Colorize with Points: a photo gets colors that the network finds likely, and those that hints demand (Zhang et al. 2017)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np

from huefill.imaging.pixels import Array
from huefill.tasks.colorization.coloring import Canvas, Guidance, guidance_of
from huefill.tasks.contract import ColorPoint, Context, Result

_NETWORK = 0.3  # of the work, as the progress bar counts it


@dataclass(frozen=True)
class Request:
    """``image`` H W C (gray or RGB, with or without alpha; uint8, uint16, float32): its luminance stays, its colors are not looked at.

    ``points`` and ``hints`` say colors: the latter is a layer H W 4 of the image's dtype and encoding whose opaque pixels are hints (dots
    and strokes of a brush). ``reference`` h w 3 or 4 uint8 sRGB, of any size, and ``saturation`` in [0, 1] guide the whole picture.
    ``model`` a hints network's name or "auto"; ``transfer`` "srgb" or "linear".
    """

    VERSION: ClassVar[int] = 1
    image: Array
    points: tuple[ColorPoint, ...] = ()
    hints: Array | None = None
    reference: Array | None = None
    saturation: float | None = None
    model: str = "auto"
    transfer: str = "srgb"


def run(request: Request, context: Context) -> Result:
    """An RGB layer of the image's size and luminance, also for a gray image; raises `HuefillError` for what cannot be done."""
    progress = context.progress
    progress.report("looking at the photo", 0.0)
    with progress.timed("luminance"):
        canvas = Canvas(request.image, request.transfer, request.model, context.device)
    guidance = guidance_of(canvas, request.points, request.hints, request.reference, request.saturation)
    return colored(canvas, guidance, context, "colorize", request)


def colored(canvas: Canvas, guidance: Guidance, context: Context, task: str, request: Any) -> Result:
    """The layer for a canvas under ``guidance``, and the recipe of ``request``."""
    progress = context.progress
    with progress.timed("network"):
        ab, _ = canvas.chroma(guidance, progress.part(0.0, _NETWORK))
    with progress.timed("paint"):
        pixels = canvas.paint(ab, guidance, progress.part(_NETWORK, 1.0))
    progress.report("finishing", 1.0)
    recipe = {
        "task": task,
        "request": {
            "version": request.VERSION,
            "points": [asdict(point) for point in guidance.points],
            "saturation": guidance.saturation,
            "model": canvas.model.card.name,
            "transfer": request.transfer,
        },
        "image_size": [canvas.shape[1], canvas.shape[0]],
        "network_size": [canvas.small.shape[1], canvas.small.shape[0]],
        "hint_pixels": 0 if guidance.strokes is None else int(guidance.strokes.mask.sum()),
        "reference": guidance.histogram is not None,
        "out_of_gamut": canvas.out_of_gamut(guidance.points),
        "device": context.device,
        "regions": [],
    }
    seconds = {name: round(spent, 4) for name, spent in progress.seconds.items()}
    return Result(pixels, np.ascontiguousarray(canvas.alpha), (0, 0), recipe, seconds)
