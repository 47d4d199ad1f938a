"""How a layer's pixels travel: in the document's own color space, encoding and depth, as far as the wire knows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from gi.repository import Babl, Gimp

# GIMP's number types: what they are on the wire, and the type in which they are asked for.
_TYPES = {"u8": ("U8", "u8"), "u16": ("U16", "u16")}
_RGB = {"Y": "RGB", "Y'": "R'G'B'", "Y~": "R~G~B~"}
_GRAY = {rgb: gray for gray, rgb in _RGB.items()}
_FLOATS = ("F32", "float")  # also for half, 32-bit integers and double


@dataclass(frozen=True)
class Exchange:
    """``color`` is babl's name of the channels without alpha ("R'G'B'", "RGB", "Y~"…), ``dtype`` the wire's numbers, ``number`` babl's."""

    color: str
    dtype: str
    number: str
    space: Any

    @property
    def colors(self) -> int:
        """Color channels: 1 gray, 3 RGB."""
        return 1 if self.color.startswith("Y") else 3

    @property
    def transfer(self) -> str:
        return "linear" if self.color in ("RGB", "Y") else "srgb"

    def name(self, alpha: bool, color: str = "") -> str:
        """The name by which GEGL reads and writes such pixels; it says the color space, too."""
        plain = f"{color or self.color}{'A' if alpha else ''} {self.number}"
        return str(Babl.get_name(Babl.format_with_space(plain, self.space)))

    def in_rgb(self) -> Exchange:
        """The same for a result that has colors though the photo has none."""
        return replace(self, color=_RGB.get(self.color, self.color))

    def for_colors(self, colors: int) -> Exchange:
        """The same for a result of ``colors`` channels: 1 gray, 3 RGB."""
        return self.in_rgb() if colors == 3 else replace(self, color=_GRAY.get(self.color, self.color))


def exchange_of(layer: Any, indexed: bool) -> Exchange:
    """An indexed layer travels as the RGB colors that its palette means."""
    native = layer.get_format()
    space = Babl.format_get_space(native)
    if indexed:
        return Exchange("R'G'B'", "U8", "u8", space)
    channels, number = Babl.format_get_encoding(native).rsplit(" ", 1)
    return Exchange(channels.removesuffix("A"), *_TYPES.get(number, _FLOATS), space)


def is_gray(image: Any) -> bool:
    return image.get_base_type() == Gimp.ImageBaseType.GRAY


def is_indexed(image: Any) -> bool:
    return image.get_base_type() == Gimp.ImageBaseType.INDEXED
