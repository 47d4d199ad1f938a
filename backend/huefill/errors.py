"""What people are told when something cannot be done: the same words in the editor, the command line and the log."""

from __future__ import annotations


class HuefillError(Exception):
    """A failure that a person can do something about.

    ``code`` is a short stable name for programs (``empty_mask``); ``message`` is one sentence that says what happened
    and to what; ``remedy`` is one sentence that says what to do.
    """

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.code = code
        self.message = message
        self.remedy = remedy


class Cancelled(Exception):
    """Raised inside a running task when its owner has asked it to stop, or has gone."""
