"""Colorize: a photo gets colors that a network finds likely, and those that a person demands (Zhang et al. 2017)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

from huefill.imaging.pixels import Array
from huefill.runtime.devices import choose_device
from huefill.runtime.forecast import Work
from huefill.runtime.memory import require_memory
from huefill.tasks import checks
from huefill.tasks.colorization import cautions
from huefill.tasks.colorization.colorizers.protocol import Chroma, Colorizer
from huefill.tasks.colorization.guidance import Guidance, Painted, Reference
from huefill.tasks.colorization.methods import colorizer_for
from huefill.tasks.colorization.prepared_photo import PreparedPhoto
from huefill.tasks.contract import ColorPoint, Context, Layer, Result

_NETWORK = 0.3  # of the work, as the progress bar counts it


@dataclass(frozen=True)
class Request:
    """``image`` H W C (gray or RGB, with or without alpha; uint8, uint16, float32): its luminance stays, its colors do not count.

    ``points`` and ``hints`` say colors: the latter is a layer H W 4 of the image's dtype and encoding whose opaque pixels are hints (dots
    and strokes of a brush). ``reference`` h w 3 or 4 uint8 sRGB, of any size, and ``saturation`` in [0, 1] guide the whole picture;
    ``match`` is how the reference's colors are used: "auto", "likeness" or "histogram".
    ``model`` the name of a network that colors, or "auto"; ``transfer`` "srgb" or "linear". A photo that has colors already is warned of
    where the task `WANTS_GRAY` ones.
    ``method`` "hints", "anchors" or "auto". With anchors, the network proposes a few places whose colors decide all others, by ``seed``,
    or, where the photo is ``anchored``, those points whose kind is "anchor" are all that there are (else they do not count).
    ``variants`` 1 to 9: so many pictures that differ. ``strength`` 0 to 1.5: all chroma is multiplied by it; at 1 points are exact.
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
    method: str = "auto"
    seed: int = 0
    variants: int = 1
    anchored: bool = False
    strength: float = 1.0
    match: str = "auto"

    @classmethod
    def require(cls, guidance: Guidance) -> None:
        """Raise `HuefillError` where the task needs more guidance than this; nothing is needed to colorize."""


def run(request: Request, context: Context) -> Result:
    """An RGB layer of the image's size and luminance, also for a gray image; raises `HuefillError` for what cannot be done."""
    progress = context.progress
    progress.report("reading the photo's luminance", 0.0)
    checks.check_strength(request.strength)
    with progress.timed("luminance"):
        photo = PreparedPhoto(request.image, request.transfer)
        guidance = Guidance(
            tuple(request.points),
            None if request.hints is None else Painted.of(request.hints, photo.shape, photo.encoding),
            None if request.reference is None else Reference.of(request.reference),
            request.saturation,
            request.anchored,
            request.seed,
            match=request.match,
        )
        colorizer, guidance = colorizer_for(guidance, request.model, request.method, context.device, request.variants)
    if request.WANTS_GRAY:
        progress.warn(cautions.of_photo(request.image, request.transfer))
    return color(photo, colorizer, guidance, context, type(request), request.strength, request.variants)


def color(
    photo: PreparedPhoto,
    colorizer: Colorizer[Any],
    guidance: Guidance,
    context: Context,
    kind: type[Request],
    strength: float,
    variants: int = 1,
) -> Result:
    """The layer for a prepared photo under ``guidance``, as the task of the requests of this ``kind`` makes it; of further ``variants``
    each its own."""
    guidance.check(photo.shape)
    kind.require(guidance)
    progress, pixels_of_photo = context.progress, photo.shape[0] * photo.shape[1]
    if variants > 1:
        needed = variants * pixels_of_photo * 4 * photo.encoding.dtype.itemsize
        require_memory(needed, f"{variants} pictures of {photo.shape[1]} x {photo.shape[0]} pixels", "Ask for fewer variants.")
    kind_of_device = choose_device(context.device).kind
    works = [Work("network", 1, (colorizer.name, kind_of_device)), Work("paint", pixels_of_photo)]
    progress.expect(works * variants)
    made: list[Layer] = []
    chromas: list[Chroma] = []
    for variant in range(variants):
        part, asked = progress.part(variant / variants, (variant + 1) / variants), replace(guidance, variant=variant)
        with progress.timed("network"):
            chromas.append(photo.chroma(colorizer, asked, check=progress.check))
        with progress.timed("paint"):
            made.append(Layer(photo.paint(chromas[-1], asked, part.part(_NETWORK, 1.0), strength)))
    progress.report("finishing", 1.0)
    chroma, *others = chromas
    pictures = {"hints": guidance.painted, "reference": guidance.reference}
    recipe = {
        "task": kind.TASK,
        "request": {
            "version": kind.VERSION,
            "points": [asdict(point) for point in guidance.points],
            "saturation": guidance.saturation,
            "model": colorizer.name,
            "transfer": photo.transfer,
            "method": colorizer.method,
            "seed": guidance.seed,
            "variants": variants,
            "anchored": guidance.anchored,
            "strength": strength,
            "match": guidance.match,
        },
        "pictures": {name: {"sha256": picture.sha256} for name, picture in pictures.items() if picture is not None},
        "networks": colorizer.record,
        "image_size": [photo.shape[1], photo.shape[0]],
        "network_size": [chroma.ab.shape[1], chroma.ab.shape[0]],
        "hint_pixels": 0 if guidance.strokes is None else len(guidance.strokes.ab),
        "reference": guidance.reference is not None,
        # As it was used: what was asked for ("auto") is the request's.
        "matched": chroma.matched,
        "anchors": [anchor.to_json() for anchor in chroma.anchors],
        "variants": [{"anchors": [anchor.to_json() for anchor in other.anchors]} for other in others],
        "out_of_gamut": photo.out_of_gamut(guidance.points, strength),
        "device": context.device,
        "regions": [],
    }
    variants_made = tuple((layer,) for layer in made[1:])
    return Result((made[0],), recipe, progress.stages(), variants_made, tuple(progress.warnings))
