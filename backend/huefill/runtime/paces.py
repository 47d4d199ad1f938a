"""How long each kind of work takes on this computer, learned from its last runs and kept in one small file."""

from __future__ import annotations

import json
import math
import os
import tempfile
import threading
from pathlib import Path
from typing import Any

from huefill_protocol import locations

_VERSION = 1
# How much the newest run counts: three quarters of what is known come from the last four.
_NEWEST = 0.3
_MOST = 200


class Paces:
    """Seconds for a unit of work, by the work's name. Threads may share it. A file that is damaged counts as none."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or locations.times_file()
        self._lock = threading.Lock()
        self._known = _read(self._file)
        self._changed = False

    def of(self, work: str) -> float | None:
        """Seconds for a unit of ``work``; None where it was never done here."""
        with self._lock:
            return self._known.get(work)

    def learn(self, work: str, seconds: float, units: float) -> None:
        """``units`` of ``work`` took ``seconds``."""
        if not (math.isfinite(seconds) and math.isfinite(units) and seconds >= 0 and units > 0):
            return
        pace = seconds / units
        with self._lock:
            former = self._known.pop(work, pace)
            self._known[work] = former + _NEWEST * (pace - former)
            while len(self._known) > _MOST:  # the one that was learned longest ago
                del self._known[next(iter(self._known))]
            self._changed = True

    def save(self) -> None:
        """Keep what was learned, readable by its user alone; written beside and moved into place. Raises `OSError`."""
        with self._lock:
            if not self._changed:
                return
            text = json.dumps({"version": _VERSION, "seconds_per_unit": self._known}, indent=1)
            self._changed = False
        locations.make_private_folder(self._file.parent)
        handle, name = tempfile.mkstemp(prefix=".times-", dir=str(self._file.parent))
        try:
            with open(handle, "w", encoding="utf-8") as stream:
                stream.write(text)
            os.replace(name, self._file)
        except BaseException:
            os.unlink(name)
            raise


def _read(file: Path) -> dict[str, float]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict) or content.get("version") != _VERSION or not isinstance(content.get("seconds_per_unit"), dict):
        return {}
    return {name: float(pace) for name, pace in content["seconds_per_unit"].items() if _is_pace(pace)}


def _is_pace(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e6
