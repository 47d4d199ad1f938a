"""Color points from a file or an option."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from huefill.errors import HuefillError
from huefill.files.read import read_bytes
from huefill.tasks.contract import ANCHOR, POINT, ColorPoint, points_from_json


def read_anchors(path: Path) -> tuple[ColorPoint, ...]:
    """The points of a JSON file, anchors unless it says otherwise. Raises as `read_points`."""
    return _read(path, ANCHOR)


def read_points(path: Path) -> tuple[ColorPoint, ...]:
    """The points of a JSON file, which are a person's, also where it lists anchors.

    Raises `HuefillError`, with the file's name, for one that cannot be read as points.
    """
    return tuple(replace(point, kind=POINT) for point in _read(path, POINT))


def _read(path: Path, kind: str) -> tuple[ColorPoint, ...]:
    try:
        items = json.loads(read_bytes(path).decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise HuefillError("bad_points", f"'{path}' is not JSON.", 'Give a list of {"x", "y", "rgb", "radius"}.') from None
    try:
        return points_from_json(items, kind)
    except HuefillError as error:
        raise HuefillError(error.code, f"'{path}': {error.message}", error.remedy) from None


def place(text: str) -> tuple[float, float]:
    """``"120,80"`` as x and y."""
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise HuefillError("bad_place", f"'{text}' is not a place.", "Give X,Y in pixels, for example 120,80.") from None
    return x, y
