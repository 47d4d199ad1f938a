"""The search for damage, piece by piece, so that memory stays bounded whatever the size of the scan.

Damage is thin, lies on the photo and not in it, and stands out from all that is around it: so a scan's `relief` is searched for pieces
whose `shapes` are those of damage. A wire before the sky is all that, too: nobody but a person can tell it from a scratch.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from huefill.imaging.region import Box
from huefill.imaging.scratches.relief import relief_of
from huefill.imaging.scratches.shapes import damage_in
from huefill_protocol.choices import BOTH, BRIGHT, DARK

Bytes = npt.NDArray[np.uint8]

# Side of the pieces, and how far each sees beyond its own part: lines are longer than that, but known by as much of them.
_TILE, _SEEN = 1536, 96


def default_width(shape: tuple[int, ...]) -> int:
    """How wide damage is at most, in pixels, on a scan of ``shape``: 5 to 16, by its longer side."""
    return int(np.clip(round(max(shape[:2]) / 400) + 3, 5, 16))


def find_scratches(
    photo: Bytes,
    *,
    sensitivity: float = 0.5,
    width: int = 0,
    kinds: str = BOTH,
    threads: int = 1,
    check: Callable[[float], None] = lambda share: None,
) -> Bytes:
    """H W uint8: 255 on scratches, cracks, hairs and dust of ``photo`` (H W uint8 gray), with their soft edges; else 0.

    ``sensitivity`` from 0 (what nobody takes for a part of the photo) to 1 (all that may be damage); ``width`` the widest in pixels, or 0
    for `default_width`; ``kinds`` "bright", "dark" or "both". ``check`` is told what share is done, and may raise to stop; ``threads``
    pieces are searched at once.
    """
    width = width or default_width(photo.shape)
    signs = [sign for sign, kind in ((1, BRIGHT), (-1, DARK)) if kinds in (kind, BOTH)]
    found = np.zeros(photo.shape, np.uint8)
    corners = [(x, y) for y in range(0, photo.shape[0], _TILE) for x in range(0, photo.shape[1], _TILE)]

    def work(corner: tuple[int, int]) -> None:
        tile = Box(*corner, _TILE, _TILE).clip(photo.shape)
        seen = tile.grow(_SEEN).clip(photo.shape)
        relief = relief_of(np.ascontiguousarray(seen.crop(photo)), width)
        for sign in signs:
            tile.crop(found)[...] |= tile.within(seen).crop(damage_in(relief, sign, sensitivity, width))

    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(work, corner) for corner in corners]
        try:
            for number, future in enumerate(futures, 1):
                future.result()
                check(number / len(futures))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return found
