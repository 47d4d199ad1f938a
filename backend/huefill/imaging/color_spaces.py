"""Color spaces: the monochrome of the external-internal method, opponent chroma, sRGB transfer, CIE Lab, CIEDE2000.

All functions take and return float32 arrays; images are H W 3 in [0, 1] unless said otherwise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.float32]

# gray = 0.30 R + 0.59 G + 0.11 B on encoded values (Wang et al. 2021, section 3.2).
MONOCHROME_WEIGHTS = np.array([0.30, 0.59, 0.11], np.float32)

# IEC 61966-2-1 primaries, D65 white.
_RGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]], np.float32
)
# Of linear light.
LUMINANCE_WEIGHTS = _RGB_TO_XYZ[1]
_WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)
# From X, Y, Z as shares of the white.
_WHITE_TO_RGB = (np.linalg.inv(_RGB_TO_XYZ.astype(np.float64)) * _WHITE).astype(np.float32)
_KNEE = 216 / 24389  # CIE Lab is a line below and a root above


def monochrome(rgb: Image) -> Image:
    """H W 3 encoded RGB to the H W monochrome, same range (Wang et al. 2021, section 3.2)."""
    return np.asarray(rgb @ MONOCHROME_WEIGHTS, np.float32)


def to_chroma(rgb: Image) -> Image:
    """H W 3 encoded RGB to H W 2 opponent chroma (R - Y, B - Y), Y the `monochrome`; about [-0.9, 0.9]."""
    gray = monochrome(rgb)
    return np.stack([rgb[..., 0] - gray, rgb[..., 2] - gray], -1)


def from_chroma(gray: Image, chroma: Image) -> Image:
    """H W monochrome and H W 2 opponent chroma to H W 3 RGB, whose `monochrome` is exactly ``gray``; not clipped."""
    red, blue = gray + chroma[..., 0], gray + chroma[..., 1]
    weight_r, weight_g, weight_b = (float(weight) for weight in MONOCHROME_WEIGHTS)
    green = gray - (weight_r * chroma[..., 0] + weight_b * chroma[..., 1]) / weight_g
    return np.asarray(np.stack([red, green, blue], -1), np.float32)


def into_gamut(rgb: Image) -> Image:
    """Pull H W 3 colors that left [0, 1] back along the line to their own gray, so that the monochrome stays as it is."""
    return _towards(np.clip(monochrome(rgb), 0.0, 1.0), rgb)


def _towards(gray: Image, rgb: Image) -> Image:
    """... 3 colors pulled to the ... ``gray`` in [0, 1] no further than it takes to be in [0, 1]."""
    offset = rgb - gray[..., None]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        room = np.where(offset > 0, (1.0 - gray[..., None]) / offset, np.where(offset < 0, -gray[..., None] / offset, np.inf))
    scale = np.minimum(1.0, room.min(-1, keepdims=True))
    return np.asarray(np.clip(gray[..., None] + offset * scale, 0.0, 1.0), np.float32)


def srgb_to_linear(encoded: Image) -> Image:
    """sRGB-encoded values to linear light (IEC 61966-2-1); negative values are mirrored."""
    size = np.abs(encoded)
    linear = np.where(size <= 0.04045, size / 12.92, ((size + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.copysign(linear, encoded), np.float32)


def linear_to_srgb(linear: Image) -> Image:
    """Linear light to sRGB-encoded values (IEC 61966-2-1); negative values are mirrored."""
    size = np.abs(linear)
    encoded = np.where(size <= 0.0031308, size * 12.92, 1.055 * size ** (1 / 2.4) - 0.055)
    return np.asarray(np.copysign(encoded, linear), np.float32)


def rgb_to_lab(rgb: Image) -> Image:
    """sRGB in [0, 1] to CIE Lab (D65): L in [0, 100], a and b about [-110, 110]."""
    xyz = srgb_to_linear(rgb) @ _RGB_TO_XYZ.T / _WHITE
    root = np.where(xyz > _KNEE, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    lab = [116 * root[..., 1] - 16, 500 * (root[..., 0] - root[..., 1]), 200 * (root[..., 1] - root[..., 2])]
    return np.asarray(np.stack(lab, -1), np.float32)


def lab_to_rgb(lab: Image) -> Image:
    """CIE Lab (D65) to sRGB; not clipped, so that colors outside the gamut can be told by values outside [0, 1]."""
    return linear_to_srgb(np.moveaxis(_lab_to_light(lab[..., 0], lab[..., 1:]), 0, -1))


def lab_to_light(lightness: Image, ab: Image) -> Image:
    """CIE Lab (D65), ``lightness`` H W and ``ab`` H W 2, to linear light in [0, 1] of the very luminance.

    A color outside the gamut moves towards gray, in linear light. The result is 3 planes, 3 H W: quicker to make than H W 3.
    """
    light = _lab_to_light(lightness, ab)
    beyond = (light.min(0) < 0) | (light.max(0) > 1)
    if beyond.any():
        colors = light[:, beyond].T
        light[:, beyond] = _towards(np.clip(colors @ LUMINANCE_WEIGHTS, 0.0, 1.0), colors).T
    return light


def lightness(rgb: Image) -> Image:
    """sRGB in [0, 1], ... 3, to the L of CIE Lab alone, in [0, 100]."""
    return luminance_to_lightness(srgb_to_linear(rgb) @ LUMINANCE_WEIGHTS)


def luminance_to_lightness(luminance: Image) -> Image:
    """CIE Y in [0, 1] to L in [0, 100]."""
    root = np.where(luminance > _KNEE, np.cbrt(luminance), (24389 / 27 * luminance + 16) / 116)
    return np.asarray(116 * root - 16, np.float32)


def lightness_to_luminance(values: Image) -> Image:
    """L in [0, 100] to CIE Y in [0, 1]."""
    return _cubed((values + np.float32(16)) * np.float32(1 / 116))


def _cubed(root: Image) -> Image:
    """X, Y or Z, as a share of the white, of its root in CIE Lab."""
    cube = np.asarray(root * root * root)
    low = cube <= _KNEE
    if low.any():
        cube[low] = (116 * root[low] - 16) * np.float32(27 / 24389)
    return cube


def _lab_to_light(lightness: Image, ab: Image) -> Image:
    """... and ... 2 to 3 ... linear light, not clipped."""
    root_y = (lightness + np.float32(16)) * np.float32(1 / 116)
    x, y = _cubed(root_y + ab[..., 0] * np.float32(1 / 500)), _cubed(root_y)
    z = _cubed(root_y - ab[..., 1] * np.float32(1 / 200))
    light = np.empty((3, *y.shape), np.float32)
    for plane, (of_x, of_y, of_z) in zip(light, _WHITE_TO_RGB, strict=True):
        np.multiply(x, of_x, out=plane)
        plane += y * of_y
        plane += z * of_z
    return light


def ciede2000(first: Image, second: Image) -> Image:
    """Color difference of two Lab images, ... x 3 each, per pixel (Sharma, Wu, Dalal 2005, equations 2 to 22)."""
    l1, a1, b1 = (first[..., i].astype(np.float64) for i in range(3))
    l2, a2, b2 = (second[..., i].astype(np.float64) for i in range(3))
    mean_c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1 + 0.5 * (1 - np.sqrt(mean_c7 / (mean_c7 + 25.0**7)))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    gray = c1 * c2 == 0
    turn = np.where(gray, 0.0, (h2 - h1 + 180) % 360 - 180)
    delta_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    hue_sum = h1 + h2
    mean_h = np.where(np.abs(h1 - h2) <= 180, hue_sum / 2, np.where(hue_sum < 360, hue_sum / 2 + 180, hue_sum / 2 - 180))
    mean_h = np.where(gray, hue_sum, mean_h)
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    rotation = -2 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)) * np.sin(np.radians(60 * np.exp(-(((mean_h - 275) / 25) ** 2))))
    d_l, d_c, d_h = (l2 - l1) / s_l, (c2 - c1) / s_c, delta_h / s_h
    return np.asarray(np.sqrt(np.maximum(0.0, d_l**2 + d_c**2 + d_h**2 + rotation * d_c * d_h)), np.float32)
