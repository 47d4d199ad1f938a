"""What people are told when something cannot be done: the same words in the editor, the command line and the log."""

from __future__ import annotations

from dataclasses import asdict, dataclass


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


@dataclass(frozen=True)
class Caution:
    """What a person should know of something that is done all the same; ``code``, ``message`` and ``remedy`` as `HuefillError` has them."""

    code: str
    message: str
    remedy: str = ""

    def to_wire(self) -> dict[str, str]:
        """As JSON takes it."""
        return asdict(self)


class Cancelled(Exception):
    """Raised inside a running task when its owner has asked it to stop, or has gone."""
