"""What the client tells a person when the backend cannot be had or has refused; the words are shown as they are."""

from __future__ import annotations


class BackendError(Exception):
    """``code`` is a short stable name for programs, ``message`` says what happened, ``remedy`` what to do (may be empty)."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.code = code
        self.message = message
        self.remedy = remedy


class Cancelled(Exception):
    """The person has asked to stop while the client was still connecting or sending."""
