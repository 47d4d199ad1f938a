"""Photographs of the training set that no network learned from: what sizes, settings and constants of colorization are chosen by.

240 of them, by a rule: all of two sets, of which the first ones are taken, and some of two others, drawn by a seed in the order of the
shards. The networks that are shipped were trained without them (their cards say so).
"""

from __future__ import annotations

import csv
import io
import tarfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

Photo = npt.NDArray[np.uint8]
DATA = Path(__file__).parents[2] / "shared" / "data" / "train"
_FIRST, _DRAWN, _SEED = {"cid22": 60, "sunhays": 40}, {"imagenet1k": 80, "bsds": 60}, 5


def names(folder: Path = DATA) -> dict[str, list[str]]:
    """The files by their set, in the order in which they were drawn."""
    with (folder / "manifest.csv").open(encoding="utf-8") as file:
        source = {row["file"]: row["source"] for row in csv.DictReader(file)}
    ordered = defaultdict(list)
    for shard in sorted(folder.glob("*.tar")):
        with tarfile.open(shard) as archive:
            for member in archive:
                name = member.name.rsplit("/", 1)[-1]
                if member.isfile():
                    ordered[source.get(name, "")].append(name)
    drawn = {
        of: [ordered[of][int(place)] for place in np.random.default_rng(_SEED).permutation(len(ordered[of]))[:count]]
        for of, count in _DRAWN.items()
    }
    return {**drawn, **{of: ordered[of][:count] for of, count in _FIRST.items()}}


def photos(folder: Path = DATA) -> dict[str, list[Photo]]:
    """H W 3 by their set, in the order of `names`."""
    wanted = names(folder)
    every = {name for some in wanted.values() for name in some}
    read: dict[str, Photo] = {}
    for shard in sorted(folder.glob("*.tar")):
        with tarfile.open(shard) as archive:
            for member in archive:
                name = member.name.rsplit("/", 1)[-1]
                if name in every and (file := archive.extractfile(member)) is not None:
                    read[name] = np.asarray(Image.open(io.BytesIO(file.read())).convert("RGB"))
    return {of: [read[name] for name in some] for of, some in wanted.items()}
