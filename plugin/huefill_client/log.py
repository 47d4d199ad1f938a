"""The plugin's own log: what ran, how it ended, and the traceback of what nobody foresaw.

It never holds a picture, a token, a home folder, or the name of a file, a layer, a document or a user. It never stands in the way: where
it cannot be written, everything else goes on.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from huefill_client.redaction import nameless
from huefill_protocol import __version__, locations

_SIZE = 256 << 10
_OLDER = 2
_CAUSES = 5  # of one error, at most
# Errors whose quoted words are names in the code.
_OF_CODE = (AttributeError, ImportError, NameError, TypeError)
_OURS = ("huefill_client", "huefill_protocol", "huefill_krita", "huefill_gimp")

_logger = logging.getLogger("huefill.plugin")
_logger.propagate = False  # the editor's own console is not ours
_logger.addHandler(logging.NullHandler())
_file: Path | None = None


class _Private(RotatingFileHandler):
    """Read and written by its user alone; errors while writing are swallowed."""

    def _open(self) -> Any:
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=_private)

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk must not end an action."""


def begin(editor: str) -> None:
    """Write to the log of the plugin in "krita" or "gimp" from now on."""
    global _file
    target = locations.plugin_log_file(editor)
    with contextlib.suppress(OSError):
        locations.make_private_folder(target.parent)
        handler = _Private(target, maxBytes=_SIZE, backupCount=_OLDER, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        end()
        _logger.addHandler(handler)
        _logger.setLevel(logging.INFO)
        _file = target
        note(f"Huefill {__version__} in {editor}, Python {sys.version.split()[0]}")


def end() -> None:
    """Close the log."""
    global _file
    _file = None
    for handler in [handler for handler in _logger.handlers if isinstance(handler, _Private)]:
        _logger.removeHandler(handler)
        handler.close()


def file() -> Path | None:
    """Where the log lies; None where none is written."""
    return _file


def note(text: str) -> None:
    """One line. ``text`` is ours: an action's id, a state, a code; never what a person has named."""
    _logger.info(text)


def unforeseen(error: BaseException) -> None:
    """Keep the traceback of an error that nobody foresaw, with everything nameless."""
    try:
        text = "\n".join(_lines(error))
    except Exception as another:  # an error whose own words cannot be had must not become a second one
        text = f"{type(error).__name__}, which cannot be told: {type(another).__name__}"
    _logger.error(text)


def watch() -> None:
    """Also keep the errors of ours that nothing catches (in a slot of Qt, in a thread). What was called for them before still is."""
    before, before_in_thread = sys.excepthook, threading.excepthook

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if _is_ours(error):
            unforeseen(error)
        before(kind, error, trace)

    def uncaught_in_thread(happened: threading.ExceptHookArgs) -> None:
        if happened.exc_value is not None and _is_ours(happened.exc_value):
            unforeseen(happened.exc_value)
        before_in_thread(happened)

    sys.excepthook, threading.excepthook = uncaught, uncaught_in_thread


def _is_ours(error: BaseException) -> bool:
    return any(_short(frame.filename).startswith(_OURS) for frame in traceback.extract_tb(error.__traceback__))


def _lines(error: BaseException) -> Iterator[str]:
    """As Python prints it, the latest error first, with places in our code for paths and without what the words quote."""
    following: BaseException | None = error
    for number in range(_CAUSES):
        if following is None:
            return
        yield f"{'because of ' if number else ''}{type(following).__name__}: {_words(following)}"
        for frame in traceback.extract_tb(following.__traceback__):
            yield f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}: {frame.line or ''}"
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _words(error: BaseException) -> str:
    if isinstance(error, OSError):  # its own text names the file
        return f"[Errno {error.errno}] {os.strerror(error.errno) if error.errno else nameless(str(error.strerror or ''))}"
    text = str(error)
    if isinstance(error, _OF_CODE):
        text = text.replace("'", "`")
    return nameless(text)


def _short(path: str) -> str:
    """The place in our code, or the file's name alone."""
    parts = Path(path).parts
    ours = [place for place, part in enumerate(parts) if part in _OURS]
    return "/".join(parts[ours[-1] :]) if ours else parts[-1] if parts else ""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
