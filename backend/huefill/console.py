"""What the command line shows: a progress bar on a terminal, JSON on request, one line for an error."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, NoReturn

import click

from huefill.errors import Cancelled, HuefillError

BAD_INPUT = 2
INTERRUPTED = 130
_NOTHING = "Nothing was written."


class Stopped(Exception):
    """Ctrl+C, with what a person must know of the work that was done by then."""


@contextlib.contextmanager
def errors_are_sentences() -> Iterator[None]:
    """Turn what can go wrong into one line on standard error and an exit status: 2 for what the person can mend, 130 for Ctrl+C."""
    try:
        yield
    except HuefillError as error:
        _leave(f"huefill: {error}", BAD_INPUT)
    except click.UsageError as error:
        _leave(_usage(error), BAD_INPUT)
    except MemoryError:
        _leave("huefill: There is not enough memory for this. Select less, or close other programs.", BAD_INPUT)
    except Stopped as stopped:
        _leave(f"huefill: {stopped}", INTERRUPTED)
    except (Cancelled, KeyboardInterrupt, click.Abort):
        _leave(f"huefill: Stopped. {_NOTHING}", INTERRUPTED)
    except BrokenPipeError:  # the reader of a pipe has gone, as `head` does
        _drop_output()
        sys.exit(1)
    except OSError as error:  # most of all: standard output cannot be written to
        _drop_output()
        named = f"'{error.filename}': " if error.filename else "The report cannot be printed: "
        _leave(f"huefill: {named}{_reason(error)}.", BAD_INPUT)


@contextlib.contextmanager
def leaving_at_once() -> Iterator[None]:
    """While libraries load, Ctrl+C ends the program on the spot: inside them it would become a traceback, or any other error."""

    def leave(*_: object) -> None:
        with contextlib.suppress(OSError):
            os.write(2, f"huefill: Stopped. {_NOTHING}\n".encode())
        os._exit(INTERRUPTED)

    if threading.current_thread() is not threading.main_thread():  # Ctrl+C reaches the main thread alone
        yield
        return
    former = signal.signal(signal.SIGINT, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


def say(line: str, known: str = "") -> None:
    """One line on standard output; where it cannot be printed raises `HuefillError` ("cannot_print"), which says what is ``known``."""
    try:
        click.echo(line)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _drop_output()
        raise HuefillError("cannot_print", f"The report cannot be printed: {_reason(error)}.", known) from None


def print_json(record: dict[str, Any], known: str = "") -> None:
    """One object on one line of standard output; ``known`` as in `say`."""
    say(json.dumps(record, ensure_ascii=False), known)


def warn(line: str) -> None:
    """One line on standard error, which ends nothing."""
    with contextlib.suppress(OSError):
        click.echo(line, err=True)


class Bar:
    """A bar on standard error, on a terminal alone: how much is done of ``total``, and what is being done."""

    def __init__(self, total: float, form: str, quiet: bool) -> None:
        self._bar: Any = None
        if not quiet and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, bar_format=form, file=sys.stderr, leave=False)

    def show(self, done: float, stage: str) -> None:
        if self._bar is not None:
            self._bar.set_description_str(stage, refresh=False)
            self._bar.n = max(self._bar.n, done)
            self._bar.refresh()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def bar_of_photo(quiet: bool) -> Bar:
    return Bar(1.0, "{desc:32.32} {percentage:3.0f}% |{bar}| {elapsed}", quiet)


def bar_of_folder(photos: int, quiet: bool) -> Bar:
    return Bar(float(photos), "{desc:48.48} |{bar}| {n:.0f} of {total:.0f} photos, {elapsed}", quiet)


class Clock:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._begin = time.perf_counter()

    @property
    def seconds(self) -> float:
        return round(time.perf_counter() - self._begin, 3)


def _usage(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx is not None else "huefill"
    message = error.format_message()
    return f"huefill: {message}{'' if message.endswith(('.', '?')) else '.'} '{command} --help' lists what can be given."


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _leave(line: str, status: int) -> NoReturn:
    warn(" ".join(line.split()))
    sys.exit(status)


def _drop_output() -> None:
    """Point standard output at nothing, so that Python does not try once more at its end, and fail with a traceback."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
