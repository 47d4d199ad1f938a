"""Between a document's pixels (8-bit, 16-bit, float; gray or color; encoded or linear) and the unit range networks work in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.imaging.color_spaces import LUMINANCE_WEIGHTS, linear_to_srgb, srgb_to_linear
from huefill.imaging.strips import strips

Array = npt.NDArray[Any]
_FULL_SCALE: dict[np.dtype[Any], float] = {np.dtype(np.uint8): 255.0, np.dtype(np.uint16): 65535.0, np.dtype(np.float32): 1.0}
DTYPES = tuple(_FULL_SCALE)


def split_alpha(image: Array) -> tuple[Array, Array | None]:
    """H W C to color (H W 1 or H W 3) and alpha (H W or None); an even number of channels means the last one is alpha."""
    if image.shape[2] % 2 == 0:
        return image[..., :-1], image[..., -1]
    return image, None


@dataclass(frozen=True)
class Encoding:
    """How a document stores color: ``dtype``, linear light or encoded, and ``peak``, the brightest value that must survive."""

    dtype: np.dtype[Any]
    linear: bool
    peak: float

    @staticmethod
    def of(color: Array, linear: bool) -> Encoding:
        """``color`` of uint8, uint16 or float32; float documents may hold values above 1 (HDR), which set ``peak``."""
        peak = 1.0
        if color.dtype == np.float32 and color.size:
            peak = max(1.0, float(np.nanmax(np.where(np.isfinite(color), color, 0.0))))
        return Encoding(color.dtype, linear, peak)

    def to_unit(self, color: Array) -> npt.NDArray[np.float32]:
        """Document values to sRGB-encoded float32 in [0, 1], same shape; values that are no numbers and negative ones become 0."""
        unit = np.empty(color.shape, np.float32)
        scale = np.float32(1 / (_FULL_SCALE[self.dtype] * self.peak))
        for rows in strips(color.shape):
            band = np.asarray(color[rows], np.float32) * scale
            if self.dtype == np.float32:
                band = np.clip(np.nan_to_num(band, nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)
            unit[rows] = linear_to_srgb(band) if self.linear else band
        return unit

    def from_unit(self, unit: npt.NDArray[np.float32]) -> Array:
        """The way back: [0, 1] sRGB-encoded float32 to document values, rounded to the nearest for integers."""
        unit = np.clip(unit, 0.0, 1.0)
        values = (srgb_to_linear(unit) if self.linear else unit) * np.float32(_FULL_SCALE[self.dtype] * self.peak)
        return np.rint(values).astype(self.dtype) if self.dtype.kind == "u" else values.astype(np.float32)

    def luminance(self, color: Array) -> npt.NDArray[np.float32]:
        """Document values (h W 1 or h W 3) to CIE Y in [0, 1], h W."""
        # Here and not above: the server knows pixels by `tasks.contract`, and starts without OpenCV.
        import cv2

        light = (
            cv2.LUT(np.ascontiguousarray(color), self._light_of_bytes) if self.dtype == np.uint8 else srgb_to_linear(self.to_unit(color))
        )
        if color.shape[2] == 1:
            return np.asarray(light.reshape(color.shape[:2]) * LUMINANCE_WEIGHTS.sum(), np.float32)
        return np.asarray(cv2.transform(light, LUMINANCE_WEIGHTS[None]).reshape(color.shape[:2]), np.float32)

    def from_light(self, light: npt.NDArray[np.float32]) -> Array:
        """Linear light of sRGB in [0, 1] to document values, same shape, rounded to the nearest for integers."""
        values = (light if self.linear else linear_to_srgb(light)) * np.float32(_FULL_SCALE[self.dtype] * self.peak)
        return np.rint(values, out=values).astype(self.dtype) if self.dtype.kind == "u" else values

    @cached_property
    def _light_of_bytes(self) -> npt.NDArray[np.float32]:
        """256: the linear light of every 8-bit value."""
        return srgb_to_linear(self.to_unit(np.arange(256, dtype=np.uint8)[:, None]))[:, 0]


def coverage(alpha: Array | None, shape: tuple[int, int]) -> npt.NDArray[np.float32]:
    """An alpha channel as float32 in [0, 1]; all ones where there is none. What is no number covers nothing."""
    if alpha is None:
        return np.ones(shape, np.float32)
    covered = np.asarray(alpha, np.float32) / np.float32(_FULL_SCALE[alpha.dtype])
    return covered if alpha.dtype.kind == "u" else np.clip(np.nan_to_num(covered, nan=0.0), 0.0, 1.0)


def opaque(alpha: Array) -> npt.NDArray[np.bool_]:
    """Where an alpha channel covers more than half."""
    return np.asarray(alpha > _FULL_SCALE[alpha.dtype] / 2)


def alpha_of(covered: npt.NDArray[np.float32], dtype: np.dtype[Any]) -> Array:
    """A coverage in [0, 1] as an alpha channel of ``dtype``, rounded to the nearest for integers: the way back of `coverage`."""
    if dtype.kind != "u":
        return covered.astype(dtype)
    return np.asarray(np.rint(covered * np.float32(_FULL_SCALE[dtype])), dtype)


def as_rgb(color: Array) -> Array:
    """H W 1 to H W 3 by repeating, H W 3 as it is."""
    return np.repeat(color, 3, axis=2) if color.shape[2] == 1 else color
