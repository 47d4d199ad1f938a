"""Colors of one picture for another by likeness: each place takes those of the places that resemble it.

Places are compared by the maps that a network makes of gray pictures, by lightness and by height in the picture. What is like what was
never learned here: colors go along attention over the reference's places, as in He et al. 2018 (deep exemplar-based colorization).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.resample import resize
from huefill.imaging.upsample import lift_chroma

Image = npt.NDArray[np.float32]

# Pixels of a picture on a side of a place.
_PLACE = 8
# What unlike lightness (in squares of so many units of L, at most so many squares) and height (of the whole picture) take from the cosine,
# and how much less like a place is that gets 1/e of the attention. All that has a number here was chosen by benchmarks/match_choose.py.
_LIGHTNESS, _UNITS, _MOST_SQUARES, _HEIGHT = 0.1, 25.0, 4.0, 0.3
_SHARP = 0.06
# How far likeness is trusted: the logistic function of likeness of the place, of the picture on the mean, and a constant.
_OF_PLACE, _OF_PICTURE, _CONSTANT = 3.0, 7.0, -3.9
# OpenCV resizes no more channels than this at once.
_CHANNELS = 64


@dataclass(frozen=True)
class Places:
    """A picture as N places of a grid of ``shape`` (height, width), row by row.

    ``maps`` each N C, ``lightness`` N in [0, 100], ``height`` N in [0, 1] from the top.
    """

    shape: tuple[int, int]
    maps: tuple[Image, ...]
    lightness: Image
    height: Image

    @staticmethod
    def of(lightness: Image, maps: Sequence[Image]) -> Places:
        """``lightness`` H W in [0, 100], and what a network says of it: each of the ``maps`` C h w, of any size."""
        shape = (max(1, lightness.shape[0] // _PLACE), max(1, lightness.shape[1] // _PLACE))
        height = np.repeat((np.arange(shape[0], dtype=np.float32) + 0.5) / shape[0], shape[1])
        return Places(shape, tuple(_at_places(one, shape) for one in maps), resize(lightness, shape).ravel(), height)

    @property
    def bytes(self) -> int:
        return sum(one.nbytes for one in (*self.maps, self.lightness, self.height))


def _at_places(one: Image, shape: tuple[int, int]) -> Image:
    """C h w to N C."""
    way = cv2.INTER_AREA if one.shape[1] > shape[0] else cv2.INTER_LINEAR
    parts = [np.ascontiguousarray(np.moveaxis(one[first : first + _CHANNELS], 0, 2)) for first in range(0, len(one), _CHANNELS)]
    sized = [cv2.resize(part, shape[::-1], interpolation=way).reshape(*shape, part.shape[2]) for part in parts]
    return np.concatenate(sized, 2).reshape(shape[0] * shape[1], len(one)).astype(np.float32)


@dataclass(frozen=True)
class Matched:
    """``ab`` h w 2 in units of Lab, and ``share`` h w in [0, 1]: how far it is trusted."""

    ab: Image
    share: Image

    def lifted(self, lightness: Image) -> Matched:
        """The same at the size of the H W ``lightness`` in [0, 100], along its edges."""
        gray, shape = np.asarray(lightness / 100, np.float32), (lightness.shape[0], lightness.shape[1])
        small = resize(gray, self.share.shape)
        return Matched(lift_chroma(self.ab, small, gray, radius=1), np.clip(resize(self.share, shape), 0, 1))

    def mixed(self, ab: Image, *, alone: bool = False) -> Image:
        """``ab`` H W 2, what is known otherwise, drawn towards the matched colors as far as they are trusted; ``alone``: all the way."""
        return self.ab if alone else np.asarray(ab + self.share[..., None] * (self.ab - ab), np.float32)


def matched(target: Places, reference: Places, ab: Image, visible: npt.NDArray[np.bool_]) -> Matched:
    """Colors for the places of ``target``: ``ab`` N 2 are those of the places of ``reference``, of which only the ``visible`` ones count.

    Raises ValueError where none is visible.
    """
    if not visible.any():
        raise ValueError("no place of the reference is visible")
    likeness = np.zeros((len(target.lightness), int(visible.sum())), np.float32)
    for one, other in zip(target.maps, reference.maps, strict=True):
        # What both pictures have everywhere tells no place from another.
        mean = np.concatenate([one, other[visible]]).mean(0)
        likeness += _unit(one - mean) @ _unit(other[visible] - mean).T
    likeness /= len(target.maps)
    squares = ((target.lightness[:, None] - reference.lightness[visible][None]) / _UNITS) ** 2
    likeness -= _LIGHTNESS * np.minimum(squares, _MOST_SQUARES)
    likeness -= _HEIGHT * (target.height[:, None] - reference.height[visible][None]) ** 2
    attention = np.exp((likeness - likeness.max(1, keepdims=True)) / _SHARP)
    attention /= attention.sum(1, keepdims=True)
    like = (attention * likeness).sum(1)
    share = 1 / (1 + np.exp(-(_OF_PLACE * like + _OF_PICTURE * like.mean() + _CONSTANT)))
    colors = attention @ ab[visible]
    return Matched(np.asarray(colors.reshape(*target.shape, 2), np.float32), np.asarray(share.reshape(target.shape), np.float32))


def _unit(vectors: Image) -> Image:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6), np.float32)
