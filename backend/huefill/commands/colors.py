"""``huefill colorize``, ``match`` and ``palette``: colors for gray photos, one at a time or a folder of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
import numpy as np
import numpy.typing as npt

from huefill.commands.folders import each_photo
from huefill.commands.points import place, read_points
from huefill.console import Clock, errors_are_sentences, print_json, progress_bar
from huefill.errors import HuefillError
from huefill.files import Photo, check_writable, is_linear, read_photo, write_photo
from huefill.runtime import devices
from huefill.runtime.progress import Progress
from huefill.tasks import registry
from huefill.tasks.contract import ColorPoint, Context, Result

F = TypeVar("F", bound=Callable[..., Any])
_PATH = click.Path(path_type=Path)
_IMAGE = click.argument("image", type=_PATH)


def _with(*options: Callable[[F], F]) -> Callable[[F], F]:
    """One decorator of several, in the order in which the help lists them."""

    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


_shared = _with(
    click.option("--points", type=_PATH, help='Color points: a JSON list of {"x", "y", "rgb", "radius"}.'),
    click.option("--hints", type=_PATH, help="A picture of the photo's size, transparent but for dots and strokes of color."),
    click.option("--model", default="auto", show_default=True, help="A hints network (see `huefill models list`)."),
    click.option("--device", type=click.Choice(devices.CHOICES), default="auto", show_default=True),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each photo."),
)
_photos = _with(
    _IMAGE,
    click.option("-o", "--output", type=_PATH, required=True, help="Where to write: a file, or a folder for a folder."),
    click.option("--reference", type=_PATH, help="A color photo whose colors guide the whole picture."),
    click.option("--saturation", type=float, help="How vivid, 0 to 1."),
    click.option("--layer", type=_PATH, help="Also write the result as a layer with transparency (one photo only)."),
    _shared,
)


@dataclass(frozen=True)
class _Guides:
    """What a command line says of the colors."""

    points: tuple[ColorPoint, ...]
    hints: Path | None
    reference: Path | None
    saturation: float | None
    model: str
    device: str


@click.command()
@_photos
def colorize(image: Path, output: Path, layer: Path | None, as_json: bool, **options: Any) -> None:
    """Color a gray photo, or every photo in a folder: without points as the network finds likely. The luminance stays."""
    with errors_are_sentences():
        _color("colorize", image, output, layer, as_json, _guides(options))


@click.command()
@_photos
def match(image: Path, output: Path, layer: Path | None, as_json: bool, **options: Any) -> None:
    """Give a photo, or every photo in a folder, the colors of a reference, or a saturation. The luminance stays."""
    with errors_are_sentences():
        _color("match_colors", image, output, layer, as_json, _guides(options))


@click.command()
@_IMAGE
@click.option("--at", required=True, help="The pixel: X,Y.")
@_shared
def palette(image: Path, at: str, as_json: bool, **options: Any) -> None:
    """The nine likeliest colors of a pixel, given the points."""
    with errors_are_sentences():
        x, y = place(at)
        guides = _guides({**options, "reference": None, "saturation": None})
        photo = read_photo(image)
        result = _run("palette", photo, guides, Progress(), x=x, y=y)
        if as_json:
            print_json({"input": str(image), "at": [x, y], "palette": result.recipe["palette"], "model": result.recipe["model"]})
            return
        for item in result.recipe["palette"]:
            red, green, blue = item["rgb"]
            click.echo(f"#{red:02x}{green:02x}{blue:02x}  {100 * item['probability']:5.1f} %")


def _guides(options: dict[str, Any]) -> _Guides:
    return _Guides(**{**options, "points": read_points(options["points"])})


def _color(task: str, image: Path, output: Path, layer: Path | None, as_json: bool, guides: _Guides) -> None:
    def one(source: Path, target: Path, progress: Progress) -> None:
        clock = Clock()
        check_writable(target)
        photo = read_photo(source)
        check_writable(target, photo.pixels)
        result = _run(task, photo, guides, progress)
        write_photo(target, Photo(_with_alpha(result.layers[0].image, photo.pixels), _icc(photo)))
        if layer is not None:
            write_photo(layer, Photo(_with_alpha(result.layers[0].image, photo.pixels, always=True), _icc(photo)))
        if as_json:
            size = [photo.pixels.shape[1], photo.pixels.shape[0]]
            record = {"task": task, "input": str(source), "output": str(target), "size": size, "stages": result.seconds}
            print_json({**record, "seconds": clock.seconds, "recipe": result.recipe})

    if image.is_dir():
        if layer is not None:
            raise HuefillError("bad_request", "A layer can be written for one photo, not for a folder.", "Leave --layer out.")
        each_photo(image, output, one, quiet=as_json)
        return
    clock = Clock()
    with progress_bar(quiet=as_json) as progress:
        one(image, output, progress)
    if not as_json:
        click.echo(f"{output}: done in {clock.seconds:.1f} s")


def _run(task: str, photo: Photo, guides: _Guides, progress: Progress, **more: Any) -> Result:
    kind, run = registry.load(task)
    values: dict[str, Any] = {"image": photo.pixels, "points": guides.points, "model": guides.model, **more}
    values["transfer"] = "linear" if is_linear(photo) else "srgb"
    if guides.hints is not None:
        values["hints"] = _hint_layer(guides.hints, photo)
    if guides.reference is not None:
        values["reference"] = _reference(guides.reference)
    if guides.saturation is not None:
        values["saturation"] = guides.saturation
    return run(kind(**values), Context(progress, guides.device))


def _hint_layer(path: Path, photo: Photo) -> npt.NDArray[Any]:
    pixels = read_photo(path).pixels
    if pixels.shape[2] != 4:
        raise HuefillError(
            "bad_hints", f"'{path}' has no transparency: all of it would be hints.", "Make all but the dots and strokes transparent."
        )
    return _deepened(pixels, photo.pixels.dtype)


def _reference(path: Path) -> npt.NDArray[np.uint8]:
    pixels = _deepened(read_photo(path).pixels, np.dtype(np.uint8))
    if pixels.shape[2] < 3:
        raise HuefillError("bad_reference", f"'{path}' is gray: it has no colors to take.", "Use a color photo.")
    return pixels


def _deepened(pixels: npt.NDArray[Any], depth: np.dtype[Any]) -> npt.NDArray[Any]:
    """Pixels of one depth in another."""
    if pixels.dtype == depth:
        return pixels
    scaled = np.clip(pixels.astype(np.float32) / _full_scale(pixels.dtype), 0, 1) * _full_scale(depth)
    return np.asarray(np.rint(scaled) if depth.kind == "u" else scaled, depth)


def _full_scale(depth: np.dtype[Any]) -> float:
    return float(np.iinfo(depth).max) if depth.kind == "u" else 1.0


def _with_alpha(rgb: npt.NDArray[Any], photo: npt.NDArray[Any], *, always: bool = False) -> npt.NDArray[Any]:
    """The photo's own alpha beside the new colors; a full one where it has none and one is wanted ``always``."""
    if photo.shape[2] % 2 == 0:
        return np.concatenate([rgb, photo[..., -1:]], axis=2)
    if not always:
        return rgb
    return np.concatenate([rgb, np.full((*rgb.shape[:2], 1), _full_scale(rgb.dtype), rgb.dtype)], axis=2)


def _icc(photo: Photo) -> bytes | None:
    """The photo's profile; that of a gray photo does not fit the colors it got."""
    return photo.icc if photo.pixels.shape[2] >= 3 else None
