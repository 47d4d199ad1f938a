"""Photographs decoded once into a cache on disk: reading JPEG files anew in every slice of a training costs a quarter of a core."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from huefill_models.harness.data import Photo, PhotoSet, decoded_photos

PIXELS, INDEX = "pixels.u8", "index.json"


def packed(folder: Path, cache: Path, *, largest: int = 288, least: int = 64, only: tuple[str, ...] = ()) -> PhotoSet:
    """The photographs of ``folder`` as `PhotoSet` gives them, from ``cache``, which is made where it is missing or of other files.

    They stay on disk: what is read of them is kept by the operating system as long as there is memory. ``only``: those alone whose
    name begins with one of these.
    """
    wanted = {"of": _contents(folder), "largest": largest, "least": least}
    if _stored(cache) != wanted:
        _pack(decoded_photos(folder, largest=largest, least=least), wanted, cache)
    index = json.loads((cache / INDEX).read_text(encoding="utf-8"))
    pixels = np.memmap(cache / PIXELS, np.uint8, "r")
    names, photos, offset = [], [], 0
    for name, height, width in index["photographs"]:
        size = height * width * 3
        names.append(name)
        photos.append(pixels[offset : offset + size].reshape(height, width, 3))
        offset += size
    found = PhotoSet.of(names, photos)
    return found.named(only) if only else found


def _contents(folder: Path) -> list[list[str | int]]:
    """What tells that the files are others: their names and sizes."""
    return [[str(path.relative_to(folder)), path.stat().st_size] for path in sorted(folder.rglob("*")) if path.is_file()]


def _stored(cache: Path) -> dict[str, object] | None:
    try:
        index = json.loads((cache / INDEX).read_text(encoding="utf-8"))
        whole = (cache / PIXELS).stat().st_size == sum(height * width * 3 for _, height, width in index["photographs"])
        return {key: index[key] for key in ("of", "largest", "least")} if whole else None
    except (OSError, ValueError, KeyError):
        return None


def _pack(photos: Iterable[tuple[str, Photo]], wanted: dict[str, object], cache: Path) -> None:
    """The index is written last: without it a cache does not count."""
    cache.mkdir(parents=True, exist_ok=True)
    (cache / INDEX).unlink(missing_ok=True)
    sizes, own = [], f".{os.getpid()}.new"
    with (cache / (PIXELS + own)).open("wb") as file:
        for name, photo in photos:
            file.write(np.ascontiguousarray(photo).tobytes())
            sizes.append([name, *photo.shape[:2]])
    (cache / (INDEX + own)).write_text(json.dumps({**wanted, "photographs": sizes}), encoding="utf-8")
    os.replace(cache / (PIXELS + own), cache / PIXELS)
    os.replace(cache / (INDEX + own), cache / INDEX)
