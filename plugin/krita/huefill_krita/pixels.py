"""Krita's color spaces, and how their pixels travel: as Krita keeps them, with alpha last and not premultiplied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from huefill_protocol.wire import BGRA, RGBA

SRGB, LINEAR_SRGB = "sRGB-elle-V2-srgbtrc.icc", "sRGB-elle-V2-g10.icc"
_SIZES = {"U8": 1, "U16": 2, "F16": 2, "F32": 4}
_DTYPES = {"U8": "U8", "U16": "U16", "F32": "F32"}
_CODES: dict[str, Literal["B", "H", "f"]] = {"U8": "B", "U16": "H", "F32": "f"}
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
    def order(self) -> str:
        """The wire's name of the order of the channels: Krita keeps integer RGB as B, G, R, A and everything else in natural order."""
        return BGRA if self.depth in ("U8", "U16") else RGBA

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

    def in_rgb(self) -> Space:
        """The same for a result that has colors though the photo has none."""
        return self if self.model == "RGBA" else Space("RGBA", self.depth, LINEAR_SRGB if self.transfer == "linear" else SRGB)


def gray_in_rgb(pixels: Any, dtype: str) -> bytes:
    """Gray with alpha as RGB with alpha: each gray three times. ``dtype`` is the wire's name of the numbers."""
    gray = memoryview(pixels).cast("B").cast(_CODES[dtype])
    out = memoryview(bytearray(2 * gray.nbytes)).cast(_CODES[dtype])
    for channel in range(3):
        out[channel::4] = gray[::2]
    out[3::4] = gray[1::2]
    return out.tobytes()
