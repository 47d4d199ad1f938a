"""Krita's dumped bytes as arrays, and the measures of the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

_TYPES = {"U8": np.uint8, "U16": np.uint16, "F16": np.float16, "F32": np.float32}
_CHANNELS = {"RGBA": 4, "GRAYA": 2, "CMYKA": 5, "LABA": 4}


def read(out: Path, record: dict[str, Any], scenario: str, name: str) -> np.ndarray:
    """H W C with alpha last, in R, G, B order; the numbers as Krita stores them."""
    about = record["dumps"][name]
    pixels = np.fromfile(out / f"{scenario}-{name}.bin", _TYPES[about["depth"]])
    pixels = pixels.reshape(about["height"], about["width"], _CHANNELS[about["model"]])
    if about["model"] == "RGBA" and about["depth"] in ("U8", "U16"):
        pixels = pixels[..., [2, 1, 0, 3]]
    return pixels


def top(pixels: np.ndarray) -> float:
    """The number that stands for full."""
    return float(np.iinfo(pixels.dtype).max) if pixels.dtype.kind == "u" else 1.0


def psnr(truth: np.ndarray, other: np.ndarray) -> float:
    """In dB, both in 0..255."""
    error = np.mean((truth.astype(np.float64) - other.astype(np.float64)) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1e-12)))


def square(shape: tuple[int, ...], x: int, y: int, width: int, height: int, grow: int = 0) -> np.ndarray:
    """H W bool, true in the rectangle, grown on every side."""
    inside = np.zeros(shape[:2], bool)
    inside[max(0, y - grow) : y + height + grow, max(0, x - grow) : x + width + grow] = True
    return inside


def flat_fill(photo: np.ndarray, hole: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """The hole in the mean color of what surrounds it: the least that anybody would call a fill."""
    filled = photo.astype(np.float64).copy()
    filled[hole] = photo[ring & ~hole].mean(axis=0)
    return filled
