"""A folder in, a folder out: what is done is skipped, a broken file is told of at the end, nothing else stops the rest."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

import click

from huefill.errors import HuefillError
from huefill.runtime.progress import Progress

PHOTOS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp")
# What every output format can hold; other photos keep their own.
_AS_PNG = (".bmp",)


def each_photo(folder: Path, output: Path, work: Callable[[Path, Path, Progress], None], *, quiet: bool) -> None:
    """Call ``work(source, target, progress)`` for every photo under ``folder`` that has no newer result under ``output``.

    Sub-folders are kept. Raises `HuefillError` at the end, naming every photo that failed and why.
    """
    if output.exists() and not output.is_dir():
        raise HuefillError("bad_output", f"'{output}' is a file, but a folder of photos needs a folder.", "Give a folder with -o.")
    if output.resolve() == folder.resolve():
        raise HuefillError("bad_output", "The results would overwrite the photos.", "Give another folder with -o.")
    inside = output.resolve()
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PHOTOS and p.is_file() and inside not in p.resolve().parents)
    if not found:
        raise HuefillError("no_photos", f"There are no photos in '{folder}'.", f"Photos are files ending in {', '.join(PHOTOS)}.")
    failed, skipped = [], 0
    with _bar(len(found), quiet) as advance:
        for source in found:
            target = output / source.relative_to(folder)
            if target.suffix.lower() in _AS_PNG:
                target = target.with_suffix(".png")
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                skipped += 1
            else:
                try:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    work(source, target, Progress())
                except (HuefillError, OSError, MemoryError) as error:
                    failed.append(f"{source.relative_to(folder)}: {error or 'not enough memory'}")
            advance()
    if not quiet:
        done = len(found) - skipped - len(failed)
        click.echo(f"{output}: {done} done, {skipped} were done already, {len(failed)} failed")
    if failed:
        listed = "\n".join(f"  {line}" for line in failed)
        click.echo(listed, err=True)
        raise HuefillError("some_failed", f"{len(failed)} of {len(found)} photos could not be done, see above.")


@contextlib.contextmanager
def _bar(total: int, quiet: bool):  # type: ignore[no-untyped-def]
    if quiet or not sys.stderr.isatty():
        yield lambda: None
        return
    from tqdm import tqdm

    with tqdm(total=total, unit="photo", file=sys.stderr) as bar:
        yield lambda: bar.update(1)
