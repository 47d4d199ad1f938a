"""Which holes an inpainting network is trained on: free-form strokes, outlines of things, borders, scratches, plain shapes."""

from __future__ import annotations

import numpy as np

from huefill_models.harness.data import PhotoSet
from huefill_models.harness.masks import SHAPES, Mask
from huefill_models.harness.silhouettes import silhouette

SILHOUETTE = "silhouette"
SHARES = {
    "free_form": 0.32,
    SILHOUETTE: 0.3,
    "border": 0.1,
    "lines": 0.05,
    "blob": 0.08,
    "ellipses": 0.08,
    "rectangle": 0.07,
}
# Wires and scratches cover little of a picture.
AREA = (0.005, 0.5)


def hole(rng: np.random.Generator, photos: PhotoSet, size: int) -> Mask:
    """A hole of a kind drawn by `SHARES`, ``size`` x ``size``, drawn again until its share of the picture lies in `AREA`."""
    kinds = list(SHARES)
    kind = kinds[int(rng.choice(len(kinds), p=list(SHARES.values())))]
    for _ in range(100):
        if kind == SILHOUETTE:
            mask = silhouette(rng, photos.photos[int(rng.integers(len(photos)))], size, size)
        else:
            mask = SHAPES[kind](rng, size, size)
        if AREA[0] <= mask.mean() <= AREA[1]:
            return mask
    raise ValueError(f"no hole of the kind {kind} with {AREA} of a picture of {size} x {size} in 100 tries")
