"""``huefill colorize``, ``match`` and ``palette``: colors for gray photos."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from huefill.commands.companions import Companion
from huefill.commands.options import DEVICE, IMAGE, JSON, OUTPUTS, PATH, POINTS, SEED, together
from huefill.commands.photo import Job, run_job
from huefill.commands.points import place, read_anchors, read_points
from huefill.console import Clock, errors_are_sentences, leaving_at_once, print_json, say, warn
from huefill.errors import HuefillError
from huefill.files import Photo, is_linear, read_photo
from huefill.files.photo import Array
from huefill.tasks import registry
from huefill.tasks.contract import Context
from huefill_protocol import choices

_HINTS = click.option(
    "--hints",
    type=PATH,
    help="A picture of the photo's size, transparent but for dots and strokes of color. For a folder of photos: a folder of such files.",
)
_MODEL = click.option("--model", default="auto", show_default=True, help="The network that colors (see `huefill models list`).")
_STRENGTH = click.option(
    "--strength",
    type=click.FloatRange(0, 100 * choices.MOST_STRENGTH),
    default=100.0,
    show_default=True,
    help="All colors weaker or stronger, in percent: 0 is gray, 150 the most.",
)
_GUIDES = together(POINTS, _HINTS, _MODEL, DEVICE, JSON)
_PHOTOS = together(
    OUTPUTS,
    click.option("--reference", type=PATH, help="A color photo whose colors guide the whole picture, or every photo of a folder."),
    click.option(
        "--match",
        type=click.Choice(choices.values(choices.MATCHES)),
        default="auto",
        show_default=True,
        help="How the reference's colors are used: by likeness (sky to sky), by how much there is of each color, or by both (auto).",
    ),
    click.option("--saturation", type=float, help="How vivid, 0 to 1."),
    _STRENGTH,
    _GUIDES,
)
_ANCHORED = together(
    click.option(
        "--method",
        type=click.Choice(choices.values(choices.METHODS)),
        default="auto",
        show_default=True,
        help="Follow points and strokes, or find a few places (anchors) whose colors decide all others. The result says which it was.",
    ),
    click.option(
        "--variants",
        type=click.IntRange(1, choices.MOST_VARIANTS),
        default=1,
        show_default=True,
        help="So many pictures that differ, by anchors: OUT-1, OUT-2, and so on.",
    ),
    SEED,
    click.option(
        "--anchors",
        type=PATH,
        help="The anchors, in place of those that would be found: a list like that of --points, or a folder of such.",
    ),
    click.option(
        "--anchors-out", type=PATH, help="Also write the anchors, for --anchors to read: a file, or a folder for a folder of photos."
    ),
)


@click.command()
@_PHOTOS
@_ANCHORED
def colorize(**options: Any) -> None:
    """Color a gray photo, or every photo in a folder: without points as the network finds likely. The luminance stays."""
    _run("colorize", options)


@click.command()
@_PHOTOS
def match(**options: Any) -> None:
    """Give a photo, or every photo in a folder, the colors of a reference, or a saturation. The luminance stays."""
    _run("match_colors", options)


@click.command()
@IMAGE
@click.option("--at", required=True, help="The pixel: X,Y.")
@_GUIDES
def palette(image: Path, at: str, points: Path | None, hints: Path | None, model: str, device: str, as_json: bool) -> None:
    """The nine likeliest colors of a pixel, given the points."""
    with errors_are_sentences():
        clock = Clock()
        x, y = place(at)
        with leaving_at_once():
            kind, run = registry.load("palette")
        photo = read_photo(image)
        values = {item.field: item.read(item.given, photo) for item in _companions(points, hints) if item.given is not None}
        transfer = "linear" if is_linear(photo) else "srgb"
        result = run(kind(image=photo.pixels, x=x, y=y, model=model, transfer=transfer, **values), Context(device=device))
        colors = result.recipe["palette"]
        if as_json:
            record = {"task": "palette", "input": str(image), "at": [x, y], "palette": colors}
            record |= {name: result.recipe[name] for name in ("confidence", "model")}
            record["warnings"] = [warning.to_wire() for warning in result.warnings]
            print_json({**record, "device": device, "stages": result.seconds, "seconds": clock.seconds, "recipe": result.recipe})
        else:
            for item in colors:
                red, green, blue = item["rgb"]
                say(f"#{red:02x}{green:02x}{blue:02x}  {100 * item['probability']:5.1f} %")
        for warning in result.warnings:
            warn(f"huefill: {image}: {warning.message} {warning.remedy}")


def _run(task: str, options: dict[str, Any]) -> None:
    with errors_are_sentences():
        values = {"model": options["model"], "strength": options["strength"] / 100, "match": options["match"]}
        values |= {name: options[name] for name in ("method", "seed", "variants") if name in options}
        anchors_out = options.get("anchors_out")
        if anchors_out is not None:
            values["method"] = _with_anchors_to_write(options["method"])
        if options["reference"] is not None:
            values["reference"] = read_reference(options["reference"])
        if options["saturation"] is not None:
            values["saturation"] = options["saturation"]
        job = Job(
            task,
            options["device"],
            values,
            _companions(options["points"], options["hints"], options.get("anchors")),
            () if options["reference"] is None else (options["reference"],),
            colors=True,
            complete=_one_list,
            variants=options.get("variants", 1),
            anchors=anchors_out,
        )
        run_job(job, options["image"], options["output"], options["layer"], options["as_json"])


def _with_anchors_to_write(method: str) -> str:
    """The method where a list of anchors is wanted, which not every one has."""
    if method == choices.HINTS:
        raise HuefillError("no_anchors", "The method 'hints' has no anchors to write.", "Leave out --anchors-out, or use another --method.")
    return choices.ANCHORS


def _one_list(values: dict[str, Any]) -> dict[str, Any]:
    """A request's fields with the anchors among the points, where they belong."""
    anchors = values.pop("anchors", None)
    return values if anchors is None else {**values, "points": (*anchors, *values.get("points", ())), "anchored": True}


def _companions(points: Path | None, hints: Path | None, anchors: Path | None = None) -> tuple[Companion, ...]:
    return (
        Companion("points", points, lambda path, photo: read_points(path), (".json",)),
        Companion("anchors", anchors, lambda path, photo: read_anchors(path), (".json",)),
        Companion("hints", hints, _hint_layer),
    )


def _hint_layer(path: Path, photo: Photo) -> Array:
    pixels = read_photo(path).pixels
    if pixels.shape[2] % 2:
        raise HuefillError(
            "bad_hints", f"'{path}' has no transparency: all of it would be hints.", "Make all but the dots and strokes transparent."
        )
    if pixels.shape[2] == 2:
        pixels = pixels[..., [0, 0, 0, 1]]
    return _deepened(pixels, photo.pixels.dtype)


def read_reference(path: Path) -> npt.NDArray[np.uint8]:
    """A color photo as h w 3 or 4 uint8; raises `HuefillError` for a gray one."""
    pixels = _deepened(read_photo(path).pixels, np.dtype(np.uint8))
    if pixels.shape[2] < 3:
        raise HuefillError("bad_reference", f"'{path}' is gray: it has no colors to take.", "Use a color photo.")
    return pixels


def _deepened(pixels: Array, depth: np.dtype[Any]) -> Array:
    """Pixels of one depth in another."""
    if pixels.dtype == depth:
        return pixels
    scaled = np.clip(pixels.astype(np.float32) / _full_scale(pixels.dtype), 0, 1) * _full_scale(depth)
    return np.asarray(np.rint(scaled) if depth.kind == "u" else scaled, depth)


def _full_scale(depth: np.dtype[Any]) -> float:
    return float(np.iinfo(depth).max) if depth.kind == "u" else 1.0
