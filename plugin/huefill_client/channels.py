"""A result's colors and its coverage as the interleaved pixels that editors keep: pure functions on buffers, standard library alone."""

from __future__ import annotations

import sys
from array import array
from typing import Any

CODES = {"U8": "B", "U16": "H", "F32": "f"}
_TOPS = {"U8": 255, "U16": 65535}


def with_alpha(image: Any, alpha: Any, dtype: str, colors: int) -> bytes:
    """Pixels of ``colors`` channels and alpha, last and not premultiplied, as numbers of ``dtype`` ("U8", "U16", "F32").

    ``image`` holds the colors (H W C, without alpha) in ``dtype``, ``alpha`` the coverage (H W float32 in [0, 1]). Raises `ValueError`
    where the two do not fit together.
    """
    values = numbers(image, dtype)
    coverage = numbers(alpha, "F32")
    if len(values) != colors * len(coverage):
        raise ValueError(f"{len(values)} values of color do not fit {len(coverage)} of coverage")
    out = array(CODES[dtype], bytes((colors + 1) * len(coverage) * values.itemsize))
    for channel in range(colors):
        out[channel :: colors + 1] = values[channel::colors]
    out[colors :: colors + 1] = _coverage(coverage, dtype)
    return out.tobytes()


def numbers(data: Any, dtype: str) -> array[Any]:
    """``data``, any bytes-like object, as an array of numbers of ``dtype``."""
    values = array(CODES[dtype])
    values.frombytes(data)
    return values


def _coverage(alpha: array[float], dtype: str) -> array[Any]:
    if dtype == "F32":
        return alpha
    top = _TOPS[dtype]
    return array(CODES[dtype], [int(value * top + 0.5) for value in alpha])


if sys.byteorder != "little":  # pragma: no cover - no editor runs on such a machine today; better told than wrong
    raise ImportError("Huefill's pixel exchange is written for little-endian machines.")
