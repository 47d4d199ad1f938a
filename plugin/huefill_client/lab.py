"""CIE L*a*b* (D65) of sRGB colors, one at a time: enough for swatches, standard library alone."""

from __future__ import annotations

from collections.abc import Sequence

_WHITE = (0.95047, 1.0, 1.08883)
_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_TO_RGB = ((3.2404542, -1.5371385, -0.4985314), (-0.9692660, 1.8760108, 0.0415560), (0.0556434, -0.2040259, 1.0572252))


def rgb_to_lab(rgb: Sequence[float]) -> tuple[float, float, float]:
    """Three values 0..255 to L 0..100, a and b."""
    linear = [_linear(value / 255) for value in rgb]
    x, y, z = (_root(sum(w * v for w, v in zip(row, linear, strict=True)) / white) for row, white in zip(_TO_XYZ, _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def lab_to_rgb(lightness: float, a: float, b: float) -> tuple[int, int, int] | None:
    """Three whole values 0..255, or None where sRGB has no such color (but for a rounding's worth)."""
    y = (lightness + 16) / 116
    xyz = [white * _cube(root) for white, root in zip(_WHITE, (y + a / 500, y, y - b / 200), strict=True)]
    linear = [sum(w * v for w, v in zip(row, xyz, strict=True)) for row in _TO_RGB]
    if min(linear) < -0.002 or max(linear) > 1.004:
        return None
    red, green, blue = (round(255 * _encoded(min(1.0, max(0.0, value)))) for value in linear)
    return red, green, blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _encoded(value: float) -> float:
    return value * 12.92 if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)


def _root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116


def _cube(root: float) -> float:
    return root**3 if root**3 > 216 / 24389 else (116 * root - 16) * 27 / 24389
