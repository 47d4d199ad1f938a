"""Krita's pixel bytes and the wire's: pure functions on buffers, without Krita and without Qt.

Krita keeps integer RGB as B, G, R, A and everything else in natural order, alpha last; the wire carries R, G, B, A (or
G, A). Alpha is not premultiplied on either side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huefill_client.channels import numbers, with_alpha

SRGB = "sRGB-elle-V2-srgbtrc.icc"
_SIZES = {"U8": 1, "U16": 2, "F16": 2, "F32": 4}
_DTYPES = {"U8": "U8", "U16": "U16", "F32": "F32"}
_CHANNELS = {"RGBA": 4, "GRAYA": 2, "CMYKA": 5}


@dataclass(frozen=True)
class Space:
    """A color space as Krita names it: model ("RGBA"), depth ("U8", "U16", "F16", "F32") and profile name."""

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
    return bytes(_swapped(with_alpha(image, alpha, space.depth, space.channels - 1), space))


def _swapped(pixels: bytes | bytearray, space: Space) -> bytes | bytearray:
    if space.model != "RGBA" or space.depth not in ("U8", "U16"):
        return pixels
    values = numbers(pixels, space.depth)
    first = values[0::4]
    values[0::4] = values[2::4]
    values[2::4] = first
    return values.tobytes()
