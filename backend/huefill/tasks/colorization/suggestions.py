"""Suggested colors: the likeliest ones of a pixel, far enough apart to be worth a choice (Zhang et al. 2017, section 3.3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.imaging.color_spaces import ciede2000, lab_to_rgb
from huefill.imaging.gamut import clip_to_gamut
from huefill.tasks.colorization.colorizers.protocol import Distribution

Image = npt.NDArray[np.float32]

_ROUNDS = 25
# CIEDE2000 between any two suggestions at least; two swatches side by side are the same color to the eye below about 2.
_DISTINCT = 3.0
# What is less likely than this is not offered to fill a row.
_LEAST_SHARE = 0.005
# Where sRGB keeps less than the first share of the likely chroma, colors are shown at the nearest lightness that keeps the second.
_ENOUGH, _AMPLE = 0.6, 0.9
# Swatches of such a place are no darker and no lighter than this: nearer to black and white a color is hard to see.
_DARKEST, _LIGHTEST = 20.0, 90.0
_MIDDLE = 50.0


def shown_lightness(likely: Distribution, lightness: float) -> float:
    """The lightness in [0, 100] at which the likely colors of a pixel of this ``lightness`` can be shown.

    It is the pixel's own, but for a place so near to white or black that it takes next to no color: then it is a darker or lighter one.
    """
    if _kept(likely, lightness) >= _ENOUGH:
        return lightness
    step = 1.0 if lightness < _MIDDLE else -1.0
    for other in np.arange(max(lightness, _DARKEST) if step > 0 else min(lightness, _LIGHTEST), _MIDDLE, step):
        if _kept(likely, float(other)) >= _AMPLE:
            return float(other)
    return _MIDDLE


def _kept(likely: Distribution, lightness: float) -> float:
    """The share of the likely chroma that sRGB can show at this ``lightness``."""
    wanted = likely.probability @ np.hypot(*likely.ab.T)
    return float(likely.probability @ np.hypot(*_clipped(likely.ab, lightness).T) / wanted) if wanted > 0 else 1.0


def suggested_colors(likely: Distribution, lightness: float, count: int) -> list[dict[str, Any]]:
    """At most ``count`` colors of a pixel of this ``lightness`` in [0, 100], likeliest first, any two of them distinct to the eye.

    Each is {"rgb": three values 0..255, "probability": its share, "ab": two values in units of Lab, "lightness": at which it is shown, see
    `shown_lightness`}, pulled to what sRGB can show there. Fewer where there are no more that are distinct.
    """
    shown = shown_lightness(likely, lightness)
    places, shares = clusters(likely.ab, likely.probability, count)
    ab = _clipped(places, shown)
    kept = _distinct(ab, shown, count)
    if len(kept) < len(ab):
        finer = _clipped(_worth_offering(likely, 4 * count), shown)
        ab = np.concatenate([ab[kept], finer])
        ab = ab[_distinct(ab, shown, count)]
        owner = ((_clipped(likely.ab, shown)[:, None] - ab[None]) ** 2).sum(2).argmin(1)
        shares = np.bincount(owner, likely.probability, len(ab)).astype(np.float32)
        order = np.argsort(-shares, kind="stable")
        ab, shares = ab[order], shares[order]
    rgb = np.clip(lab_to_rgb(_lab(ab, shown)), 0, 1)
    return [
        {
            "rgb": [round(float(value)) for value in 255 * color],
            "probability": round(float(share), 4),
            "ab": [round(float(value), 1) for value in place],
            "lightness": round(shown, 1),
        }
        for color, share, place in zip(rgb, shares, ab, strict=True)
    ]


def _worth_offering(likely: Distribution, count: int) -> Image:
    places, shares = clusters(likely.ab, likely.probability, count)
    return places[shares >= _LEAST_SHARE]


def _distinct(ab: Image, lightness: float, count: int) -> list[int]:
    """Indices of at most ``count`` of ``ab`` N 2, each the first that is distinct from those before it."""
    lab, kept = _lab(ab, lightness), list[int]()
    for index in range(len(lab)):
        if len(kept) < count and (not kept or ciede2000(lab[kept], lab[[index] * len(kept)]).min() >= _DISTINCT):
            kept.append(index)
    return kept


def _clipped(ab: Image, lightness: float) -> Image:
    return clip_to_gamut(np.full((len(ab), 1), lightness, np.float32), ab[:, None])[:, 0]


def _lab(ab: Image, lightness: float) -> Image:
    return np.column_stack([np.full(len(ab), lightness, np.float32), ab])


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
