"""A person's remembered choices. A file that is damaged or from another version never stands in the way: defaults are used."""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from huefill_protocol import choices, locations


def _is_number(value: object, least: float, most: float) -> bool:
    return not isinstance(value, bool) and isinstance(value, (int, float)) and least <= value <= most


# An engine may be a network that is installed only at another time: any name is kept.
_POSSIBLE: dict[str, Callable[[object], bool]] = {
    "engine": choices.is_name,
    "preset": lambda value: value in choices.values(choices.PRESETS),
    "grow": lambda value: value in choices.values(choices.GROWTHS),
    "sample": lambda value: value in choices.values(choices.SAMPLES),
    "brush": lambda value: value in choices.values(choices.BRUSH_ENDS),
    "sensitivity": lambda value: _is_number(value, 0, 1),
    "width": lambda value: isinstance(value, int) and _is_number(value, 0, choices.WIDEST_SCRATCH),
    "kinds": lambda value: value in choices.values(choices.KINDS),
    "device": lambda value: value in choices.values(choices.DEVICES),
}


@dataclass(frozen=True)
class Settings:
    engine: str = "auto"
    preset: str = "fast"
    grow: str = "auto"
    sample: str = choices.SAMPLE_RESULTS
    device: str = "auto"
    brush: str = choices.BRUSH_STROKE
    sensitivity: float = 0.5
    width: int = 0
    kinds: str = choices.BOTH

    @staticmethod
    def load(file: Path | None = None) -> Settings:
        """What was saved; the default for everything that is missing or makes no sense."""
        try:
            values = json.loads((file or locations.settings_file()).read_text("utf-8"))
        except (OSError, ValueError):
            return Settings()
        if not isinstance(values, dict):
            return Settings()
        return Settings(**{name: values[name] for name, is_possible in _POSSIBLE.items() if is_possible(values.get(name))})

    def save(self, file: Path | None = None) -> None:
        """Written beside and moved into place, so that an interruption leaves the old or the new. Raises `OSError`."""
        target = file or locations.settings_file()
        locations.make_private_folder(target.parent)
        handle, name = tempfile.mkstemp(prefix=".settings-", dir=str(target.parent))
        try:
            with open(handle, "w", encoding="utf-8") as stream:
                json.dump(dataclasses.asdict(self), stream, indent=2)
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
