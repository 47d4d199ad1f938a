"""Colorization while a person works: the photo is prepared once, then every change of a hint costs one run of the network."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from huefill.errors import Caution, HuefillError
from huefill.imaging.pixels import Array
from huefill.runtime.progress import Progress
from huefill.tasks import checks
from huefill.tasks.colorization import cautions
from huefill.tasks.colorization.colorize import Request, color
from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.colorization.colorizers.protocol import Colorizer
from huefill.tasks.colorization.guidance import Guidance, Painted, Reference, check_place
from huefill.tasks.colorization.methods import colorizer_for
from huefill.tasks.colorization.pictures import Picture, Pictures
from huefill.tasks.colorization.prepared_photo import PreparedPhoto
from huefill.tasks.colorization.suggestions import suggested_colors
from huefill.tasks.contract import ColorPoint, Context, Result
from huefill.tasks.live import Preview

_SUGGESTIONS = 9
_SMALLEST, _LARGEST = 16, 4096


@dataclass(frozen=True)
class Hints:
    """All that is said of the colors at one moment.

    ``points``, ``saturation``, ``method``, ``seed``, ``anchored``, ``strength`` and ``match`` as in `colorize.Request`; ``painted`` and
    ``reference`` name pictures that were sent (`Pictures.add`).
    The others say what is shown and do not count for `Live.apply`: ``palette_at`` a pixel (x, y) for which colors are to be suggested;
    ``longest`` pixels on the longer side of the preview; ``variants`` 0 to 9, so many pictures to choose from; ``confidence`` a map of how
    sure the network is.
    """

    VERSION: ClassVar[int] = 1
    points: tuple[ColorPoint, ...] = ()
    saturation: float | None = None
    painted: str | None = None
    reference: str | None = None
    palette_at: tuple[float, float] | None = None
    longest: int = 1024
    method: str = "auto"
    seed: int = 0
    anchored: bool = False
    strength: float = 1.0
    match: str = "auto"
    variants: int = 0
    confidence: bool = False


class Live:
    """An open photo, as `huefill.tasks.live.LivePhoto`."""

    hints_kind, picture_kind = Hints, Picture

    def __init__(self, request: Request, device: str) -> None:
        """Prepare the photo of ``request``, which holds no hints yet; raises `HuefillError` as `colorize.run` does."""
        if request.points or request.hints is not None or request.reference is not None or request.saturation is not None:
            raise HuefillError("bad_request", "A photo that is worked at live is opened without hints.", "Send the hints afterwards.")
        self._kind, self._model, self._device = type(request), request.model, device
        self._photo = PreparedPhoto(request.image, request.transfer)
        self._first, _ = colorizer_for(Guidance(), request.model, request.method, device)
        self._warnings = cautions.of_photo(request.image, request.transfer) if request.WANTS_GRAY else []
        self._pictures = Pictures(self._photo.shape, self._photo.encoding)

    @property
    def bytes(self) -> int:
        return self._photo.bytes + self._pictures.bytes

    @property
    def facts(self) -> dict[str, Any]:
        """``size`` [height, width] of the photo; ``model`` the network that colors it while nothing is said; ``models`` all that a request
        may name; ``methods`` those for which one of them is there; ``warnings`` what a person should know of the photo."""
        return {
            "size": list(self._photo.shape),
            "model": self._first.name,
            "models": [card.name for card in registry.cards()],
            "methods": registry.methods(),
            "warnings": [warning.to_wire() for warning in self._warnings],
        }

    def add_picture(self, picture: Picture) -> str:
        return self._pictures.add(picture)

    def preview(self, hints: Hints, progress: Progress) -> Preview:
        """Tensor ``preview`` h w 3 uint8 sRGB; if asked for, ``variants/0``, … of the same size, the first of them the preview itself, and
        ``confidence`` h w uint8, 255 where the network is sure, unless it does not know.

        Values: ``palette`` the likeliest colors of the pixel that was asked about (`suggested_colors`) or None, as if it had no point of
        its own, ``confidence`` in [0, 1] how sure the network is there, and ``warnings`` what a person should know of that; ``anchors``
        those that decided the colors (`Anchor.to_json`), ``variants`` the same of each variant, ``method`` and ``model`` that colored,
        ``out_of_gamut`` the indices of points whose color sRGB cannot show there, ``seconds`` of each stage.
        """
        if not _SMALLEST <= hints.longest <= _LARGEST:
            raise HuefillError("bad_request", f"The preview's size is not between {_SMALLEST} and {_LARGEST} pixels.")
        if hints.palette_at is not None:
            check_place(hints.palette_at, self._photo.shape)
        colorizer, guidance = self._said(hints, hints.variants or 1)
        at = hints.palette_at
        begin = time.perf_counter()
        chroma = self._photo.known_chroma(colorizer, guidance, at, progress.check)
        likely = chroma.suggestions
        if at is not None and (others := guidance.without_point_at(at)) is not guidance:
            likely = self._photo.suggestions(colorizer, others, at, progress.check)
        variants = [chroma][: hints.variants]
        for number in range(1, hints.variants):
            variants.append(self._photo.known_chroma(colorizer, replace(guidance, variant=number), None, progress.check))
        network = time.perf_counter()
        image = self._photo.preview(chroma, guidance, hints.longest, hints.strength)
        tensors: dict[str, Array] = {"preview": image}
        for number, variant in enumerate(variants):
            shown = self._photo.preview(variant, guidance, hints.longest, hints.strength) if number else image
            tensors[f"variants/{number}"] = shown
            progress.check()
        if hints.confidence and (known := self._photo.confidence(colorizer, guidance, hints.longest, progress.check)) is not None:
            tensors["confidence"] = known
        palette, warnings = None, list[Caution]()
        if at is not None and likely is not None:
            lightness = self._photo.lightness_at(*at)
            palette, warnings = suggested_colors(likely, lightness, _SUGGESTIONS), cautions.of_color(likely, lightness)
        values = {
            "palette": palette,
            "confidence": None if likely is None else round(likely.confidence, 3),
            "warnings": [warning.to_wire() for warning in warnings],
            "method": colorizer.method,
            "model": colorizer.name,
            "anchors": [anchor.to_json() for anchor in chroma.anchors],
            "variants": [{"anchors": [anchor.to_json() for anchor in variant.anchors]} for variant in variants],
            "out_of_gamut": self._photo.out_of_gamut(guidance.points, hints.strength),
            "seconds": {"network": round(network - begin, 4), "picture": round(time.perf_counter() - network, 4)},
        }
        return Preview(tensors, values)

    def apply(self, hints: Hints) -> Callable[[Context], Result]:
        """The job, which makes the very pixels and the recipe of the task itself from the photo that is prepared already."""
        (colorizer, guidance), photo, kind = self._said(hints), self._photo, self._kind
        kind.require(guidance)

        def work(context: Context) -> Result:
            context.progress.warn(self._warnings)
            return color(photo, colorizer, guidance, context, kind, hints.strength)

        return work

    def _said(self, hints: Hints, variants: int = 1) -> tuple[Colorizer[Any], Guidance]:
        """Who colors, and under which guidance; raises `HuefillError` for hints that cannot be followed."""
        checks.check_strength(hints.strength)
        painted, reference = self._pictures.find(hints.painted, Painted), self._pictures.find(hints.reference, Reference)
        guidance = Guidance(hints.points, painted, reference, hints.saturation, hints.anchored, hints.seed, match=hints.match)
        guidance.check(self._photo.shape)
        return colorizer_for(guidance, self._model, hints.method, self._device, variants)


def open_live(request: Request, device: str) -> Live:
    """See `Live`."""
    return Live(request, device)
