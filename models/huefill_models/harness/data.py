"""Photographs for training: a folder of pictures or of tar shards, decoded once and kept in memory as uint8."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from huefill_models.lab import GRAY

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")
Photo = npt.NDArray[np.uint8]


class PhotoSet:
    """Photographs, H W 3 uint8, in the order of their files; `crop` draws augmented squares from them. ``names`` are the files' own.

    ``largest`` limits the shorter side, in pixels: larger photographs are reduced when they are read.
    """

    def __init__(self, folder: Path, *, largest: int = 288, least: int = 64) -> None:
        kept = list(decoded_photos(folder, largest=largest, least=least))
        self.names = [name for name, _ in kept]
        self.photos: list[Photo] = [photo for _, photo in kept]

    @classmethod
    def of(cls, names: list[str], photos: list[Photo]) -> PhotoSet:
        """Photographs that are decoded already."""
        made = cls.__new__(cls)
        made.names, made.photos = names, photos
        return made

    def named(self, beginnings: tuple[str, ...]) -> PhotoSet:
        """Those whose name begins with one of these; SystemExit where there is none."""
        kept = [(name, photo) for name, photo in zip(self.names, self.photos, strict=True) if name.startswith(beginnings)]
        if not kept:
            raise SystemExit(f"no photograph has a name that begins with {' or '.join(beginnings)}")
        return PhotoSet.of([name for name, _ in kept], [photo for _, photo in kept])

    @cached_property
    def _by_side(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """The photographs by their shorter side, and these sides, both ascending."""
        sides = np.array([min(photo.shape[:2]) for photo in self.photos])
        order = np.argsort(sides, kind="stable")
        return order, sides[order]

    def __len__(self) -> int:
        return len(self.photos)

    def crop(
        self,
        rng: np.random.Generator,
        size: int,
        *,
        gray: float = 0.0,
        least: float = 0.0,
        squeezed: float = 0.0,
        enlarged: float = np.inf,
    ) -> Photo:
        """A square of ``size`` pixels from a random photograph, at a random scale, mirrored at random.

        The square covers between its own size and the whole shorter side, and at least the share ``least`` of that; the share
        ``squeezed`` of them is the whole photograph instead, both sides reduced to ``size``.
        No photograph is enlarged more than ``enlarged`` times, if any is large enough: enlarged ones are soft, and softness is learned.
        Some get another contrast and brightness; a share ``gray`` of them loses its color, as gray photographs have none.
        """
        photo = self.photos[self._drawn(rng, size / enlarged)]
        height, width = photo.shape[:2]
        shorter = min(height, width)
        if squeezed and rng.random() < squeezed:
            piece = photo
        else:
            side = int(rng.integers(min(max(size, round(least * shorter)), shorter), shorter + 1))
            top, left = int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1))
            piece = photo[top : top + side, left : left + side]
        if piece.shape[:2] != (size, size):
            piece = np.asarray(Image.fromarray(piece).resize((size, size), Image.Resampling.BICUBIC, reducing_gap=None))
        if rng.random() < 0.5:
            piece = piece[:, ::-1]
        if rng.random() < 0.3:
            gain, lift = rng.uniform(0.7, 1.2), rng.uniform(-20, 20)
            piece = np.clip(piece * np.float32(gain) + np.float32(lift), 0, 255).astype(np.uint8)
        if rng.random() < gray:
            luma = piece @ np.array(GRAY, np.float32)
            piece = np.repeat(np.rint(luma).astype(np.uint8)[:, :, None], 3, axis=2)
        return np.ascontiguousarray(piece)

    def _drawn(self, rng: np.random.Generator, side: float) -> int:
        """The number of a random photograph whose shorter side is at least ``side``, if there is one."""
        if side <= 0:
            return int(rng.integers(len(self.photos)))
        order, sides = self._by_side
        first = min(int(np.searchsorted(sides, side)), int(np.searchsorted(sides, sides[-1])))
        return int(order[int(rng.integers(first, len(order)))])


def decoded_photos(folder: Path, *, largest: int, least: int) -> Iterator[tuple[str, Photo]]:
    """Name and pixels of every photograph in ``folder``, as `PhotoSet` takes them; SystemExit where there is none."""
    found = False
    with ThreadPoolExecutor(2) as pool:
        for name, photo in pool.map(lambda file: (file[0], _decode(file[1], largest)), _files(folder)):
            if photo is not None and min(photo.shape[:2]) >= least:
                found = True
                yield name, photo
    if not found:
        raise SystemExit(f"no photographs in {folder}: give a folder of {', '.join(PICTURES)} files or of .tar shards of them")


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in PICTURES:
            yield path.name, path.read_bytes()
        elif path.suffix.lower() == ".tar":
            with tarfile.open(path) as shard:
                members = sorted((m for m in shard if m.isfile() and m.name.lower().endswith(PICTURES)), key=lambda m: m.name)
                for member in members:
                    handle = shard.extractfile(member)
                    if handle is not None:
                        yield Path(member.name).name, handle.read()


def _decode(data: bytes, largest: int) -> Photo | None:
    try:
        image = Image.open(io.BytesIO(data)).convert("RGB")
    except OSError:
        return None  # a file that is no picture, or a broken one: the others do
    shorter = min(image.size)
    if shorter > largest:
        factor = largest / shorter
        image = image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor))), Image.Resampling.LANCZOS)
    return np.asarray(image)
