"""What a request must satisfy before any work begins, said in sentences."""

from __future__ import annotations

from typing import Any

import numpy as np

from huefill.errors import HuefillError
from huefill.imaging.pixels import DTYPES, Array
from huefill_protocol import choices

PRESETS = choices.values(choices.PRESETS)
GROWTHS = choices.values(choices.GROWTHS)
TRANSFERS = choices.TRANSFERS
METHODS = choices.values(choices.METHODS)
MATCHES = choices.values(choices.MATCHES)


def check_image(image: Any) -> None:
    """H W C with 1 (gray), 2 (gray, alpha), 3 (RGB) or 4 (RGBA) channels, uint8, uint16 or float32."""
    if not isinstance(image, np.ndarray) or image.ndim != 3 or image.shape[2] not in (1, 2, 3, 4) or 0 in image.shape:
        raise HuefillError("bad_image", "The image is not height x width x 1 to 4 channels.")
    if image.dtype not in DTYPES:
        raise HuefillError("bad_image", f"The image has values of type {image.dtype}.", "Use 8-bit, 16-bit or 32-bit float values.")


def check_mask(mask: Any, image: Array) -> None:
    """H W uint8 of the image's size, with something in it."""
    if not isinstance(mask, np.ndarray) or mask.ndim != 2 or mask.dtype != np.uint8:
        raise HuefillError("bad_mask", "The mask is not one channel of 8-bit values.")
    if mask.shape != image.shape[:2]:
        raise HuefillError(
            "mask_size",
            f"The mask is {mask.shape[1]} x {mask.shape[0]} pixels, the image {image.shape[1]} x {image.shape[0]}.",
            "Use a mask of the image's own size.",
        )
    if not mask.any():
        raise HuefillError("empty_mask", "The mask is empty: nothing is selected.", "Select what shall be changed (white in the mask).")


def check_choice(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise HuefillError("bad_request", f"There is no {name} '{value}'.", f"Choose one of {', '.join(allowed)}.")


def check_margins(rim: int, band: int) -> None:
    if not (0 <= rim <= 500 and 0 <= band <= 500):
        raise HuefillError("bad_request", f"A rim of {rim} and a band of {band} pixels cannot be used.", "Use 0 to 500 pixels each.")


def check_seed(seed: int) -> None:
    """A number that every source of chance here takes."""
    if not 0 <= seed < 1 << 31:
        raise HuefillError("bad_request", "The seed is not a whole number from 0 to 2147483647.", "Choose another.")


def check_variants(count: int) -> None:
    """How many pictures to choose from."""
    if not 1 <= count <= choices.MOST_VARIANTS:
        raise HuefillError("bad_request", f"{count} variants cannot be made.", f"Ask for 1 to {choices.MOST_VARIANTS}.")


def check_strength(strength: float) -> None:
    """What all chroma is multiplied by."""
    if not 0 <= strength <= choices.MOST_STRENGTH:
        raise HuefillError(
            "bad_strength",
            f"The strength {strength:g} is not between 0 and {choices.MOST_STRENGTH:g}.",
            "0 is gray, 1 the colors as they are, more makes them stronger.",
        )
