"""What only the plug-in in GIMP says; everything else is said by `huefill_client.sentences`, for both editors alike."""

from __future__ import annotations

from huefill_client.sentences import Sentence

ONE_LAYER = Sentence("one_layer", "Huefill works on one layer at a time.", "Click the photo's layer in the Layers dialog and try again.")
FLOATING = Sentence("floating", "There is a floating selection.", "Anchor it (Layer ▸ Anchor Layer) and try again.")
NEEDS_RGB = Sentence(
    "needs_rgb",
    "Grayscale and indexed images cannot store new colors.",
    "Tick “Convert the image to RGB” (non-interactive: convert-to-rgb), or choose Image ▸ Mode ▸ RGB first. One undo takes it back.",
)
PAINT_NEXT = (
    "Paint with any color on the layer that comes now, then choose this again, by its shortcut or in the menu: what is painted is removed. "
    "Or paint in the quick mask (Shift+Q): what it selects is removed."
)
INDEXED = "The result gets the nearest colors of this image's palette. To keep all colors, choose Image ▸ Mode ▸ RGB first."


def bad_color(text: str) -> Sentence:
    return Sentence("bad_color", f"“{text}” is not a color.", "Write colors like #c81e28, one for each sample point, with commas between.")


def bad_reference(path: str) -> Sentence:
    return Sentence("bad_reference", f"The reference {path} could not be opened as a picture.", "Choose another file.")
