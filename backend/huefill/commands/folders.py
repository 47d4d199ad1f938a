"""A folder in, a folder out: what is done is skipped, a photo that fails is told of at the end, nothing stops the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from huefill.commands.photo import Done, Job, run_photo, tell
from huefill.commands.places import Paths
from huefill.console import Bar, Stopped, bar_of_folder, say, warn
from huefill.errors import HuefillError
from huefill.files import SUFFIXES, WRITABLE
from huefill.runtime.progress import Progress, Update

# Formats that hold transparency, which a layer needs.
_FOR_LAYERS = (".png", ".tif", ".tiff", ".webp")


@dataclass
class Count:
    """How a folder stands."""

    photos: int
    made: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def stopped(self) -> str:
        done, left = self.made + self.skipped, self.photos - self.made - self.skipped - self.failed
        failed = f" {self.failed} failed," if self.failed else ""
        return f"Stopped: {done} photo{' is' if done == 1 else 's are'} done,{failed} {left} {'is' if left == 1 else 'are'} left."


def run_folder(job: Job, folder: Path, output: Path, layer: Path | None, as_json: bool) -> None:
    """Do ``job`` for every photo under ``folder`` that has no newer result under ``output``. Sub-folders are kept.

    Raises `HuefillError` at the end when photos failed, after a line for each, and `Stopped` for Ctrl+C.
    """
    beside = bool(job.ending) and output.resolve() == folder.resolve()
    for place, option in ((None if beside else output, "-o"), (layer, "--layer"), (job.anchors, "--anchors-out")):
        if place is not None:
            _check_place(place, folder, option)
    if layer is not None and layer.resolve() == output.resolve():
        raise HuefillError("bad_output", "The layers would overwrite the results.", "Give another folder with --layer.")
    photos = photos_in(folder, job, [place for place in (None if beside else output, layer) if place is not None])
    names = masks_names(photos, folder, job.ending) if job.ending else target_names(photos, folder, WRITABLE)
    layer_names = target_names(photos, folder, _FOR_LAYERS)
    jobs = [
        Paths(
            photo,
            output / names[photo],
            None if layer is None else layer / layer_names[photo],
            folder,
            None if job.anchors is None else job.anchors / f"{photo.relative_to(folder)}.json",
            job.variants,
        )
        for photo in photos
    ]
    count, failures = Count(len(photos)), list[str]()
    bar = bar_of_folder(len(photos), quiet=as_json)
    try:
        for number, paths in enumerate(jobs):
            name = paths.photo.relative_to(folder)
            try:
                done = _do(job, paths, Progress(partial(_show, bar, number, name)), count)
            except Exception as error:  # a night's work does not end with one photo
                count.failed += 1
                failures.append(f"{name}: {_told(error)}")
                continue
            if done is not None and as_json:
                tell(done, as_json)
            elif done is not None:
                for note in done.notes:
                    warn(f"huefill: {name}: {note}")
                for warning in done.warnings:
                    warn(f"huefill: {name}: {warning.message} {warning.remedy}")
    except KeyboardInterrupt:
        raise Stopped(count.stopped) from None
    finally:
        bar.close()
        for line in failures:
            warn(f"  {line}")
    if not as_json:
        say(f"{output}: {count.made} done, {count.skipped} were done already, {count.failed} failed")
    if failures:
        raise HuefillError("some_failed", f"{count.failed} of {count.photos} photos could not be done, see above.")


def _do(job: Job, paths: Paths, progress: Progress, count: Count) -> Done | None:
    """One photo of a folder; None where its result is there already."""
    progress.report("reading", 0.0)
    if _is_done(job, paths):
        count.skipped += 1
        return None
    for target in paths.targets:
        target.parent.mkdir(parents=True, exist_ok=True)
    done = Done()
    try:
        run_photo(job, paths, progress, done)
    except KeyboardInterrupt:
        count.made += bool(done.written)  # the result is in place already
        raise
    count.made += 1
    return done


def photos_in(folder: Path, job: Job, outputs: Sequence[Path]) -> list[Path]:
    """The photos under ``folder``, sorted: no hidden files, nothing from folders that results go to, no masks that lie beside photos."""
    inside = [place.resolve() for place in outputs]
    found = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and not any(place in path.resolve().parents for place in inside)
        and not any(companion.is_one(path) for companion in job.companions)
        and not (job.ending and path.name.endswith(job.ending))
    ]
    if not found:
        raise HuefillError("no_photos", f"There are no photos in '{folder}'.", f"Photos are files ending in {', '.join(SUFFIXES)}.")
    return found


def target_names(photos: Sequence[Path], folder: Path, formats: tuple[str, ...]) -> dict[Path, Path]:
    """Where each photo's result goes, relative to the output: the same name, or one ending in .png where ``formats`` lack the photo's.

    Photos that would share a result ("a.bmp" beside "a.png") keep their whole name before the new ending ("a.bmp.png").
    """
    short = {photo: photo.relative_to(folder) for photo in photos}
    plain = {photo: name if name.suffix.lower() in formats else name.with_suffix(".png") for photo, name in short.items()}
    # Names that differ in case alone are one file on many disks.
    shared = Counter(str(name).casefold() for name in plain.values())
    taken = {str(name).casefold() for photo, name in plain.items() if name == short[photo]}
    names = {}
    for photo, name in plain.items():
        if name != short[photo] and shared[str(name).casefold()] > 1:
            whole, number = short[photo].name, 1
            name = name.with_name(f"{whole}.png")
            while str(name).casefold() in taken:
                number += 1
                name = name.with_name(f"{whole}.{number}.png")
            taken.add(str(name).casefold())
        names[photo] = name
    return names


def masks_names(photos: Sequence[Path], folder: Path, ending: str) -> dict[Path, Path]:
    """Where the mask of each photo goes: "a_mask.png"; of "a.bmp" beside "a.png" with the whole name, "a.bmp_mask.png"."""
    names = [photo.relative_to(folder) for photo in photos]
    shared = Counter(str(name.with_suffix("")).casefold() for name in names)
    return {
        photo: name.with_name((name.stem if shared[str(name.with_suffix("")).casefold()] == 1 else name.name) + ending)
        for photo, name in zip(photos, names, strict=True)
    }


def _show(bar: Bar, number: int, name: Path, update: Update) -> None:
    bar.show(number + update.fraction, f"{name}: {update.stage}")


def _check_place(place: Path, folder: Path, option: str) -> None:
    if (place.exists() and not place.is_dir()) or (not place.exists() and place.suffix.lower() in SUFFIXES):
        raise HuefillError("bad_output", f"'{place}' is a file, but a folder of photos needs a folder.", f"Give a folder with {option}.")
    if place.resolve() == folder.resolve():
        raise HuefillError("bad_output", "The results would overwrite the photos.", f"Give another folder with {option}.")


def _is_done(job: Job, paths: Paths) -> bool:
    """Whether every result is there and newer than the photo and what belongs to it. A mask beside a photo may be a person's own."""
    if not all(target.exists() for target in paths.targets):
        return False
    if job.ending and paths.output.parent == paths.photo.parent:
        return True
    companions = [companion.find(paths.photo, paths.root) for companion in job.companions]
    newest = max(path.stat().st_mtime for path in (paths.photo, *companions) if path is not None)
    return min(target.stat().st_mtime for target in paths.targets) >= newest


def _told(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "There is not enough memory for this photo."
    if isinstance(error, (HuefillError, OSError)):
        return str(error)
    return f"An error that was not foreseen ({type(error).__name__}: {error}). Please report it."
