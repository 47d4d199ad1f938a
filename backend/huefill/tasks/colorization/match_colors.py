"""Match Colors: a photo takes the colors of a reference, or a saturation (Zhang et al. 2017, section 3.2, the global hints)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from huefill.errors import HuefillError
from huefill.imaging.pixels import Array
from huefill.tasks.colorization.coloring import Canvas, guidance_of
from huefill.tasks.colorization.colorize import colored
from huefill.tasks.contract import ColorPoint, Context, Result


@dataclass(frozen=True)
class Request:
    """As `huefill.tasks.colorization.colorize.Request`; a ``reference`` or a ``saturation`` must be given, and points work with them."""

    VERSION: ClassVar[int] = 1
    image: Array
    reference: Array | None = None
    saturation: float | None = None
    points: tuple[ColorPoint, ...] = ()
    hints: Array | None = None
    model: str = "auto"
    transfer: str = "srgb"


def run(request: Request, context: Context) -> Result:
    """An RGB layer of the image's size and luminance; raises `HuefillError` for what cannot be done."""
    if request.reference is None and request.saturation is None:
        raise HuefillError("nothing_to_match", "Neither a reference nor a saturation is given.", "Choose a color photo, or a saturation.")
    context.progress.report("looking at the photo", 0.0)
    with context.progress.timed("luminance"):
        canvas = Canvas(request.image, request.transfer, request.model, context.device)
    guidance = guidance_of(canvas, request.points, request.hints, request.reference, request.saturation)
    return colored(canvas, guidance, context, "match_colors", request)
