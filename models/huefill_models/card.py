"""The card of a network: ``card.json`` beside its files. The one schema, read and written by trainers, importers and the backend.

A card is a JSON object with these keys (`write` makes them; `read` refuses what does not fit)::

    card          2, the schema's version
    name          how people and recipes call it: letters, digits, "-", "_", "."
    role          what it is for: "inpainting", "hints", "colorizer", "halftone", …
    architecture  the folder of `huefill_models` that can build it, "" where none can
    variant       "rgb", "mono" or ""
    title, licence, source, data    sentences; "spdx" the licence's identifier, where there is one
    training      an object: minutes, steps, the recipe's command, …
    options       an object: what the architecture's ``build`` was given
    files         parts by name, {"network": {"file", "bytes", "sha256"}, …}: each file lies beside the card. Data that an ONNX file
                  keeps outside itself is a part of its own. A network of several graphs has a part for each, and none called "network".
    inputs, outputs    tensors by name; each a sentence or an object, see `huefill_models.inpainting.contract`
    sizes         {"minimum", "multiple", "maximum" (of a side; equal minimum and maximum: this size alone), "best": {"area"} in pixels
                  or {"side"} of the longer side in pixels, "reach" in pixels from the rim, at the size the network sees}; all optional
    detail        "exemplar": texture is taken from the photo; "residual": what the network lost by its size is added from the photo
                  around; "none": as the network says it
    color         "keep" the network's colors or have them restored by the "internal" colorizer
    score         numbers by measure: {"hole_psnr": 18.86}. Cards of a role are ranked by the one that `MEASURES` names
    scores        whatever else was measured

Cards of the first version ("task" instead of "role", one file) are still read.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CARD = "card.json"
# The part of a network that has only one.
NETWORK = "network"
VERSION = 2
DETAILS = ("exemplar", "residual", "none")
COLORS = ("keep", "internal")
# The measure in "score" by which cards of a role are ranked; a card that was not measured comes after those that were.
# Networks of hints and of anchors have the same measure: by it, too, one of them is chosen where nothing is said of a photo's colors.
MEASURES = {"inpainting": "hole_psnr", "hints": "automatic_psnr", "anchors": "automatic_psnr"}
# Words that people choose instead of a network: none may be called so.
RESERVED = ("auto", "patch")

_LARGEST_CARD = 8 << 20
_LARGEST_FILE = 1 << 40
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# What the first version called a role, and what its cards left unsaid.
_FORMER_ROLES = {"reconstruction": "inpainting"}
_FORMER_INPAINTING: dict[str, Any] = {
    "variant": "mono",
    "inputs": {"image": {"channels": ["r", "g", "b"], "range": [0, 1]}, "hole": {"channels": ["hole"]}},
    "outputs": {"gray": {"channels": ["gray"], "range": [0, 1]}},
    "sizes": {"minimum": 64, "multiple": 8, "best": {"area": 65536}, "reach": 56},
    "detail": "exemplar",
    "color": "internal",
}


class DamagedCard(ValueError):
    """What is wrong with a card, for a person; "…(it lacks its name)"."""


@dataclass(frozen=True)
class Part:
    """One file of a network: its plain name, its size, its SHA-256."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Sizes:
    """In pixels. ``maximum`` 0: none; ``best_area`` and ``best_side`` (of the longer side) 0: not known; ``reach`` 0: not limited."""

    minimum: int = 1
    multiple: int = 1
    maximum: int = 0
    best_area: int = 0
    best_side: int = 0
    reach: int = 0

    def to_json(self) -> dict[str, Any]:
        """As a card states them."""
        best = {"area": self.best_area} if self.best_area else {"side": self.best_side} if self.best_side else {}
        known = {"minimum": self.minimum, "multiple": self.multiple, "maximum": self.maximum, "best": best, "reach": self.reach}
        return {key: value for key, value in known.items() if value}


@dataclass(frozen=True)
class Card:
    """A card that fits the schema; ``folder`` is where it lies, ``facts`` the whole of it (of a former version: as it would be today)."""

    name: str
    role: str
    folder: Path
    files: Mapping[str, Part]
    architecture: str = ""
    variant: str = ""
    title: str = ""
    licence: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    sizes: Sizes = field(default_factory=Sizes)
    detail: str = "exemplar"
    color: str = "internal"
    score: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def bytes(self) -> int:
        """Of all files together."""
        return sum(part.bytes for part in self.files.values())

    def file(self, part: str = NETWORK) -> Path:
        """Where a part lies; raises KeyError for a part the card does not have."""
        return self.folder / self.files[part].file

    @property
    def rank(self) -> float:
        """What cards of one role are ordered by, the best having most; minus infinity where it was not measured."""
        return self.score.get(MEASURES.get(self.role, ""), -math.inf)

    @property
    def identity(self) -> dict[str, Any]:
        """What a recipe records of a network that took part: ``{"name", "sha256": {part: …}}``."""
        return {"name": self.name, "sha256": {name: part.sha256 for name, part in self.files.items()}}


def part_file(onnx: Path, part: str) -> Path:
    """Where a part of the network that is written to ``onnx`` lies: the only part there, others beside it, "mine_features.onnx"."""
    return onnx if part == NETWORK else onnx.with_name(f"{onnx.stem}_{part}{onnx.suffix}")


def checksum(path: Path) -> str:
    """The file's SHA-256 in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def write(folder: Path, facts: Mapping[str, Any], files: Mapping[str, str]) -> Card:
    """Write ``folder``/card.json: ``facts``, completed by size and checksum of the ``files`` (part: name of a file in ``folder``).

    Whatever a card that lies there already says stays there: the new one replaces it whole, or not at all. Raises `DamagedCard` for facts
    that do not fit the schema.
    """
    parts = {
        part: {"file": name, "bytes": (folder / name).stat().st_size, "sha256": checksum(folder / name)} for part, name in files.items()
    }
    whole = {"card": VERSION, **{key: value for key, value in facts.items() if key not in ("card", "files")}, "files": parts}
    made = from_json(whole, folder)
    text = _compact_lists(json.dumps(whole, indent=1, ensure_ascii=False, allow_nan=False))
    beside = folder / (CARD + ".new")
    beside.write_text(text + "\n", encoding="utf-8")
    os.replace(beside, folder / CARD)
    return made


def read(path: Path) -> Card:
    """The card in the file ``path``; raises `DamagedCard` with the reason, whatever the file holds, and OSError where it cannot be read."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise DamagedCard("it is not a file")
    if status.st_size > _LARGEST_CARD:
        raise DamagedCard(f"it is larger than {_LARGEST_CARD >> 20} MB")
    try:
        facts = json.loads(path.read_bytes().decode("utf-8"), parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise DamagedCard("it is not the JSON of a network's card") from error
    if not isinstance(facts, dict):
        raise DamagedCard("it is not the JSON of a network's card")
    return from_json(facts, path.parent)


def from_json(facts: Mapping[str, Any], folder: Path) -> Card:
    """The card that these ``facts`` are; raises `DamagedCard`."""
    if "card" not in facts and "task" in facts:
        facts = _of_first_version(facts)
    version = facts.get("card")
    if version != VERSION or isinstance(version, bool):
        newer = isinstance(version, int) and not isinstance(version, bool) and version > VERSION
        raise DamagedCard("it was written by a newer Huefill" if newer else "it does not say which version of a card it is")
    name = _text(facts, "name", needed=True)
    if not _NAME.fullmatch(name):
        raise DamagedCard("its name holds more than letters, digits, '-', '_' and '.', or is longer than 64 characters")
    if name in RESERVED:
        raise DamagedCard(f"no network can be called '{name}'")
    for key in ("source", "data", "spdx"):
        _text(facts, key)
    for key in ("training", "options", "scores"):
        _mapping(facts, key)
    score = _mapping(facts, "score")
    if not all(_is_number(value) for value in score.values()):
        raise DamagedCard("its score is not made of numbers")
    return Card(
        name=name,
        role=_text(facts, "role", needed=True),
        folder=folder,
        files=_parts(_mapping(facts, "files")),
        architecture=_text(facts, "architecture"),
        variant=_choice(facts, "variant", ("", "rgb", "mono")),
        title=_text(facts, "title"),
        licence=_text(facts, "licence"),
        inputs=_mapping(facts, "inputs"),
        outputs=_mapping(facts, "outputs"),
        sizes=_sizes(_mapping(facts, "sizes")),
        detail=_choice(facts, "detail", DETAILS),
        color=_choice(facts, "color", COLORS[::-1]),
        score={key: float(value) for key, value in score.items()},
        facts=dict(facts),
    )


def _of_first_version(facts: Mapping[str, Any]) -> dict[str, Any]:
    former = {key: value for key, value in facts.items() if key not in ("task", "file", "bytes", "sha256")}
    task = _text(facts, "task", needed=True)
    part = {key: facts[key] for key in ("file", "bytes", "sha256") if key in facts}
    made = {**former, "card": VERSION, "role": _FORMER_ROLES.get(task, task), "files": {NETWORK: part}}
    if made["role"] == "inpainting":
        return {**made, **_FORMER_INPAINTING}
    sizes = {"multiple": facts.get("multiple", 1), **({"best": {"side": facts["size"]}} if "size" in facts else {})}
    return {**made, "sizes": sizes}


def _parts(files: Mapping[str, Any]) -> dict[str, Part]:
    if not files:
        raise DamagedCard("it lists no files")
    parts = {}
    for name, item in files.items():
        if not isinstance(item, dict):
            raise DamagedCard(f"its part '{name}' is not an object")
        file = _text(item, "file", needed=True)
        if file in (".", "..", CARD) or re.search(r"[/\\:\0-\x1f]", file) or len(file) > 200:
            raise DamagedCard(f"'{_shown(file)}' is not the name of a file beside it")
        sha256 = _text(item, "sha256", needed=True)
        if not _SHA256.fullmatch(sha256):
            raise DamagedCard(f"its part '{name}' has no SHA-256")
        parts[name] = Part(file, _whole(item, "bytes", 1, _LARGEST_FILE), sha256)
    return parts


def _sizes(sizes: Mapping[str, Any]) -> Sizes:
    best = _mapping(sizes, "best")
    made = Sizes(
        minimum=_whole(sizes, "minimum", 1, 1 << 16, 1),
        multiple=_whole(sizes, "multiple", 1, 1 << 16, 1),
        maximum=_whole(sizes, "maximum", 0, 1 << 16, 0),
        best_area=_whole(best, "area", 0, 1 << 32, 0),
        best_side=_whole(best, "side", 0, 1 << 16, 0),
        reach=_whole(sizes, "reach", 0, 1 << 16, 0),
    )
    largest = made.maximum // made.multiple * made.multiple
    if made.maximum and largest < -(-made.minimum // made.multiple) * made.multiple:
        raise DamagedCard("no size lies between its minimum and its maximum")
    return made


def _text(facts: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
    value = facts.get(key, "")
    if not isinstance(value, str):
        raise DamagedCard(f"its {key} is not a text")
    if needed and not value:
        raise DamagedCard(f"it lacks its {key}")
    return value


def _choice(facts: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str:
    """The first of ``allowed`` where the card says nothing."""
    value = _text(facts, key) if key in facts else allowed[0]
    if value not in allowed:
        raise DamagedCard(f"its {key} is '{_shown(value)}', not one of {', '.join(word for word in allowed if word)}")
    return value


def _mapping(facts: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = facts.get(key, {})
    if not isinstance(value, dict):
        raise DamagedCard(f"its {key} is not an object")
    return value


def _whole(facts: Mapping[str, Any], key: str, least: int, most: int, otherwise: int | None = None) -> int:
    value = facts.get(key, otherwise)
    if value is None:
        raise DamagedCard(f"it lacks its {key}")
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise DamagedCard(f"its {key} is not a whole number from {least} to {most}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def _finite(word: str) -> float:
    value = float(word)
    if not math.isfinite(value):
        raise ValueError(f"{word} is too large")
    return value


def _shown(text: str) -> str:
    """A text of a card that need not be printable or short."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:60])


def _compact_lists(text: str) -> str:
    """Lists of numbers, and lists of those, on one line each: a card may state hundreds of colors."""
    number = r"-?[\d.eE+-]+"
    text = re.sub(rf"\[\s+({number}(?:,\s+{number})*)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", text)
    return re.sub(r"\[\s+(\[[^][{}\"]*\](?:,\s+\[[^][{}\"]*\])*)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m[1]) + "]", text)
