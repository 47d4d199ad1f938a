"""What the command line shows: a progress bar on a terminal, one JSON object on request, one line for an error."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from typing import Any, NoReturn

import click

from huefill.errors import Cancelled, HuefillError
from huefill.runtime.progress import Progress, Update

BAD_INPUT = 2
INTERRUPTED = 130


@contextlib.contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress]:
    """A Progress that draws on standard error when that is a terminal, and nothing otherwise."""
    if quiet or not sys.stderr.isatty():
        yield Progress()
        return
    from tqdm import tqdm

    form = "{desc:24.24} {percentage:3.0f}% |{bar}| {elapsed}"
    with tqdm(total=1.0, bar_format=form, file=sys.stderr, leave=False) as bar:

        def draw(update: Update) -> None:
            bar.set_description_str(update.stage, refresh=False)
            bar.n = max(bar.n, update.fraction)
            bar.refresh()

        yield Progress(draw)


@contextlib.contextmanager
def errors_are_sentences() -> Iterator[None]:
    """Turn what can go wrong into one line on standard error and an exit status: 2 for what the person can mend, 130 for Ctrl+C."""
    try:
        yield
    except HuefillError as error:
        _leave(f"huefill: {error}", BAD_INPUT)
    except MemoryError:
        _leave("huefill: There is not enough memory for this. Select less, or close other programs.", BAD_INPUT)
    except (Cancelled, KeyboardInterrupt):
        _leave("huefill: Stopped. Nothing was written.", INTERRUPTED)


def _leave(line: str, status: int) -> NoReturn:
    click.echo(" ".join(line.split()), err=True)
    sys.exit(status)


def print_json(record: dict[str, Any]) -> None:
    """One object on one line of standard output."""
    click.echo(json.dumps(record, ensure_ascii=False))


class Clock:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._begin = time.perf_counter()

    @property
    def seconds(self) -> float:
        return round(time.perf_counter() - self._begin, 3)
