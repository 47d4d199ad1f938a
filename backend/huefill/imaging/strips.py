"""Large images piece by piece: bands of rows, so that temporary arrays stay small whatever the image's size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

# Pixels of a band: a float32 plane of this size is 4 MiB.
_PIXELS = 1 << 20
# Pixels of a band whose planes fit into a core's cache: arithmetic of many steps is three times as fast.
CACHED = 1 << 16
# Rows, or columns, that OpenCV's warps take at once: fewer than 32767.
LONGEST = 1 << 14


def strips(shape: tuple[int, ...], pixels: int = _PIXELS) -> Iterator[slice]:
    """Slices of rows that cover an image of ``shape`` (height, width, ...) once, from top to bottom, of at most ``pixels`` or one row."""
    rows = min(LONGEST, max(1, pixels // max(1, shape[1])))
    for top in range(0, shape[0], rows):
        yield slice(top, min(shape[0], top + rows))


def on_all_cores(
    shape: tuple[int, ...], work: Callable[[slice], None], threads: int, done: Callable[[float], None] = lambda share: None
) -> None:
    """``work(rows)`` for small bands of an image of ``shape``, in several threads.

    ``done`` is told in this thread what share of the image is done, and may raise: what has not begun is then dropped.
    """
    bands = list(strips(shape, CACHED))
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(work, rows) for rows in bands]
        try:
            for rows, future in zip(bands, futures, strict=True):
                future.result()
                done(rows.stop / shape[0])
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
