"""What every editor's plugin says to a person: what happened, to what, and what to do.

Backend sentences arrive finished and are shown as they are; these are the ones only an editor's side can know. What names a docker or a
menu of one editor is in that editor's plugin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huefill_client import log
from huefill_protocol.errors import BackendError


@dataclass(frozen=True)
class Sentence:
    """``code`` for programs and tests; ``message`` says what happened and to what; ``remedy`` says what to do."""

    code: str
    message: str
    remedy: str = ""

    @property
    def text(self) -> str:
        return f"{self.message} {self.remedy}".strip()


def told(entries: object) -> tuple[Sentence, ...]:
    """The sentences that the backend sent as a JSON list of {"code", "message", "remedy"}."""
    items = entries if isinstance(entries, list) else []
    return tuple(
        Sentence(str(item.get("code", "")), str(item["message"]), str(item.get("remedy", "")))
        for item in items
        if isinstance(item, dict) and "message" in item
    )


def done(title: str, warnings: Sequence[Sentence], more: str) -> Sentence:
    """What is said of a command that is done: what a person should know of its result, and ``more``."""
    first, *others = [*(warning.message for warning in warnings[:1]), *(warning.text for warning in warnings[1:])] or [""]
    rest = " ".join([*(warning.remedy for warning in warnings[:1]), *others, more])
    return Sentence("done", f"{title}: done. {first}".strip(), rest.strip())


class Problem(Exception):
    """A failure that is told with a sentence; the document is as it was."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


def sentence_for(error: Exception) -> Sentence:
    """What to tell about an exception: its own sentence, or that something unforeseen happened; that goes into the log, too."""
    if isinstance(error, Problem):
        return error.sentence
    if isinstance(error, BackendError):
        return Sentence(error.code, error.message, error.remedy)
    log.unforeseen(error)
    return OUT_OF_MEMORY if isinstance(error, MemoryError) else unexpected(type(error).__name__)


NO_SELECTION = Sentence("no_selection", "Nothing is selected.", "Draw around it with any selection tool and try again.")
NOTHING_PAINTED = Sentence("nothing_painted", "Nothing is painted.", "Paint over what is to go, with any brush.")
NOTHING_TO_MATCH = Sentence("nothing_to_match", "There is nothing to match.", "Choose an open photo or a file, or set a saturation.")
NO_ANCHORS = Sentence(
    "no_anchors",
    "No network is installed that suggests colors for the whole picture.",
    "The colors are likely ones, and at your points those that you choose.",
)
CANCELLED = Sentence("cancelled", "Cancelled; nothing was changed.")
GONE_DOCUMENT = Sentence(
    "document_closed", "The photo was closed while Huefill worked, so the result has no place to go.", "Open it and try again."
)
OUT_OF_MEMORY = Sentence(
    "memory",
    "There is not enough memory left in the editor.",
    "Select a smaller part, or close other photos; the document was not changed.",
)


_UNLOGGED = "The document was not changed. Please report it; no log could be written, so say what you did before."


def empty_layer(name: str) -> Sentence:
    return Sentence("empty_layer", f"The layer “{name}” is empty.", "Click the layer that holds the photo and try again.")


def mask_active(name: str) -> Sentence:
    return Sentence("mask_active", f"“{name}” is a mask, not a photo.", "Click the photo's layer and try again.")


def selection_outside(name: str) -> Sentence:
    return Sentence(
        "selection_outside",
        f"The selection does not touch anything on the layer “{name}”.",
        "Select a part of the photo, or click the layer that holds it.",
    )


def gone_layer(name: str) -> Sentence:
    return Sentence(
        "layer_deleted",
        f"The layer “{name}” was deleted while Huefill worked, so the result has no place to go.",
        "Undo that and try again.",
    )


def canvas_changed(name: str) -> Sentence:
    return Sentence(
        "canvas_changed", f"“{name}” changed its size while Huefill worked, so the result would not fit.", "Nothing was changed; try again."
    )


def unexpected(what: str) -> Sentence:
    """``what`` is the kind of the error; its traceback is in the log, which the sentence names."""
    file = log.file()
    return Sentence(
        "unexpected",
        f"Something unexpected went wrong inside Huefill ({what}).",
        f"The document was not changed. Please report it; the details are in {file}" if file else _UNLOGGED,
    )
