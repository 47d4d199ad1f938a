"""Color points from a file or an option."""

from __future__ import annotations

import json
from pathlib import Path

from huefill.errors import HuefillError
from huefill.tasks.contract import ColorPoint, points_from_json


def read_points(path: Path | None) -> tuple[ColorPoint, ...]:
    """The points of a JSON file; none without a file. Raises `HuefillError` for a file that cannot be read as points."""
    if path is None:
        return ()
    try:
        return points_from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise HuefillError("no_file", f"There is no file '{path}'.", "Check the name.") from None
    except OSError as error:
        raise HuefillError("cannot_read", f"'{path}' cannot be read: {(error.strerror or str(error)).lower()}.") from None
    except ValueError:
        raise HuefillError("bad_points", f"'{path}' is not JSON.", 'Give a list of {"x", "y", "rgb", "radius"}.') from None


def place(text: str) -> tuple[float, float]:
    """``"120,80"`` as x and y."""
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise HuefillError("bad_place", f"'{text}' is not a place.", "Give X,Y in pixels, for example 120,80.") from None
    return x, y
