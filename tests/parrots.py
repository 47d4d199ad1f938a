"""The bundled photo of two parrots as a gray one that a person colors: where the points are put, of the colors that are truly there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

PHOTO = Path(__file__).resolve().parents[1] / "examples/photos/parrots.png"
PLACES = (
    *((460, 130), (620, 200), (540, 400), (700, 300), (475, 230), (512, 175), (590, 430)),  # the red parrot
    *((210, 420), (330, 420), (170, 185), (265, 250), (180, 260), (150, 250), (160, 340), (265, 340)),  # the blue one
    *((60, 180), (330, 330), (420, 300), (40, 440), (230, 60), (520, 40), (620, 60), (700, 120), (400, 150)),
)


def true_colors() -> list[str]:
    """Of each place, as "#c82828"."""
    photo = np.asarray(Image.open(PHOTO).convert("RGB"))
    return ["#{:02x}{:02x}{:02x}".format(*photo[y, x]) for x, y in PLACES]
