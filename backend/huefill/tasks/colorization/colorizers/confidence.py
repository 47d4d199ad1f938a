"""How sure a network is of the color of each place, from how likely it says each color is: coarse maps, lifted along the photo later."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.hint_influence import influence
from huefill.imaging.resample import resize
from huefill.imaging.upsample import lift_chroma

Image = npt.NDArray[np.float32]

# The spread of likely colors, in units of ab, that leaves 1/e of being sure. The spread tells errors within a photo better than the share
# of what is close to the mean does, and without steps (benchmarks/confidence.py).
_SPREAD = 20.0
# The variance of gray below which a window counts as flat: what is sure follows edges, not texture.
_FLAT = 4e-3


def steadiness(ab: Image, probability: Image) -> Image:
    """T in [0, 1], of each of ``probability`` T N over the colors ``ab`` N 2: 1 where a single color is likely."""
    mean = probability @ ab
    variance = probability @ (ab**2).sum(1) - (mean**2).sum(1)
    return np.asarray(np.exp(-np.maximum(variance, 0) / _SPREAD**2), np.float32)


def with_hints(sure: Image, features: Image | None, guess: Image, mask: npt.NDArray[np.bool_]) -> Image:
    """``sure`` h w of a picture without hints, raised to 1 at the hints of ``mask`` H W and towards it where they concern a place.

    ``features`` and ``guess`` as `huefill.imaging.hint_influence.influence` takes them; None where a network says nothing of the kind.
    """
    if not mask.any():
        return sure
    size = sure.shape[::-1]
    hinted = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
    concerned = hinted if features is None else cv2.resize(influence(features, guess, mask), size, interpolation=cv2.INTER_AREA)
    return np.where(hinted, 1, sure + (1 - sure) * concerned).astype(np.float32)


def lift(sure: Image, lightness: Image) -> Image:
    """``sure`` h w to the size of the H W ``lightness`` in [0, 100], along its edges; in [0, 1]."""
    gray = np.asarray(lightness / 100, np.float32)
    shape = (min(sure.shape[0], gray.shape[0]), min(sure.shape[1], gray.shape[1]))
    return np.clip(lift_chroma(resize(sure, shape)[..., None], resize(gray, shape), gray, radius=1, eps=_FLAT)[..., 0], 0, 1)
