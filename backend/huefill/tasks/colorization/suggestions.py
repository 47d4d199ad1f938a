"""Suggested colors: the likeliest ones of a pixel, far enough apart to be worth a choice (Zhang et al. 2017, section 3.3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.imaging.color_spaces import lab_to_rgb
from huefill.imaging.gamut import clip_to_gamut
from huefill.tasks.colorization.colorizers.protocol import Distribution

Image = npt.NDArray[np.float32]

_ROUNDS = 25


def suggested_colors(suggestions: Distribution, lightness: float, count: int) -> list[dict[str, Any]]:
    """At most ``count`` colors of a pixel of this ``lightness`` in [0, 100], likeliest first.

    Each is {"rgb": three values 0..255, "probability": its share, "ab": two values in units of Lab}, pulled to what sRGB can show there.
    """
    centers, shares = clusters(suggestions.ab, suggestions.probability, count)
    here = np.full((len(centers), 1), lightness, np.float32)
    ab = clip_to_gamut(here, centers[:, None])[:, 0]
    rgb = np.clip(lab_to_rgb(np.column_stack([here, ab])), 0, 1)
    return [
        {
            "rgb": [round(float(value)) for value in 255 * color],
            "probability": round(float(share), 4),
            "ab": [round(float(value), 1) for value in place],
        }
        for color, share, place in zip(rgb, shares, ab, strict=True)
    ]


def clusters(places: Image, weights: Image, count: int) -> tuple[Image, Image]:
    """K-means of weighted places N 2: centers K 2 and the weight of each K, heaviest first; K is ``count``, or N where that is less.

    Begins at the heaviest place, then each time where weight times squared distance from the centers so far is greatest, so that the
    same input always gives the same centers. SciPy's ``kmeans2`` takes no weights.
    """
    weight = weights.astype(np.float64)
    begin = [places[int(weight.argmax())].astype(np.float64)]
    while len(begin) < min(count, len(places)):
        distance = np.min([((places - center) ** 2).sum(1) for center in begin], 0)
        begin.append(places[int((weight * distance).argmax())].astype(np.float64))
    centers = np.array(begin)
    for _ in range(_ROUNDS):
        owner = ((places[:, None] - centers[None]) ** 2).sum(2).argmin(1)
        shares = np.bincount(owner, weight, len(centers))
        sums = np.stack([np.bincount(owner, weight * places[:, axis], len(centers)) for axis in (0, 1)], 1)
        centers = np.where(shares[:, None] > 0, sums / np.maximum(shares, 1e-12)[:, None], centers)
    order = np.argsort(-shares)
    return centers[order].astype(np.float32), shares[order].astype(np.float32)
