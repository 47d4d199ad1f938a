"""Which places of a photo a hint concerns: those that look like its own to a network, and those that are near."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]

# The cosine of two places' features below which they are unlike, and above which they are alike; between, in a line.
_UNLIKE, _ALIKE = 0.1, 0.35
# The distance of the colors that two places have without any hint, in units of ab, at which they are alike to 0.6 of the full.
_COLOR = 9.0
# How far a place counts as near, in longer sides of the picture: at this distance a hint concerns it to 1/e of the full.
_NEAR = 0.12
# What unlike, far places still take: a red sky is some red light everywhere.
_LEAST = 0.03


def influence(features: Image, guess: Image, mask: npt.NDArray[np.bool_]) -> Image:
    """H W in [0, 1]: how much the hints of ``mask`` H W concern each place.

    ``features`` C h w are a map of what the photo shows, ``guess`` H W 2 its likely colors without any hint, in units of Lab.
    """
    channels, height, width = features.shape
    places = features.reshape(channels, -1)
    places = (places - places.mean(1, keepdims=True)) / (places.std(1, keepdims=True) + 1e-6)
    places = places / (np.linalg.norm(places, axis=0) + 1e-6)
    colors = cv2.resize(guess, (width, height), interpolation=cv2.INTER_AREA).reshape(-1, 2)
    hinted = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA).reshape(-1) > 0
    alike = np.clip((places[:, hinted].T @ places - _UNLIKE) / (_ALIKE - _UNLIKE), 0, 1)
    apart = ((colors[hinted, None] - colors[None]) ** 2).sum(2)
    alike = (alike * np.exp(-apart / (2 * _COLOR**2))).max(0).reshape(height, width)
    spread = cv2.resize(alike, mask.shape[::-1], interpolation=cv2.INTER_CUBIC)
    away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5) / max(mask.shape)
    heard = np.maximum(np.clip(spread, 0, 1), np.exp(-away / _NEAR))
    return np.asarray(_LEAST + (1 - _LEAST) * heard, np.float32)
