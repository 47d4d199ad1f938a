"""What the installer says while it works. Progress goes to stderr, so that the output of a command run through it stays clean."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(text: str = "") -> None:
    """A line of progress, at once."""
    print(text, file=sys.stderr, flush=True)


def tell(text: str = "") -> None:
    """A line of a command's result, at once."""
    print(text, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Says what begins, and how long it took when it is done."""
    say(f"- {what} …")
    begin = time.monotonic()
    yield
    say(f"  done in {seconds(time.monotonic() - begin)}")


def seconds(spent: float) -> str:
    """4.2 s, 75 s, 12 min: as exact as a person wants it."""
    if spent < 10:
        return f"{spent:.1f} s"
    return f"{spent:.0f} s" if spent < 180 else f"{spent / 60:.0f} min"
