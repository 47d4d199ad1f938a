"""Colorize: a photo gets colors that a network finds likely, and those that a person demands (Zhang et al. 2017)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from huefill.imaging.pixels import Array
from huefill.runtime.devices import choose_device
from huefill.runtime.forecast import Work
from huefill.tasks.colorization import cautions
from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.colorization.colorizers.protocol import Colorizer
from huefill.tasks.colorization.guidance import Guidance, Painted, Reference
from huefill.tasks.colorization.prepared_photo import PreparedPhoto
from huefill.tasks.contract import ColorPoint, Context, Layer, Result

_NETWORK = 0.3  # of the work, as the progress bar counts it


@dataclass(frozen=True)
class Request:
    """``image`` H W C (gray or RGB, with or without alpha; uint8, uint16, float32): its luminance stays, its colors do not count.

    ``points`` and ``hints`` say colors: the latter is a layer H W 4 of the image's dtype and encoding whose opaque pixels are hints (dots
    and strokes of a brush). ``reference`` h w 3 or 4 uint8 sRGB, of any size, and ``saturation`` in [0, 1] guide the whole picture.
    ``model`` the name of a network that colors, or "auto"; ``transfer`` "srgb" or "linear". A photo that has colors already is warned of
    where the task `WANTS_GRAY` ones.
    """

    VERSION: ClassVar[int] = 1
    TASK: ClassVar[str] = "colorize"
    WANTS_GRAY: ClassVar[bool] = True
    image: Array
    points: tuple[ColorPoint, ...] = ()
    hints: Array | None = None
    reference: Array | None = None
    saturation: float | None = None
    model: str = "auto"
    transfer: str = "srgb"

    @classmethod
    def require(cls, guidance: Guidance) -> None:
        """Raise `HuefillError` where the task needs more guidance than this; nothing is needed to colorize."""


def run(request: Request, context: Context) -> Result:
    """An RGB layer of the image's size and luminance, also for a gray image; raises `HuefillError` for what cannot be done."""
    progress = context.progress
    progress.report("reading the photo's luminance", 0.0)
    with progress.timed("luminance"):
        photo = PreparedPhoto(request.image, request.transfer)
        guidance = Guidance(
            tuple(request.points),
            None if request.hints is None else Painted.of(request.hints, photo.shape, photo.encoding),
            None if request.reference is None else Reference.of(request.reference),
            request.saturation,
        )
        colorizer = registry.choose(request.model, context.device)
    if request.WANTS_GRAY:
        progress.warn(cautions.of_photo(request.image, request.transfer))
    return color(photo, colorizer, guidance, context, type(request))


def color(photo: PreparedPhoto, colorizer: Colorizer[Any], guidance: Guidance, context: Context, kind: type[Request]) -> Result:
    """The layer for a prepared photo under ``guidance``, as the task of the requests of this ``kind`` makes it."""
    guidance.check(photo.shape)
    kind.require(guidance)
    progress, pixels_of_photo = context.progress, photo.shape[0] * photo.shape[1]
    kind_of_device = choose_device(context.device).kind
    progress.expect([Work("network", 1, (colorizer.name, kind_of_device)), Work("paint", pixels_of_photo)])
    with progress.timed("network"):
        chroma = photo.chroma(colorizer, guidance, check=progress.check)
    with progress.timed("paint"):
        pixels = photo.paint(chroma, guidance, progress.part(_NETWORK, 1.0))
    progress.report("finishing", 1.0)
    pictures = {"hints": guidance.painted, "reference": guidance.reference}
    recipe = {
        "task": kind.TASK,
        "request": {
            "version": kind.VERSION,
            "points": [asdict(point) for point in guidance.points],
            "saturation": guidance.saturation,
            "model": colorizer.name,
            "transfer": photo.transfer,
        },
        "pictures": {name: {"sha256": picture.sha256} for name, picture in pictures.items() if picture is not None},
        "networks": colorizer.record,
        "image_size": [photo.shape[1], photo.shape[0]],
        "network_size": [chroma.ab.shape[1], chroma.ab.shape[0]],
        "hint_pixels": 0 if guidance.strokes is None else len(guidance.strokes.ab),
        "reference": guidance.reference is not None,
        "out_of_gamut": photo.out_of_gamut(guidance.points),
        "device": context.device,
        "regions": [],
    }
    return Result((Layer(pixels),), recipe, progress.stages(), warnings=tuple(progress.warnings))
