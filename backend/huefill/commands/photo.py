"""The one way of every command: read a photo and what belongs to it, run a task, write the result, say what was done."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from huefill.commands.companions import Companion
from huefill.commands.places import Paths, layer_files
from huefill.console import Clock, Stopped, bar_of_photo, errors_are_sentences, leaving_at_once, print_json, say, warn
from huefill.errors import Caution
from huefill.files import Photo, check_storable, is_linear, read_photo, write_photos
from huefill.files.photo import Array
from huefill.files.profiles import fits
from huefill.imaging.pixels import as_rgb, split_alpha
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
    beforehand, which no result may overwrite. ``prepare`` changes the photo before the task sees it, ``complete`` the request's fields when
    all files are read. ``colors``: the result has colors also where the photo is gray, and covers the whole photo. ``variants``: so many
    results of each photo; ``anchors``: where the list of its anchors goes, a file or a folder for a folder, or None. ``ending``: of a task
    that gives a selection, what the names of the masks add to the photos', so that they may lie beside them.
    """

    task: str
    device: str
    values: dict[str, Any]
    companions: tuple[Companion, ...] = ()
    inputs: tuple[Path, ...] = ()
    prepare: Callable[[Photo], Photo] = _unchanged
    colors: bool = False
    complete: Callable[[dict[str, Any]], dict[str, Any]] = dict
    variants: int = 1
    anchors: Path | None = None
    ending: str = ""


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
            paths = Paths(image, output, layer, image.parent, job.anchors, job.variants)
            run_photo(job, paths, Progress(lambda update: bar.show(update.fraction, update.stage)), done)
        except KeyboardInterrupt:
            written = " and ".join(f"'{path}'" for path in done.written)
            raise Stopped(f"Stopped. {written or 'Nothing'} was written.") from None
        finally:
            bar.close()
        tell(done, as_json)


def run_photo(job: Job, paths: Paths, progress: Progress, done: Done) -> None:
    """Do ``job`` for one photo; raises `HuefillError` with a sentence, before any work where that can be known."""
    clock = Clock()
    files = {item: path for item in job.companions if (path := item.find(paths.photo, paths.root)) is not None}
    paths.check([*files.values(), *job.inputs])
    original = read_photo(paths.photo)
    photo = job.prepare(original)
    channels = photo.pixels.shape[2]
    colors = 1 if job.ending else 3 if job.colors or channels > 2 else 1
    # Canvas that was added is filled: what had no transparency gets none.
    alpha = original.pixels.shape[2] % 2 == 0 and not job.ending
    height, width = photo.pixels.shape[:2]
    check_storable(paths.output, (height, width, colors + alpha), np.dtype(np.uint8) if job.ending else photo.pixels.dtype)
    if paths.layer is not None:
        check_storable(paths.layer, (height, width, colors + 1), photo.pixels.dtype)
    values = {**job.values, **{item.field: item.read(path, photo) for item, path in files.items()}}
    kind, run = registry.load(job.task)
    request = kind(image=photo.pixels, transfer="linear" if is_linear(photo) else "srgb", **job.complete(values))
    result = run(request, Context(progress, job.device))
    made: list[tuple[Path, Photo]] = []
    records: list[dict[str, Any]] = []
    pictures = (result.layers, *result.variants)
    if result.selection is not None:
        pictures = ()
        made.append((paths.output, Photo(result.selection[..., None], metadata=photo.metadata)))
        records.append({"output": str(paths.output), "layers": []})
    for layers, output, layer in zip(pictures, paths.outputs, paths.layers, strict=bool(pictures)):
        shown = [one for one in layers if one.visible]
        picture = recolored(photo.pixels, shown) if job.colors else composite(photo.pixels, shown)
        if not alpha and picture.shape[2] % 2 == 0:
            picture = np.ascontiguousarray(picture[..., :-1])
        places = layer_files(layer, layers)
        made.append((output, _like(photo, picture)))
        made += [(path, _like(photo, one.pixels)) for path, one in zip(places, layers, strict=True) if path is not None]
        layer_records = [_layer_record(one, path) for one, path in zip(layers, places, strict=True)]
        records.append({"output": str(output), "layers": layer_records})
    lists = _anchor_lists(paths, result)
    for record, path in zip(records, paths.lists, strict=True):
        record["anchors"] = None if path is None else str(path)
    write_photos(made, done.written, lists)
    done.notes, done.warnings = original.notes, result.warnings
    done.record = _record(job, paths, request, result, (width, height), records, clock) | {"notes": list(original.notes)}


def tell(done: Done, as_json: bool) -> None:
    """What a person or a program reads of one photo."""
    record = done.record
    for note in done.notes:
        warn(f"huefill: {record['input']}: {note}")
    for warning in done.warnings:
        warn(f"huefill: {record['input']}: {warning.message} {warning.remedy}")
    written = " to ".join(dict.fromkeys([record["output"], *(variant["output"] for variant in record["variants"][-1:])]))
    known = f"'{written}' is written."
    if as_json:
        print_json(record, known)
        return
    words = ", ".join(sorted(set(record["engine"])) or [record["method"]] * (record["method"] is not None))
    say(f"{written}: done in {record['seconds']:.1f} s{f' ({words})' if words else ''}", known)


def recolored(image: Array, layers: Sequence[Layer]) -> Array:
    """H W 3 or 4: the colors of layers, and the image's own alpha where it has one. The uppermost layer of the image's size and in color
    covers all below; without one the layers lie over the image's own colors."""
    own, alpha = split_alpha(image)
    whole = [number for number, one in enumerate(layers) if one.image.shape == (*image.shape[:2], 3)]
    colors = composite(layers[whole[-1]].image, layers[whole[-1] + 1 :]) if whole else as_rgb(composite(own, layers))
    return colors if alpha is None else np.concatenate([colors, alpha[..., None]], axis=2)


def _like(photo: Photo, pixels: Array) -> Photo:
    """New pixels with what the photo says of itself; a gray photo's profile does not fit the colors that it got."""
    return replace(photo, pixels=pixels, icc=photo.icc if fits(photo.icc, pixels.shape[2]) else None)


def _record(
    job: Job, paths: Paths, request: Any, result: Result, size: tuple[int, int], made: Sequence[dict[str, Any]], clock: Clock
) -> dict[str, Any]:
    """The one JSON object that every command prints for a photo; docs/command-line.md describes it."""
    regions = result.recipe.get("regions", [])
    first, *others = made
    return {
        "task": job.task,
        "input": str(paths.photo),
        "output": first["output"],
        "size": list(size),
        "layer": {name: first["layers"][0][name] for name in ("x", "y", "width", "height")} if first["layers"] else None,
        "layers": first["layers"],
        "anchors": first["anchors"],
        "variants": others,
        "networks": result.recipe.get("networks", []),
        "engine": [region["engine"] for region in regions if "engine" in region],
        "method": result.recipe.get("request", {}).get("method"),
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


def _anchor_lists(paths: Paths, result: Result) -> list[tuple[Path, bytes]]:
    """The list of the anchors of each picture, as --anchors reads it, for the files that were asked for."""
    said = [result.recipe, *result.recipe.get("variants", [])]
    return [
        (path, (json.dumps(one["anchors"], indent=1) + "\n").encode())
        for path, one in zip(paths.lists, said, strict=False)
        if path is not None
    ]
