"""Colorize with Points while a person works: the photo is looked at once, then every change of a hint costs one run of the network."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.imaging.pixels import Array
from huefill.runtime.progress import Progress
from huefill.tasks.colorization.coloring import Canvas, Guidance, guidance_of, networks, strokes_of
from huefill.tasks.colorization.colorize import Request
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
        self._canvas = Canvas(request.image, request.transfer, request.model, device)
        self._strokes = strokes_of(self._canvas, request.hints)
        self.models = networks()

    @property
    def bytes(self) -> int:
        return self._canvas.bytes + (0 if self._strokes is None else self._strokes.ab.nbytes + self._strokes.mask.nbytes)

    @property
    def shape(self) -> tuple[int, int]:
        return self._canvas.shape

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
        guidance = self._guidance(points, hints, reference, saturation)
        ab, probability = self._canvas.chroma(guidance, progress, palette_at)
        network = time.perf_counter()
        image = self._canvas.picture(ab, guidance, longest)
        palette = None if palette_at is None else self._canvas.palette(probability, palette_at, 9)
        seconds = {"network": round(network - begin, 4), "picture": round(time.perf_counter() - network, 4)}
        return Preview(image, palette, self._canvas.out_of_gamut(points), seconds)

    def _guidance(self, points: Sequence[ColorPoint], hints: Array | None, reference: Array | None, saturation: float | None) -> Guidance:
        said = guidance_of(self._canvas, points, hints, reference, saturation)
        return said if hints is not None else replace(said, strokes=self._strokes)


def open_live(request: Request, device: str) -> Live:
    """Look at the photo of ``request``; raises `HuefillError` as `huefill.tasks.colorization.colorize.run` does."""
    return Live(request, device)
