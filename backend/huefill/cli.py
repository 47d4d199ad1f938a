"""``huefill``: the same tasks from a shell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import numpy as np

from huefill import __version__
from huefill.commands.colors import colorize, match, palette
from huefill.commands.models import models
from huefill.commands.points import read_points
from huefill.console import Clock, errors_are_sentences, print_json, progress_bar
from huefill.files import Photo, check_writable, is_linear, read_mask, read_photo, write_photo
from huefill.runtime import devices
from huefill.tasks import checks
from huefill.tasks.contract import Context

F = TypeVar("F", bound=Callable[..., Any])
_PATH = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="huefill")
def main() -> None:
    """Color and clean removal for photographs, on this computer alone."""


for _command in (colorize, match, palette, models):
    main.add_command(_command)


def _common(command: F) -> F:
    """Options that every task on a photo has."""
    for option in reversed(
        [
            click.option(
                "-o", "--output", "output", type=_PATH, required=True, help="Where to write the result (.png, .tif, .jpg, .webp)."
            ),
            click.option("--preset", type=click.Choice(checks.PRESETS), default="fast", show_default=True, help="How color is restored."),
            click.option("--points", "points", type=_PATH, help='Color points: a JSON list of {"x", "y", "rgb", "radius"}.'),
            click.option("--device", type=click.Choice(devices.CHOICES), default="auto", show_default=True),
            click.option("--seed", type=int, default=0, show_default=True, help="Another number, another variant."),
            click.option("--json", "as_json", is_flag=True, help="Print one JSON object: times, engine, sizes, seed, memory."),
            click.option("--layer", "layer", type=_PATH, help="Also write the result alone, as a layer with transparency."),
        ]
    ):
        command = option(command)
    return command


_ENGINE = click.option(
    "--engine", type=click.Choice(checks.ENGINES), default="auto", show_default=True, help="What completes the structure."
)


@main.command()
@click.argument("image", type=_PATH)
@click.option("--mask", type=_PATH, required=True, help="White is removed; of the image's size.")
@_ENGINE
@click.option("--rim", type=click.IntRange(0, 500), help="Grow the mask by this many pixels (default: by its size).")
@click.option("--band", type=click.IntRange(0, 500), help="Blend over this many pixels (default: by the mask's size).")
@_common
def remove(image: Path, mask: Path, **options: Any) -> None:
    """Remove what the mask shows: structure first, then its colors."""
    with errors_are_sentences():
        _run("remove_object", image, {"mask": mask}, options)


@main.command()
@click.argument("image", type=_PATH)
@click.option("--mask", type=_PATH, required=True, help="White gets new color; of the image's size.")
@click.option("--gray", type=_PATH, help="A completed monochrome whose luminance is used in the mask.")
@_common
def recolor(image: Path, mask: Path, gray: Path | None, **options: Any) -> None:
    """Give the masked part new colors from the rest of the photo; its luminance stays."""
    with errors_are_sentences():
        _run("recolor_selection", image, {"mask": mask, "gray": gray}, options)


@main.command()
@click.argument("image", type=_PATH)
@click.option("--left", type=click.IntRange(0), default=0, help="Add this many pixels of canvas on this side first.")
@click.option("--right", type=click.IntRange(0), default=0, help="")
@click.option("--top", type=click.IntRange(0), default=0, help="")
@click.option("--bottom", type=click.IntRange(0), default=0, help="")
@_ENGINE
@_common
def extend(image: Path, left: int, right: int, top: int, bottom: int, **options: Any) -> None:
    """Fill what is transparent, or canvas added on the sides."""
    with errors_are_sentences():
        _run("extend_canvas", image, {"margins": (top, bottom, left, right)}, options)


@main.command()
@click.option("--endpoint", type=_PATH, help="Where to write the endpoint file (default: this user's own).")
@click.option("--keep/--linger", default=True, help="Stay when the last client has gone, or leave as a managed backend does.")
def serve(endpoint: Path | None, keep: bool) -> None:
    """Run the backend by hand: loopback only, for the editors of this user."""
    with errors_are_sentences():
        from huefill.server.serve import run

        run(endpoint=endpoint, managed=not keep)


def _run(task: str, image: Path, inputs: dict[str, Any], options: dict[str, Any]) -> None:
    from huefill.runtime.memory import peak_memory_mb
    from huefill.tasks import registry
    from huefill.tasks.layer import composite

    clock = Clock()
    output, layer_path, as_json, device = (options.pop(name) for name in ("output", "layer", "as_json", "device"))
    points = read_points(options.pop("points"))
    check_writable(output)
    photo = read_photo(image)
    check_writable(output, photo.pixels)
    opaque = photo.pixels.shape[2] % 2 == 1
    photo = _with_margins(photo, inputs.pop("margins", (0, 0, 0, 0)))
    if layer_path:
        check_writable(layer_path, np.empty((1, 1, 4), photo.pixels.dtype))
    arrays = {"mask": read_mask(inputs["mask"])} if "mask" in inputs else {}
    if inputs.get("gray"):
        arrays["gray"] = _one_channel(read_photo(inputs["gray"]))
    kind, run = registry.load(task)
    transfer = "linear" if is_linear(photo) else "srgb"
    request = kind(image=photo.pixels, **arrays, points=points, transfer=transfer, **options)
    with progress_bar(quiet=as_json) as progress:
        result = run(request, Context(progress, device))
    picture = composite(photo.pixels, result.layers)
    made = result.layers[0]
    if opaque and picture.shape[2] % 2 == 0:  # canvas was added and is filled: what had no transparency gets none
        picture = np.ascontiguousarray(picture[..., :-1])
    write_photo(output, Photo(picture, photo.icc))
    if layer_path:
        write_photo(layer_path, Photo(made.pixels, photo.icc))
    record = {
        "task": task,
        "input": str(image),
        "output": str(output),
        "size": [photo.pixels.shape[1], photo.pixels.shape[0]],
        "layer": {"x": made.origin[0], "y": made.origin[1], "width": made.pixels.shape[1], "height": made.pixels.shape[0]},
        "engine": [region["engine"] for region in result.recipe["regions"] if "engine" in region],
        "why": [region["why"] for region in result.recipe["regions"] if "why" in region],
        "preset": request.preset,
        "seed": request.seed,
        "device": device,
        "stages": result.seconds,
        "seconds": clock.seconds,
        "peak_memory_mb": peak_memory_mb(),
        "recipe": result.recipe,
    }
    if as_json:
        print_json(record)
    else:
        engines = f" ({', '.join(sorted(set(record['engine'])))})" if record["engine"] else ""
        click.echo(f"{output}: done in {record['seconds']:.1f} s{engines}")


def _with_margins(photo: Photo, margins: tuple[int, int, int, int]) -> Photo:
    """The photo on a larger canvas, transparent where it was not; ``margins`` top, bottom, left, right in pixels."""
    top, bottom, left, right = margins
    if not any(margins):
        return photo
    pixels = photo.pixels
    if pixels.shape[2] % 2:
        opaque = 1 if pixels.dtype == np.float32 else np.iinfo(pixels.dtype).max
        pixels = np.concatenate([pixels, np.full((*pixels.shape[:2], 1), opaque, pixels.dtype)], axis=2)
    return Photo(np.pad(pixels, ((top, bottom), (left, right), (0, 0))), photo.icc)


def _one_channel(photo: Photo) -> Any:
    """A monochrome file as H W in its own depth; of a color file its monochrome."""
    from huefill.imaging.color_spaces import monochrome

    pixels = photo.pixels
    if pixels.shape[2] < 3:
        return np.ascontiguousarray(pixels[..., 0])
    gray = monochrome(pixels[..., :3].astype(np.float32))
    return (np.rint(gray) if pixels.dtype.kind == "u" else gray).astype(pixels.dtype)


if __name__ == "__main__":
    main()
