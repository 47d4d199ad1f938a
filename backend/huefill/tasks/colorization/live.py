"""Colorization while a person works: the photo is prepared once, then every change of a hint costs one run of the network."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.imaging.pixels import Array
from huefill.runtime.progress import Progress
from huefill.tasks.colorization.colorize import Request
from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.colorization.guidance import Guidance, Painted, Reference
from huefill.tasks.colorization.prepared_photo import PreparedPhoto
from huefill.tasks.colorization.suggestions import suggested_colors
from huefill.tasks.contract import ColorPoint


@dataclass(frozen=True)
class Preview:
    """``image`` h w 3 uint8 sRGB at screen resolution; ``palette`` as in `palette`; ``out_of_gamut`` indices of points."""

    image: npt.NDArray[np.uint8]
    palette: list[dict[str, Any]] | None
    out_of_gamut: list[int]
    seconds: dict[str, float]


class Live:
    """An open photo. ``bytes`` is what it holds in memory, ``shape`` the photo's height and width, ``models`` the networks there are.

    A hint layer that came with the photo counts for every preview that brings none of its own.
    """

    def __init__(self, request: Request, device: str) -> None:
        self._photo = PreparedPhoto(request.image, request.transfer)
        self._colorizer = registry.choose(request.model, device)
        self._painted = None if request.hints is None else Painted.of(request.hints, self._photo.shape, self._photo.encoding)
        self.models = [card.name for card in registry.cards()]

    @property
    def bytes(self) -> int:
        return self._photo.bytes + (self._painted.bytes if self._painted else 0)

    @property
    def shape(self) -> tuple[int, int]:
        return self._photo.shape

    def preview(
        self,
        points: Sequence[ColorPoint] = (),
        *,
        hints: Array | None = None,
        saturation: float | None = None,
        reference: Array | None = None,
        palette_at: tuple[float, float] | None = None,
        longest: int = 1024,
        progress: Progress | None = None,
    ) -> Preview:
        """The photo under these hints, at most ``longest`` pixels on a side, and the likeliest colors of the pixel ``palette_at``."""
        begin = time.perf_counter()
        photo = self._photo
        painted = self._painted if hints is None else Painted.of(hints, photo.shape, photo.encoding)
        guidance = Guidance(tuple(points), painted, None if reference is None else Reference.of(reference), saturation)
        guidance.check(photo.shape)
        chroma = photo.chroma(self._colorizer, guidance, palette_at, progress.check if progress else None)
        network = time.perf_counter()
        image = photo.preview(chroma, guidance, longest)
        palette = None
        if palette_at is not None and chroma.suggestions is not None:
            palette = suggested_colors(chroma.suggestions, photo.lightness_at(*palette_at), 9)
        seconds = {"network": round(network - begin, 4), "picture": round(time.perf_counter() - network, 4)}
        return Preview(image, palette, photo.out_of_gamut(points), seconds)


def open_live(request: Request, device: str) -> Live:
    """Prepare the photo of ``request``; raises `HuefillError` as `huefill.tasks.colorization.colorize.run` does."""
    return Live(request, device)
