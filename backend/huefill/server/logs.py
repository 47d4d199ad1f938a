"""The backend's log: one file that never grows beyond a few megabytes and never holds the token."""

from __future__ import annotations

import logging
import os
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from huefill_protocol.locations import make_private_folder

_SIZE = 1 << 20
_OLDER = 3


class _Redacting(logging.Formatter):
    def __init__(self, token: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._token = token

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The first line: a message that repeats what somebody sent must not look like several."""
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """The whole text, tracebacks included."""
        return super().format(record).replace(self._token, "[token]")


class _PrivateFile(RotatingFileHandler):
    """Readable by its user alone, also after a rotation; what cannot be encoded is written as an escape."""

    def _open(self) -> Any:
        return open(
            self.baseFilename,
            self.mode,
            encoding="utf-8",
            errors="backslashreplace",
            opener=lambda path, flags: os.open(path, flags, 0o600),
        )


def open_log(file: Path, token: str) -> None:
    """Send all logging and Python warnings to ``file``; to standard error where it cannot be written (a full disk, a read-only folder)."""
    handler: logging.Handler
    try:
        make_private_folder(file.parent)
        handler = _PrivateFile(file, maxBytes=_SIZE, backupCount=_OLDER)
    except OSError as error:
        print(f"The log {file} cannot be written: {error}", file=sys.stderr)
        handler = logging.StreamHandler()
    handler.setFormatter(_Redacting(token))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.captureWarnings(True)
