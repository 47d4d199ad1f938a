"""Everything the plugin says to a person: what happened, to what, and what to do.

Backend sentences arrive finished and are shown as they are; these are the ones only the editor can know.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """``code`` for programs and tests; ``message`` says what happened and to what; ``remedy`` says what to do."""

    code: str
    message: str
    remedy: str = ""

    @property
    def text(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Problem(Exception):
    """A failure that is told with a sentence; the document is as it was."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


def sentence_for(error: Exception) -> Sentence:
    """What to tell about an exception: its own sentence, or that something unforeseen happened."""
    if isinstance(error, Problem):
        return error.sentence
    if isinstance(error, MemoryError):
        return OUT_OF_MEMORY
    return unexpected(repr(error))


NO_DOCUMENT = Sentence("no_document", "No photo is open.", "Open one and select what you want to change.")
NO_LAYER = Sentence("no_layer", "No layer is active.", "Click the photo's layer in the Layers docker.")
NO_SELECTION = Sentence("no_selection", "Nothing is selected.", "Draw around it with any selection tool and try again.")
BUSY = Sentence("busy", "Huefill is still at work.", "Wait until it is done, or cancel it in the Huefill docker.")
CANCELLED = Sentence("cancelled", "Cancelled; nothing was changed.")
GONE_DOCUMENT = Sentence(
    "document_closed", "The photo was closed while Huefill worked, so the result has no place to go.", "Open it and try again."
)
OUT_OF_MEMORY = Sentence(
    "memory", "Krita has not enough memory left for this.", "Select a smaller part, or close other photos; the document was not changed."
)


def empty_layer(name: str) -> Sentence:
    return Sentence("empty_layer", f"The layer “{name}” is empty.", "Click the layer that holds the photo and try again.")


def locked_layer(name: str) -> Sentence:
    return Sentence("locked_layer", f"The layer “{name}” is locked.", "Unlock it in the Layers docker, or pick another layer.")


def own_layer(name: str) -> Sentence:
    return Sentence("own_layer", f"The layer “{name}” is itself a result of Huefill.", "Click the photo's layer beneath it and try again.")


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
    return Sentence(
        "unexpected",
        f"Something went wrong inside Huefill: {what}.",
        "The document was not changed. Copy the diagnostics from the Huefill docker when you report it.",
    )


def incomplete_plugin(why: str) -> Sentence:
    return Sentence(
        "plugin_incomplete", f"Huefill could not start inside Krita: {why}.", "Run “python3 installer krita” again, then restart Krita."
    )


def choice_not_kept(why: str) -> Sentence:
    return Sentence("choice_not_kept", f"The choice holds for now but was not saved: {why}.", "Make room on the disk and choose again.")


def no_log(path: str) -> Sentence:
    return Sentence("no_log", "There is no log yet.", f"It will be {path} as soon as the backend has run.")


def log_lies_at(path: str) -> Sentence:
    return Sentence("log_lies_at", "No program on this desktop shows log files.", f"Open it by hand: {path}")


DIAGNOSTICS_COPIED = Sentence("diagnostics_copied", "The diagnostics are on the clipboard.", "Paste them where you report the problem.")

# What a person can put right at once by a click; everything else counts as a failure.
TOLD = (
    "no_document",
    "no_layer",
    "no_selection",
    "busy",
    "empty_layer",
    "locked_layer",
    "own_layer",
    "mask_active",
    "selection_outside",
    "empty_mask",
    "nothing_known",
    "nothing_transparent",
)
