"""Pairs of photographs to match: the colors of one are taken from the other, and its own are the truth."""

from __future__ import annotations

import csv
import io
import tarfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

Image = npt.NDArray[np.uint8]

HALVES, ALIKE, UNLIKE = "two halves of one photo", "two photos of one kind", "two photos of different kinds"
# What shows the same kind of thing in the test photographs.
_OF_ONE_KIND = (
    ("kodak/kodim06", "kodak/kodim12"),
    ("kodak/kodim09", "kodak/kodim06"),
    ("kodak/kodim12", "kodak/kodim21"),
    ("faces/celebahq_512_030", "faces/celebahq_512_067"),
    ("faces/celebahq_mat_test2", "faces/celebahq_512_030"),
    ("faces/ffhq_migan_9", "faces/ffhq_migan_11"),
    ("faces/ffhq_migan_16", "faces/ffhq_migan_17"),
    ("faces/ffhq_migan_18", "faces/celebahq_512_067"),
    ("street/urban100_015", "street/urban100_023"),
    ("street/urban100_077", "street/urban100_080"),
    ("imagenet_sample/n01530575_brambling", "imagenet_sample/n01828970_bee_eater"),
    ("imagenet_sample/n02099601_golden_retriever", "imagenet_sample/n02100583_vizsla"),
    ("imagenet_sample/n02088094_Afghan_hound", "imagenet_sample/n02094114_Norfolk_terrier"),
    ("imagenet_sample/n02110063_malamute", "imagenet_sample/n02114548_white_wolf"),
    ("imagenet_sample/n02110341_dalmatian", "imagenet_sample/n02102040_English_springer"),
    ("imagenet_sample/n02129165_lion", "imagenet_sample/n02129604_tiger"),
    ("imagenet_sample/n02114855_coyote", "imagenet_sample/n02129165_lion"),
    ("imagenet_sample/n04147183_schooner", "imagenet_sample/n04273569_speedboat"),
    ("imagenet_sample/n03345487_fire_engine", "imagenet_sample/n02814533_beach_wagon"),
    ("imagenet_sample/n07734744_mushroom", "imagenet_sample/n13044778_earthstar"),
    ("imagenet_sample/n07684084_French_loaf", "imagenet_sample/n07880968_burrito"),
    ("imagenet_sample/n09332890_lakeside", "kodak/kodim21"),
)
_FOLDERS = ("kodak", "bsds_test", "modern", "street", "imagenet_sample")
# Training photographs: whole sets by what pairs of them show.
_HALVED, _IN_ORDER, _BY_CLASS = ("bsds", "cid22", "imagenet1k"), ("labelmefac", "caltechfaces", "grocery"), ("imagenette", "caltech101")
# The least mean chroma of a photograph that is worth matching.
_COLORED = 8.0
_SMALL = 256


@dataclass(frozen=True)
class Pair:
    """``target`` H W 3 in its own colors, ``reference`` h w 3; ``kind`` what the two have in common."""

    kind: str
    name: str
    target: Image
    reference: Image


def test_pairs(folder: Path, limit: int) -> Iterator[Pair]:
    """Of the test photographs, at most ``limit`` of each kind."""
    every = [path for name in _FOLDERS for path in sorted((folder / name).iterdir()) if path.suffix in (".jpg", ".png")]
    spread = every[:: max(1, len(every) // limit)][:limit]
    for path in spread:
        first, second = halves(_read(path))
        yield Pair(HALVES, path.stem, first, second)
    for name, other in _OF_ONE_KIND[:limit]:
        target, reference = (next(folder.glob(f"{one}.*")) for one in (name, other))
        yield Pair(ALIKE, f"{target.stem} from {reference.stem}", _read(target), _read(reference))
    for path, other in zip(spread, spread[len(spread) // 2 :] + spread, strict=False):
        yield Pair(UNLIKE, f"{path.stem} from {other.stem}", _read(path), _read(other))


def halves(photo: Image) -> tuple[Image, Image]:
    """Cut across the longer side."""
    height, width = photo.shape[:2]
    if width >= height:
        return photo[:, : width // 2], photo[:, width // 2 :]
    return photo[: height // 2], photo[height // 2 :]


def training_pairs(folder: Path, each: int, seed: int = 5) -> list[Pair]:
    """Of the training photographs: about ``each`` of halves, neighbours in a folder, members of a class, and strangers."""
    rng = np.random.default_rng(seed)
    with (folder / "manifest.csv").open() as file:
        rows = list(csv.DictReader(file))
    by_source: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_source[row["source"]].append(row)

    def folder_of(row: dict[str, str]) -> str:
        return row["origin"].rsplit("/", 1)[0]

    def some(items: Sequence[tuple[str, ...]], count: int) -> list[tuple[str, ...]]:
        return [items[int(number)] for number in rng.permutation(len(items))[:count]]

    wanted: list[tuple[str, tuple[str, ...]]] = []
    for source in _HALVED:
        wanted += [(HALVES, names) for names in some([(row["file"],) for row in by_source[source]], each // len(_HALVED))]
    for source in _IN_ORDER:
        ordered = sorted(by_source[source], key=lambda row: row["origin"])
        near = [(one["file"], two["file"]) for one, two in pairwise(ordered) if folder_of(one) == folder_of(two)]
        wanted += [(ALIKE, names) for names in some(near, each // len(_IN_ORDER))]
    for source in _BY_CLASS:
        classes: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for row in by_source[source]:
            classes[folder_of(row)].append((row["file"],))
        like = [(first[0], second[0]) for members in classes.values() if len(members) > 1 for first, second in [some(members, 2)]]
        wanted += [(ALIKE, names) for names in some(like, each // len(_BY_CLASS))]
    files = [(row["file"],) for source in (*_HALVED, *_BY_CLASS) for row in by_source[source]]
    wanted += [(UNLIKE, (*one, *other)) for one, other in zip(some(files, each), some(files, each), strict=True)]
    photos = _from_shards(folder, {name for _, names in wanted for name in names})
    found = []
    for kind, names in wanted:
        target, reference = halves(photos[names[0]]) if len(names) == 1 else (photos[names[0]], photos[names[1]])
        if min(_chroma(target), _chroma(reference)) >= _COLORED:
            found.append(Pair(kind, " from ".join(names), target, reference))
    return found


def _from_shards(folder: Path, names: set[str]) -> dict[str, Image]:
    photos: dict[str, Image] = {}
    for shard in sorted(folder.glob("*.tar")):
        with tarfile.open(shard) as archive:
            for member in archive:
                name = member.name.rsplit("/", 1)[-1]
                if name in names and (file := archive.extractfile(member)) is not None:
                    photos[name] = _decoded(Pillow.open(io.BytesIO(file.read())))
    return photos


def _read(path: Path) -> Image:
    return _decoded(Pillow.open(path))


def _decoded(picture: Pillow.Image) -> Image:
    return np.asarray(picture.convert("RGB"))


def _chroma(photo: Image) -> float:
    from huefill.imaging.color_spaces import rgb_to_lab

    small = np.asarray(Pillow.fromarray(photo).resize((32, 32), Pillow.Resampling.BOX), np.float32) / 255
    return float(np.hypot(*np.moveaxis(rgb_to_lab(small)[..., 1:], -1, 0)).mean())


def at_most(photo: Image, side: int = _SMALL) -> Image:
    """With at most so many pixels on the longer side."""
    scale = side / max(photo.shape[:2])
    if scale >= 1:
        return photo
    size = (max(1, round(photo.shape[1] * scale)), max(1, round(photo.shape[0] * scale)))
    return np.asarray(Pillow.fromarray(photo).resize(size, Pillow.Resampling.BOX))
