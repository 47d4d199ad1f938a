"""The one way of every command: read a photo and what belongs to it, run a task, write the result, say what was done."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from huefill.commands.companions import Companion
from huefill.console import Clock, Stopped, bar_of_photo, errors_are_sentences, leaving_at_once, print_json, say, warn
from huefill.errors import Caution, HuefillError
from huefill.files import Photo, check_storable, check_writable, is_linear, read_photo, write_photos
from huefill.files.photo import Array
from huefill.files.profiles import fits
from huefill.imaging.pixels import split_alpha
from huefill.runtime.memory import peak_memory_mb
from huefill.runtime.progress import Progress
from huefill.tasks import registry
from huefill.tasks.contract import Context, Layer, Result
from huefill.tasks.layer import composite


def _unchanged(photo: Photo) -> Photo:
    return photo


@dataclass(frozen=True)
class Job:
    """What a command line asks for, for one photo or for each of a folder.

    ``values`` are fields of the request that every photo has alike, ``companions`` the files of each; ``inputs`` files that were read
    beforehand, which no result may overwrite. ``prepare`` changes the photo before the task sees it. ``colors``: the result has colors
    also where the photo is gray, and covers the whole photo.
    """

    task: str
    device: str
    values: dict[str, Any]
    companions: tuple[Companion, ...] = ()
    inputs: tuple[Path, ...] = ()
    prepare: Callable[[Photo], Photo] = _unchanged
    colors: bool = False


@dataclass(frozen=True)
class Paths:
    """One photo, where its result goes, where the layer alone goes (or None), and the folder that it was found in."""

    photo: Path
    output: Path
    layer: Path | None
    root: Path


@dataclass
class Done:
    """What came of one photo; ``written`` grows while files are put in place, so that it is true also after Ctrl+C."""

    record: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    warnings: tuple[Caution, ...] = ()
    written: list[Path] = field(default_factory=list)


def run_job(job: Job, image: Path, output: Path, layer: Path | None, as_json: bool) -> None:
    """One photo or a folder of them, with everything that a person sees of it."""
    from huefill.commands.folders import run_folder

    with errors_are_sentences():
        for companion in job.companions:
            companion.check(image)
        with leaving_at_once():
            registry.load(job.task)
        if image.is_dir():
            run_folder(job, image, output, layer, as_json)
            return
        bar, done = bar_of_photo(quiet=as_json), Done()
        try:
            run_photo(
                job, Paths(image, output, layer, image.parent), Progress(lambda update: bar.show(update.fraction, update.stage)), done
            )
        except KeyboardInterrupt:
            written = " and ".join(f"'{path}'" for path in done.written)
            raise Stopped(f"Stopped. {written or 'Nothing'} was written.") from None
        finally:
            bar.close()
        tell(done, as_json)


def run_photo(job: Job, paths: Paths, progress: Progress, done: Done) -> None:
    """Do ``job`` for one photo; raises `HuefillError` with a sentence, before any work where that can be known."""
    clock = Clock()
    targets = [path for path in (paths.output, paths.layer) if path is not None]
    for target in targets:
        check_writable(target)
    files = {item: path for item in job.companions if (path := item.find(paths.photo, paths.root)) is not None}
    _check_apart(targets, [paths.photo, *files.values(), *job.inputs])
    original = read_photo(paths.photo)
    photo = job.prepare(original)
    channels = photo.pixels.shape[2]
    colors = 3 if job.colors or channels > 2 else 1
    # Canvas that was added is filled: what had no transparency gets none.
    alpha = original.pixels.shape[2] % 2 == 0
    height, width = photo.pixels.shape[:2]
    check_storable(paths.output, (height, width, colors + alpha), photo.pixels.dtype)
    if paths.layer is not None:
        check_storable(paths.layer, (height, width, colors + 1), photo.pixels.dtype)
    values = {**job.values, **{item.field: item.read(path, photo) for item, path in files.items()}}
    kind, run = registry.load(job.task)
    request = kind(image=photo.pixels, transfer="linear" if is_linear(photo) else "srgb", **values)
    result = run(request, Context(progress, job.device))
    picture = recolored(photo.pixels, result.layers) if job.colors else composite(photo.pixels, result.layers)
    if not alpha and picture.shape[2] % 2 == 0:
        picture = np.ascontiguousarray(picture[..., :-1])
    layer_paths = layer_files(paths.layer, result.layers)
    layers = [(path, _like(photo, made.pixels)) for path, made in zip(layer_paths, result.layers, strict=True) if path is not None]
    write_photos([(paths.output, _like(photo, picture)), *layers], done.written)
    done.notes, done.warnings = original.notes, result.warnings
    done.record = _record(job, paths, request, result, (width, height), layer_paths, clock) | {"notes": list(original.notes)}


def tell(done: Done, as_json: bool) -> None:
    """What a person or a program reads of one photo."""
    record = done.record
    for note in done.notes:
        warn(f"huefill: {record['input']}: {note}")
    for warning in done.warnings:
        warn(f"huefill: {record['input']}: {warning.message} {warning.remedy}")
    known = f"'{record['output']}' is written."
    if as_json:
        print_json(record, known)
        return
    engines = f" ({', '.join(sorted(set(record['engine'])))})" if record["engine"] else ""
    say(f"{record['output']}: done in {record['seconds']:.1f} s{engines}", known)


def recolored(image: Array, layers: Sequence[Layer]) -> Array:
    """H W 3 or 4: the colors of layers of which the lowest covers the whole image, and the image's own alpha where it has one."""
    _, alpha = split_alpha(image)
    colors = composite(layers[0].image, layers[1:])
    return colors if alpha is None else np.concatenate([colors, alpha[..., None]], axis=2)


def layer_files(path: Path | None, layers: Sequence[Layer]) -> list[Path | None]:
    """A file for each layer: ``path`` for the only one, else one for each, with the layer's name (or number) added."""
    if path is None or len(layers) == 1:
        return [path] * len(layers)
    words = [re.sub(r"\W+", "-", layer.name.lower()).strip("-") or str(number) for number, layer in enumerate(layers, 1)]
    return [path.with_stem(f"{path.stem}-{word}") for word in words]


def _like(photo: Photo, pixels: Array) -> Photo:
    """New pixels with what the photo says of itself; a gray photo's profile does not fit the colors that it got."""
    return replace(photo, pixels=pixels, icc=photo.icc if fits(photo.icc, pixels.shape[2]) else None)


def _check_apart(targets: Sequence[Path], inputs: Sequence[Path]) -> None:
    """No result may overwrite another, or what was read, whatever name leads there."""
    for number, target in enumerate(targets):
        for other in targets[:number]:
            if _same_file(target, other):
                raise HuefillError("bad_output", f"'{target}' is where the result itself goes.", "Give --layer a file of its own.")
        for given in inputs:
            if _same_file(target, given):
                raise HuefillError("bad_output", f"'{target}' would overwrite '{given}', which is read.", "Give another name with -o.")


def _same_file(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:  # one of them is not there yet
        return os.path.normcase(one.resolve()) == os.path.normcase(other.resolve())


def _record(
    job: Job, paths: Paths, request: Any, result: Result, size: tuple[int, int], layer_paths: Sequence[Path | None], clock: Clock
) -> dict[str, Any]:
    """The one JSON object that every command prints for a photo; docs/command-line.md describes it."""
    regions = result.recipe.get("regions", [])
    layers = [_layer_record(layer, path) for layer, path in zip(result.layers, layer_paths, strict=True)]
    return {
        "task": job.task,
        "input": str(paths.photo),
        "output": str(paths.output),
        "size": list(size),
        "layer": {name: layers[0][name] for name in ("x", "y", "width", "height")},
        "layers": layers,
        "networks": result.recipe.get("networks", []),
        "engine": [region["engine"] for region in regions if "engine" in region],
        "why": [region["why"] for region in regions if "why" in region],
        "preset": getattr(request, "preset", None),
        "seed": getattr(request, "seed", None),
        "device": job.device,
        "stages": result.seconds,
        "seconds": clock.seconds,
        "warnings": [warning.to_wire() for warning in result.warnings],
        "peak_memory_mb": peak_memory_mb(),
        "recipe": result.recipe,
    }


def _layer_record(layer: Layer, path: Path | None) -> dict[str, Any]:
    (x, y), (height, width) = layer.origin, layer.alpha.shape
    return {"name": layer.name, "x": x, "y": y, "width": width, "height": height, "file": None if path is None else str(path)}
