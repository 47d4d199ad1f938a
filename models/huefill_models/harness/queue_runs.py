"""The runs of a queue of trainings: what its file says of them, how far they are, which is next."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huefill_models.harness import checkpoint
from huefill_models.harness.loop import CHECKPOINT, LOG

_LOSS = "l1"


class BadQueue(ValueError):
    """A queue's file is not what it has to be; the message is for a person."""


@dataclass(frozen=True)
class Entry:
    """One run: its schedule is ``minutes`` of one core long; ``arguments`` go to the recipe."""

    name: str
    architecture: str
    minutes: float
    variant: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    start: str = ""
    only: str = ""

    def options(self) -> list[str]:
        """Its part of the training's command line."""
        named = {"variant": self.variant, "start": self.start, "only": self.only, **self.arguments}
        return [text for key, value in named.items() if value != "" for text in ("--" + key.replace("_", "-"), str(value))]


@dataclass(frozen=True)
class Standing:
    """How far a run is: minutes of one core, steps, its last reading of the loss; ``failed``: its last slice did not end well."""

    minutes: float = 0.0
    steps: int = 0
    loss: float | None = None
    failed: bool = False


def read(path: Path) -> list[Entry]:
    """The runs in the queue's file, in its order; raises BadQueue."""
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadQueue(f"the queue {path} cannot be read ({error})") from error
    if not isinstance(listed, list):
        raise BadQueue(f"the queue {path} is no list of runs")
    entries = []
    for number, one in enumerate(listed, 1):
        try:
            entry = Entry(**one)
            if not re.fullmatch(r"[\w.-]+", entry.name) or entry.name.startswith(".") or not entry.minutes > 0:
                raise TypeError("the name is letters, digits, '_', '-', '.'; minutes is more than 0")
        except TypeError as error:
            raise BadQueue(f"run {number} of the queue {path} is wrong: {error}") from error
        entries.append(entry)
    if len({entry.name for entry in entries}) != len(entries):
        raise BadQueue(f"two runs of the queue {path} have one name: their folders would be the same")
    return entries


def standing(folder: Path, entry: Entry, *, failed: bool = False) -> Standing:
    """How far the run is, by its checkpoint in ``folder``."""
    path = folder / entry.name / CHECKPOINT
    if not path.exists():
        return Standing(failed=failed)
    state = checkpoint.load(path)
    return Standing(state["seconds"] / 60, state["step"], _last_loss(folder / entry.name / LOG), failed)


def next_of(entries: Sequence[Entry], standings: Mapping[str, Standing]) -> Entry | None:
    """The unfinished run with the fewest minutes behind it, the first of these; None if all are finished."""
    unfinished = [entry for entry in entries if standings[entry.name].minutes < entry.minutes]
    return min(unfinished, key=lambda entry: standings[entry.name].minutes, default=None)


def table(entries: Sequence[Entry], standings: Mapping[str, Standing]) -> str:
    """For a person to read: a line a run."""
    width = max([len(entry.name) for entry in entries] + [3])
    lines = [f"{'run':{width}} {'minutes':>8} {'of':>6} {'steps':>8} {_LOSS:>7}"]
    for entry in entries:
        at = standings[entry.name]
        loss = f"{at.loss:7.4f}" if at.loss is not None else f"{'-':>7}"
        word = "  failed: see its output.txt" if at.failed else "  done" if at.minutes >= entry.minutes else ""
        lines.append(f"{entry.name:{width}} {at.minutes:8.1f} {entry.minutes:6.0f} {at.steps:8d} {loss}{word}")
    return "\n".join(lines)


def _last_loss(log: Path) -> float | None:
    try:
        last = log.read_text(encoding="utf-8").strip().splitlines()[-1]
        return float(json.loads(last)[_LOSS])
    except (OSError, ValueError, KeyError, IndexError):
        return None
