"""A photograph in memory, and why a file cannot become one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.runtime.memory import require_memory

Array = npt.NDArray[Any]

# A small file can unpack to any number of pixels; above this nothing is unpacked.
LARGEST = 500_000_000


@dataclass(frozen=True)
class Metadata:
    """``exif`` what the camera and the photographer wrote (without orientation: pixels are upright) or None; ``resolution`` in pixels per
    inch across and down, or None."""

    exif: bytes | None = None
    resolution: tuple[float, float] | None = None


@dataclass(frozen=True)
class Photo:
    """``pixels`` H W C (1 to 4 channels, an even number has alpha, not premultiplied) uint8, uint16 or float32; ``icc`` their color profile
    or None; ``lossy`` whether the file's compression changed values; ``notes`` sentences on what could not be taken from the file."""

    pixels: Array
    icc: bytes | None = None
    metadata: Metadata = field(default_factory=Metadata)
    lossy: bool = False
    notes: tuple[str, ...] = ()


class Refused(Exception):
    """A file that is understood well enough to say why it is not opened: what follows its name in a sentence, and a remedy."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def check_size(width: int, height: int, bytes_per_pixel: int) -> None:
    """Raise before anything is unpacked: `Refused` for no pixels or too many, `HuefillError` for what does not fit into memory."""
    if width < 1 or height < 1:
        raise Refused("has no pixels")
    if width * height > LARGEST:
        raise Refused(f"has {width} x {height} pixels, and Huefill opens at most {LARGEST // 10**6} million", "Make it smaller first.")
    require_memory(
        width * height * bytes_per_pixel, f"opening {width} x {height} pixels", "Close other programs, or make it smaller first."
    )


def _same(image: Array) -> Array:
    return image


_UPRIGHT: dict[int, Callable[[Array], Array]] = {
    2: lambda image: image[:, ::-1],
    3: lambda image: image[::-1, ::-1],
    4: lambda image: image[::-1],
    5: lambda image: image.swapaxes(0, 1),
    6: lambda image: np.rot90(image, -1),
    7: lambda image: np.rot90(image, 2).swapaxes(0, 1),
    8: lambda image: np.rot90(image),
}


def upright(image: Array, orientation: int) -> Array:
    """H W C turned as the EXIF ``orientation`` (1 to 8) says; any other value turns nothing."""
    return np.ascontiguousarray(_UPRIGHT.get(orientation, _same)(image))
