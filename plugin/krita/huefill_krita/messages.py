"""What only the plugin in Krita says; everything else is said by `huefill_client.sentences`, for both editors alike."""

from __future__ import annotations

from huefill_client.sentences import Sentence

NO_DOCUMENT = Sentence("no_document", "No photo is open.", "Open one and select what you want to change.")
NO_LAYER = Sentence("no_layer", "No layer is active.", "Click the photo's layer in the Layers docker.")
BUSY = Sentence("busy", "Huefill is still working.", "Wait until it is done, or cancel it in the Huefill docker.")
PAINT = Sentence("paint", "Paint over what is to go.", "It is removed when you have lifted the brush. Esc ends this.")
PAINT_AND_ENTER = Sentence("paint", "Paint over what is to go.", "Enter removes all that is painted. Esc ends this.")
NOT_OPEN = Sentence("not_open", "No photo is being colored.", "Press “Color This Photo” in Huefill's tab Color.")
GRAY_DOCUMENT = Sentence(
    "gray_document",
    "This document is gray: Krita would show a color layer in it as gray.",
    "Convert it to RGB first, by the button below or in Krita's menu Image.",
)
REPORT_COPIED = Sentence("report_copied", "The report is on the clipboard.", "Paste it where you report the problem.")


def locked_layer(name: str) -> Sentence:
    return Sentence("locked_layer", f"The layer “{name}” is locked.", "Unlock it in the Layers docker, or pick another layer.")


def put_elsewhere(document: str) -> str:
    """What is added where a result went into a document that another tab shows."""
    return f"Put into “{document}”, which is not shown."


def seen_before(title: str) -> Sentence:
    return Sentence("seen_before", "You see the photo before.", f"“{title}” is hidden.")


def seen_after(title: str) -> Sentence:
    return Sentence("seen_after", f"You see “{title}”.", "Other tries at its place are hidden.")


def result_closed(document: str) -> Sentence:
    return Sentence("result_closed", f"“{document}” is closed.", "Open it to see its layers.")


def result_deleted(title: str) -> Sentence:
    return Sentence("result_deleted", f"The layer “{title}” is no longer there.", "Undo brings it back; Again makes it anew.")


def choice_not_kept(why: str) -> Sentence:
    return Sentence("choice_not_kept", f"The choice is used now but was not saved: {why}.", "Make room on the disk and choose again.")


def bad_reference(path: str) -> Sentence:
    return Sentence("bad_reference", f"{path} could not be opened as a picture.", "Choose another file.")


def no_log(path: str) -> Sentence:
    return Sentence("no_log", "There is no log yet.", f"It will be {path} as soon as the backend has run.")


def log_lies_at(path: str) -> Sentence:
    return Sentence("log_lies_at", "No program on this desktop shows log files.", f"Open it by hand: {path}")


# What a person can put right at once by a click; everything else counts as a failure.
TOLD = (
    "no_document",
    "no_layer",
    "no_selection",
    "nothing_painted",
    "busy",
    "empty_layer",
    "locked_layer",
    "mask_active",
    "selection_outside",
    "empty_mask",
    "nothing_known",
    "nothing_transparent",
)
