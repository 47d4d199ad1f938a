"""``huefill remove``, ``recolor`` and ``extend``: what a mask shows, or what is transparent, gets structure and color from the photo."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np

from huefill.commands.companions import Companion
from huefill.commands.options import DEVICE, JSON, OUTPUTS, PATH, POINTS, SEED, together
from huefill.commands.photo import Job, run_job
from huefill.commands.points import read_points
from huefill.errors import HuefillError
from huefill.files import Photo, read_mask, read_photo
from huefill.files.photo import LARGEST, Array
from huefill.runtime.memory import require_memory
from huefill_protocol import choices

MASK = click.option(
    "--mask",
    type=PATH,
    help="A picture of the photo's size: what is white is changed. Or a folder of masks named like the photos; without this option, the "
    "file PHOTO_mask.png beside each photo.",
)
_ENGINE = click.option("--engine", default="auto", show_default=True, help="What draws the structure: auto, patch, or a network's name.")
_PRESET = click.option(
    "--preset", type=click.Choice(choices.values(choices.PRESETS)), default="fast", show_default=True, help="How color is restored."
)
_COMMON = together(_PRESET, POINTS, DEVICE, SEED, JSON)
_CANVAS = click.IntRange(0, 32768)


@click.command()
@OUTPUTS
@MASK
@_ENGINE
@click.option(
    "--grow", type=click.Choice(choices.values(choices.GROWTHS)), default="auto", show_default=True, help="How the mask is grown first."
)
@click.option("--rim", type=click.IntRange(0, 500), help="Grow the mask by this many pixels (default: by the thickness of each part).")
@click.option("--band", type=click.IntRange(0, 500), help="Blend over this many pixels (default: by the thickness of each part).")
@_COMMON
def remove(mask: Path | None, **options: Any) -> None:
    """Remove what the mask shows, in a photo or in each of a folder: structure first, then its colors."""
    _run("remove_object", (masks(mask),), options)


@click.command()
@OUTPUTS
@MASK
@click.option("--gray", type=PATH, help="A finished gray picture whose light and dark is used in the mask. Or a folder of them.")
@_COMMON
def recolor(mask: Path | None, gray: Path | None, **options: Any) -> None:
    """Give the masked part new colors from the rest of the photo; its luminance stays. For a photo, or each of a folder."""
    _run("recolor_selection", (masks(mask), Companion("gray", gray, _one_channel)), options)


@click.command()
@OUTPUTS
@click.option("--left", type=_CANVAS, default=0, help="Add this many pixels of canvas on the left first.")
@click.option("--right", type=_CANVAS, default=0, help="The same on the right.")
@click.option("--top", type=_CANVAS, default=0, help="The same at the top.")
@click.option("--bottom", type=_CANVAS, default=0, help="The same at the bottom.")
@_ENGINE
@_COMMON
def extend(left: int, right: int, top: int, bottom: int, **options: Any) -> None:
    """Fill what is transparent, or canvas added on the sides, in a photo or in each of a folder."""
    _run("extend_canvas", (), options, margins=(top, bottom, left, right))


def masks(given: Path | None, needed: bool = True) -> Companion:
    return Companion("mask", given, lambda path, photo: read_mask(path), needed=needed, shared=True)


def _run(task: str, companions: tuple[Companion, ...], options: dict[str, Any], margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
    image, output, layer, as_json, device, points = (options.pop(n) for n in ("image", "output", "layer", "as_json", "device", "points"))
    spots = Companion("points", points, lambda path, photo: read_points(path), (".json",))
    prepare = partial(_with_margins, margins=margins)
    run_job(Job(task, device, options, (*companions, spots), prepare=prepare), image, output, layer, as_json)


def _with_margins(photo: Photo, margins: tuple[int, int, int, int]) -> Photo:
    """The photo on a larger canvas, transparent where it was not; ``margins`` top, bottom, left, right in pixels."""
    top, bottom, left, right = margins
    if not any(margins):
        return photo
    pixels = photo.pixels
    height, width = pixels.shape[0] + top + bottom, pixels.shape[1] + left + right
    if height * width > LARGEST:
        raise HuefillError(
            "too_large", f"The canvas would have {width} x {height} pixels, and {LARGEST // 10**6} million are the most.", "Add less."
        )
    require_memory(2 * height * width * 4 * pixels.itemsize, f"a canvas of {width} x {height} pixels", "Add less, or close other programs.")
    return replace(photo, pixels=np.pad(_with_alpha(pixels), ((top, bottom), (left, right), (0, 0))))


def _with_alpha(pixels: Array) -> Array:
    if pixels.shape[2] % 2 == 0:
        return pixels
    opaque = 1 if pixels.dtype == np.float32 else np.iinfo(pixels.dtype).max
    return np.concatenate([pixels, np.full((*pixels.shape[:2], 1), opaque, pixels.dtype)], axis=2)


def _one_channel(path: Path, photo: Photo) -> Array:
    """A gray file as H W in its own depth; of a color file its monochrome."""
    from huefill.imaging.color_spaces import monochrome

    pixels = read_photo(path).pixels
    if pixels.shape[2] < 3:
        return np.ascontiguousarray(pixels[..., 0])
    gray = monochrome(pixels[..., :3].astype(np.float32))
    return (np.rint(gray) if pixels.dtype.kind == "u" else gray).astype(pixels.dtype)
