"""Krita's pixel bytes and the wire's: pure functions on buffers, without Krita and without Qt.

Krita keeps integer RGB as B, G, R, A and everything else in natural order, alpha last; the wire carries R, G, B, A (or
G, A). Alpha is not premultiplied on either side.
"""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass
from typing import Any

SRGB = "sRGB-elle-V2-srgbtrc.icc"
_SIZES = {"U8": 1, "U16": 2, "F16": 2, "F32": 4}
_DTYPES = {"U8": "U8", "U16": "U16", "F32": "F32"}
_CHANNELS = {"RGBA": 4, "GRAYA": 2, "CMYKA": 5}
_CODES = {"U8": "B", "U16": "H", "F32": "f"}


@dataclass(frozen=True)
class Space:
    """A colour space as Krita names it: model ("RGBA"), depth ("U8", "U16", "F16", "F32") and profile name."""

    model: str
    depth: str
    profile: str

    @property
    def channels(self) -> int:
        """Channels of one pixel, alpha included."""
        return _CHANNELS.get(self.model, 4)

    @property
    def pixel_size(self) -> int:
        """Bytes of one pixel."""
        return self.channels * _SIZES.get(self.depth, 4)

    @property
    def dtype(self) -> str:
        """The wire's name of the depth; only for spaces that travel."""
        return _DTYPES[self.depth]

    @property
    def transfer(self) -> str:
        """ "linear" or "srgb": how the numbers relate to light, as far as the profile's name tells."""
        name = self.profile.lower()
        return "linear" if "-g10" in name or "linear" in name else "srgb"

    def travels_as(self) -> Space:
        """The space in which these pixels are sent: RGB and gray as they are (half floats as floats), others as 16-bit sRGB."""
        if self.model not in ("RGBA", "GRAYA"):
            return Space("RGBA", "U16", SRGB)
        return Space(self.model, "F32" if self.depth == "F16" else self.depth, self.profile)


def to_wire(pixels: bytes | bytearray, space: Space) -> bytes:
    """Krita's bytes of a travelling space as the wire wants them: little-endian, R, G, B, A or G, A."""
    return bytes(_swapped(pixels, space))


def from_wire(image: Any, alpha: Any, space: Space) -> bytes:
    """Krita's bytes of a result: ``image`` without alpha (H W C of ``space``), ``alpha`` H W float32 in [0, 1].

    Raises ValueError where the two do not fit together.
    """
    colours = space.channels - 1
    values = _typed(image, space.depth)
    coverage = _typed(alpha, "F32")
    if len(values) != colours * len(coverage):
        raise ValueError(f"{len(values)} values of colour do not fit {len(coverage)} of coverage")
    out = _typed(bytes(len(coverage) * space.pixel_size), space.depth)
    for channel in range(colours):
        out[channel :: space.channels] = values[channel::colours]
    out[colours :: space.channels] = _coverage(coverage, space.depth)
    return bytes(_swapped(out.tobytes(), space))


def _swapped(pixels: bytes | bytearray, space: Space) -> bytes | bytearray:
    if space.model != "RGBA" or space.depth not in ("U8", "U16"):
        return pixels
    values = _typed(pixels, space.depth)
    first = values[0::4]
    values[0::4] = values[2::4]
    values[2::4] = first
    return values.tobytes()


def _typed(pixels: Any, depth: str) -> array[Any]:
    values = array(_CODES[depth])
    values.frombytes(pixels)
    return values


def _coverage(alpha: array[float], depth: str) -> array[Any]:
    if depth == "F32":
        return alpha
    top = 255 if depth == "U8" else 65535
    return array(_CODES[depth], [int(value * top + 0.5) for value in alpha])


if sys.byteorder != "little":  # pragma: no cover - Krita runs on no such machine today; better told than wrong
    raise ImportError("Huefill's pixel exchange is written for little-endian machines.")
