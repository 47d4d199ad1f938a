"""What a person is told when a call is refused or a job fails: always a code, a sentence and, where there is one, a remedy."""

from __future__ import annotations

import errno
import logging
from dataclasses import dataclass
from pathlib import Path

from huefill.errors import HuefillError

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """The object under ``error`` in every answer of the server."""

    code: str
    message: str
    remedy: str = ""

    def to_wire(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message, "remedy": self.remedy}


class Refusal(Exception):
    """Raised by a route: the answer is ``status`` with ``failure``."""

    def __init__(self, status: int, code: str, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.failure = Failure(code, message, remedy)


def explain(error: BaseException, task: str, log_file: Path | None) -> Failure:
    """The failure of a job in words. What a person cannot act on goes to the log alone, with its traceback."""
    if isinstance(error, HuefillError):
        _log.info("%s: %s", task, error)
        return Failure(error.code, error.message, error.remedy)
    _log.error("%s failed", task, exc_info=error)
    if _is_out_of_memory(error):
        return Failure(
            "memory",
            "There is not enough memory for this job.",
            "Select a smaller region, close other programs, or choose the processor (cpu) instead of the graphics card.",
        )
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        where = f" ({error.filename})" if error.filename else ""
        return Failure("disk_full", f"The disk is full{where}.", "Make room on it and try again. Nothing was changed.")
    details = f"The details are in the log: {log_file}" if log_file else "The details are in the backend's log."
    return Failure("internal", f"The task '{task}' met a fault in Huefill ({type(error).__name__}). Nothing was changed.", details)


def _is_out_of_memory(error: BaseException) -> bool:
    """Python's own error, or that of a library, which is told by its name and text so that no heavy library need be imported."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error).lower()
    return any(phrase in text for phrase in ("can't allocate memory", "cannot allocate memory", "failed to allocate", "out of memory"))
