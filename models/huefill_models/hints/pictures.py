"""Pictures to train on: photographs drawn as often as their kind asks for, cropped, and as other cameras would have taken them."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
import numpy.typing as npt

from huefill_models.harness.data import Photo, PhotoSet

Image = npt.NDArray[np.float32]

_FILTERS = (cv2.INTER_CUBIC, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4, cv2.INTER_AREA, cv2.INTER_LINEAR)
_THUMBNAIL = 32


class Album:
    """The photographs of a `PhotoSet` with how often each is drawn.

    ``shares`` by the beginning of the name, up to its first "_"; 1 where nothing is said. Photographs whose mean chroma is below
    ``least_chroma`` are never drawn: they would teach that the world is gray.
    """

    def __init__(self, photos: PhotoSet, shares: Mapping[str, float], least_chroma: float) -> None:
        self.photos = photos
        weights = [shares.get(name.split("_")[0], 1.0) for name in photos.names]
        weights = [weight * (_chroma(photo) >= least_chroma) for weight, photo in zip(weights, photos.photos, strict=True)]
        if not sum(weights):
            raise SystemExit("none of the photographs has color: a network cannot learn it from them")
        self.until = np.cumsum(weights) / np.sum(weights)

    def draw(self, rng: np.random.Generator, size: int, *, squeezed: float) -> Photo:
        """A square of ``size`` pixels: with the chance ``squeezed`` a whole photo, else a part of it; mirrored at random."""
        photo = self.photos.photos[int(np.searchsorted(self.until, rng.random(), side="right"))]
        piece = photo if rng.random() < squeezed else _part(rng, photo)
        reduced = min(piece.shape[:2]) > 1.15 * size
        how = cv2.INTER_AREA if reduced else _FILTERS[int(rng.integers(len(_FILTERS)))]
        piece = np.asarray(cv2.resize(piece, (size, size), interpolation=how), np.uint8)
        if rng.random() < 0.5:
            piece = piece[:, ::-1]
        if rng.random() < 0.3:
            gain, lift = rng.uniform(0.7, 1.25), rng.uniform(-20, 20)
            piece = np.clip(piece * np.float32(gain) + np.float32(lift), 0, 255).astype(np.uint8)
        return np.ascontiguousarray(piece)


def otherwise_taken(rng: np.random.Generator, lightness: Image) -> Image:
    """``lightness`` H W in [0, 100] as another camera, film or scan would have it: sharper or softer, other tones, with grain."""
    kind = rng.random()
    if kind < 0.45:
        soft = cv2.GaussianBlur(lightness, (0, 0), rng.uniform(0.5, 1.6))
        lightness = lightness + np.float32(rng.uniform(0.2, 1.4)) * (lightness - soft)
    elif kind < 0.55:
        lightness = np.asarray(cv2.GaussianBlur(lightness, (0, 0), rng.uniform(0.4, 1.2)), np.float32)
    if rng.random() < 0.3:
        lightness = np.asarray(100 * np.clip(lightness / 100, 0, 1) ** np.exp(rng.uniform(-0.35, 0.35)), np.float32)
    if rng.random() < 0.25:
        grain = rng.normal(0, rng.uniform(0.5, 5), lightness.shape).astype(np.float32)
        if rng.random() < 0.5:
            grain = np.asarray(1.6 * cv2.GaussianBlur(grain, (0, 0), 0.7), np.float32)
        lightness = lightness + grain
    return np.clip(lightness, 0, 100).astype(np.float32)


def _part(rng: np.random.Generator, photo: Photo) -> Photo:
    """Half to the whole of the shorter side, now and then less, nearly square."""
    height, width = photo.shape[:2]
    side = rng.uniform(0.5 if rng.random() < 0.7 else 0.3, 1.0) * min(height, width)
    stretched = np.exp(rng.uniform(-0.25, 0.25))
    rows, columns = int(min(height, max(48, side * stretched))), int(min(width, max(48, side / stretched)))
    top, left = int(rng.integers(height - rows + 1)), int(rng.integers(width - columns + 1))
    return photo[top : top + rows, left : left + columns]


def _chroma(photo: Photo) -> float:
    """The mean chroma, in units of CIE Lab."""
    small = cv2.resize(photo, (_THUMBNAIL, _THUMBNAIL), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    return float(np.hypot(lab[..., 1], lab[..., 2]).mean())
