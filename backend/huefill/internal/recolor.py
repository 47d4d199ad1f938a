"""The entrance of the internal colorizer: checks, hints, the preset, and the luminance that stays."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging import color_spaces as spaces
from huefill.imaging.hints import Point
from huefill.imaging.interruptible import import_interruptibly
from huefill.imaging.resample import resize, resize_known, working_shape
from huefill.imaging.strips import strips
from huefill.imaging.upsample import lift_chroma
from huefill.internal.presets import PRESETS, Ensemble, Pyramid
from huefill.runtime.progress import Progress

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# The stage in which they are loaded, and what only training needs.
LOADING = "libraries"
_LIBRARIES = ("torch", "scipy.spatial", "scipy.optimize", "scipy.sparse.linalg")


@dataclass(frozen=True)
class Recolored:
    """``rgb`` H W 3 float32 in [0, 1], the whole picture; ``iterations`` of training; ``seconds`` in all and for one iteration (of the
    finest level, where there are levels)."""

    rgb: Image
    preset: str
    iterations: int
    seconds: float
    seconds_per_iteration: float


def recolor(
    gray: Image,
    rgb: Image,
    hole: Mask,
    *,
    preset: str = "fast",
    points: Sequence[Point] = (),
    seed: int = 0,
    device: str = "cpu",
    progress: Progress | None = None,
    keep_luminance: bool = True,
) -> Recolored:
    """Give a hole the colors that the rest of the picture teaches (Wang et al. 2021, section 3.3).

    ``gray`` H W float32 in [0, 1], the complete monochrome (weights 0.30, 0.59, 0.11); ``rgb`` H W 3 float32 in [0, 1], not read inside
    ``hole`` (H W bool) but at the ``points``, which count as known. ``keep_luminance`` keeps ``gray`` as the result's monochrome; the
    presets "paper" and "published" can also give the RGB of the networks as it is. Raises `HuefillError` "nothing_known" when there is
    neither a known pixel nor a point, "bad_request" for an unknown preset, `Cancelled` when a stop was asked for.
    """
    if preset not in PRESETS:
        raise HuefillError("bad_request", f"There is no preset '{preset}'.", f"Choose one of {', '.join(PRESETS)}.")
    chosen, progress, begin = PRESETS[preset], progress or Progress(), time.perf_counter()
    hints = _hints(points, gray.shape)
    hinted = np.zeros(hole.shape, bool)
    colors = np.where(hole[..., None], gray[..., None], rgb).astype(np.float32)
    for where, color in hints:
        where = where & hole
        colors[where], hinted = color, hinted | where
    known = ~hole | hinted
    if not known.any():
        raise HuefillError("nothing_known", "There is no color outside the selection to learn from.", "Select less, or give color points.")
    iterations, pace = 0, 0.0
    if known.all():
        out = colors
    elif is_gray(colors, known):
        out = np.repeat(gray[..., None], 3, axis=2)
    elif isinstance(chosen, Pyramid):
        _load(progress)
        out, iterations, pace = _by_pyramid(gray, colors, ~known, chosen, seed, device, progress)
        if keep_luminance:
            out = spaces.into_gamut(spaces.from_chroma(gray, spaces.to_chroma(out)))
    else:
        _load(progress)
        chroma, iterations, pace = _by_ensemble(gray, colors, known, hinted, chosen, seed, device, progress)
        out = spaces.into_gamut(spaces.from_chroma(gray, chroma))
    for where, color in hints:
        here = where & hole
        exact = spaces.from_chroma(gray[here], np.broadcast_to(spaces.to_chroma(color), (int(here.sum()), 2)))
        out[here] = spaces.into_gamut(exact) if keep_luminance or isinstance(chosen, Ensemble) else color
    out = np.where(hole[..., None], np.clip(out, 0, 1), rgb).astype(np.float32)
    return Recolored(out, preset, iterations, time.perf_counter() - begin, pace)


def _load(progress: Progress) -> None:
    """What a first run in this process takes seconds for, as a stage of its own: later runs are not judged by it."""
    if all(name in sys.modules for name in _LIBRARIES):
        return
    with progress.timed(LOADING):
        import_interruptibly(_LIBRARIES, progress.check)


def is_gray(rgb: Image, known: Mask) -> bool:
    """Whether the known pixels have no color to speak of: a gray photo in an RGB document (tolerance: one 8-bit step and scan tint)."""
    for rows in strips(known.shape):
        chroma = np.abs(spaces.to_chroma(rgb[rows][known[rows]]))
        if chroma.size and float(chroma.max()) >= 1.5 / 255:
            return False
    return True


def _by_pyramid(gray: Image, colors: Image, hole: Mask, chosen: Pyramid, *rest: Any) -> tuple[Image, int, float]:
    from huefill.internal.pyramid import colorize

    return colorize(gray, colors, hole, chosen, *rest)


def _by_ensemble(
    gray: Image, colors: Image, known: Mask, hinted: Mask, chosen: Ensemble, seed: int, device: str, progress: Progress
) -> tuple[Image, int, float]:
    from huefill.internal.ensemble import colorize

    shape = working_shape(gray.shape, chosen.pixels)
    small_colors, small_known = resize_known(colors, known, shape)
    small_gray = resize(gray, shape)
    if not small_known.any():  # what is known is finer than the small picture
        small_known = resize(known.astype(np.float32), shape) > 0
    small_hinted = small_known & (resize(hinted.astype(np.float32), shape) > 0)
    chroma = spaces.to_chroma(small_colors)
    chroma, iterations, pace = colorize(small_gray, chroma, small_known, small_hinted, chosen, seed, device, progress)
    return lift_chroma(chroma, small_gray, gray), iterations, pace


def _hints(points: Sequence[Point], shape: tuple[int, ...]) -> list[tuple[Mask, Image]]:
    """For each point the pixels it covers (at least one) and its color in [0, 1]; points outside the picture cover none."""
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    hints = []
    for point in points:
        where = (rows - point.y) ** 2 + (columns - point.x) ** 2 <= max(point.radius, 0.0) ** 2
        y, x = round(point.y), round(point.x)
        if 0 <= y < shape[0] and 0 <= x < shape[1]:
            where[y, x] = True
        hints.append((where, np.asarray(np.asarray(point.rgb) / 255, np.float32)))
    return hints
