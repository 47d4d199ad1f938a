"""Large images piece by piece: bands of rows, so that temporary arrays stay small whatever the image's size."""

from __future__ import annotations

from collections.abc import Iterator

# Pixels of a band: a float32 plane of this size is 4 MiB.
_PIXELS = 1 << 20
# Rows, or columns, that OpenCV's warps take at once: fewer than 32767.
LONGEST = 1 << 14


def strips(shape: tuple[int, ...]) -> Iterator[slice]:
    """Slices of rows that cover an image of ``shape`` (height, width, ...) once, from top to bottom; at least a row each."""
    rows = min(LONGEST, max(1, _PIXELS // max(1, shape[1])))
    for top in range(0, shape[0], rows):
        yield slice(top, min(shape[0], top + rows))
