"""Colors from the known places that look most alike, wherever in the picture they lie."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from huefill.internal.watch import Watch

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_COUNT = 8
_SOURCES = 15_000
_CHUNK = 2048


def nearest_colors(features: Image, chroma: Image, known: Mask, wanted: Mask, near: float, seed: int, watch: Watch) -> Image:
    """H W K features, H W 2 chroma valid where ``known``: the mean chroma of the likest known places, where ``wanted``.

    The last two features are the position; ``near`` is its weight against the look. Elsewhere ``chroma`` as it is.
    """
    from scipy.spatial import cKDTree

    space = features.copy()
    space[..., -2:] *= near
    space = space.reshape(-1, space.shape[-1])
    sources = np.flatnonzero(known)
    if len(sources) > _SOURCES:
        sources = np.random.default_rng(seed).choice(sources, _SOURCES, replace=False)
    tree = cKDTree(space[sources])
    colors = chroma.reshape(-1, 2)[sources]
    out = chroma.copy().reshape(-1, 2)
    places = np.flatnonzero(wanted)
    count = min(_COUNT, len(sources))
    for start in range(0, len(places), _CHUNK):
        watch.poll()
        part = places[start : start + _CHUNK]
        distance, found = tree.query(space[part], k=count, eps=0.5, workers=-1)
        distance, found = distance.reshape(len(part), count), found.reshape(len(part), count)
        weight = np.exp(-((distance / (distance[:, :1] + 0.15)) ** 2))
        out[part] = (colors[found] * (weight / weight.sum(1, keepdims=True))[..., None]).sum(1)
    return out.reshape(chroma.shape)
