"""The parts of a selection, each with its own thickness: what is grown, blended and filled follows the part and not a box around all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum

from huefill.imaging.region import Box

Mask = npt.NDArray[np.bool_]

# A part so many times longer than it is wide is a stroke: a scratch, a wire, a brush mark. Outlines of things are 2 to 6 times, seldom 10.
_STROKE = 10.5
# A selection is made of strokes when they are this share of it, and the rest (short ones, dots) is hardly wider than they are. Measured on
# strokes of 15 to 40 pixels over a fifth of 481 x 321 pixels: nine in ten are known as such, and none of 400 outlines of things is.
_SHARE, _WIDER = 0.25, 1.8
# So many parts no thicker than this, in pixels, nobody draws by hand.
_MANY, _SPECK = 30, 24


@dataclass(frozen=True)
class Part:
    """One connected part of a selection.

    ``box``        where it lies.
    ``mask``       h w bool: its pixels within the box.
    ``thickness``  diameter in pixels of the largest disc that fits into it.
    ``width``      its usual width in pixels: of a stroke the stroke's, also where it crosses itself.
    ``rim``        pixels by which it is grown.
    ``band``       pixels over which its result is blended beyond the rim.
    """

    box: Box
    mask: Mask
    thickness: float
    width: float
    rim: int
    band: int

    @property
    def is_stroke(self) -> bool:
        """Whether it is far longer than it is wide."""
        return bool(self.mask.sum() >= _STROKE * self.width**2)


def default_rim(thickness: float) -> int:
    """How far to grow a part of this thickness (pixels): people select tightly, and an object's edge spreads by the lens and the sampling,
    so that without growth its rim stays as residue. Beside a thin part every pixel of the photo is worth keeping."""
    return int(np.clip(round(0.02 * thickness), 1, 12))


def default_band(thickness: float) -> int:
    """Width of the blend for a part of this thickness (pixels)."""
    return int(np.clip(round(0.012 * thickness), 1, 10))


def split(core: Mask, rim: int | None = None, band: int | None = None) -> list[Part]:
    """The parts of ``core`` (H W bool), from above to below; ``rim`` and ``band`` in pixels, or by each one's thickness (None).

    Parts that are nearer to each other than their rims are one.
    """
    framed = np.pad(core, 1).astype(np.uint8)
    radius = cv2.distanceTransform(framed, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    near = core
    if rim is None:
        count, labels = cv2.connectedComponents(core.astype(np.uint8), connectivity=8)
        rims = np.zeros(count, np.int64)
        rims[1:] = [default_rim(2 * thick) for thick in maximum(radius[core], labels[core], np.arange(1, count))]
        near = core.copy()
        for pixels in np.unique(rims[1:]):
            # Half of its rim on each side: two parts touch where the gap is narrower than the rims say.
            disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (int(pixels) | 1,) * 2)
            near |= cv2.dilate((rims[labels] == pixels).astype(np.uint8) & core, disc).astype(bool)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(near.astype(np.uint8), connectivity=8)
    parts = []
    for number in range(1, count):
        around = Box(*(int(value) for value in stats[number, :4]))
        here = (around.crop(labels) == number) & around.crop(core)
        inner = Box.around(here)
        box = Box(around.x + inner.x, around.y + inner.y, inner.width, inner.height)
        mask = np.ascontiguousarray(inner.crop(here))
        radii = box.crop(radius)[mask]
        thickness = 2 * float(radii.max())
        # Within a stroke the distance to its edge is a quarter of its width on the mean.
        width = 4 * float(radii.mean())
        parts.append(
            Part(
                box,
                mask,
                thickness,
                width,
                default_rim(thickness) if rim is None else rim,
                default_band(thickness) if band is None else band,
            )
        )
    return sorted(parts, key=lambda part: (part.box.y, part.box.x))


def are_strokes(parts: Sequence[Part]) -> bool:
    """Whether a selection is made of strokes: scratches, wires, brush marks; or of so many specks that they were found and not drawn."""
    if len(parts) >= _MANY and all(part.thickness <= _SPECK for part in parts):
        return True
    strokes = [part for part in parts if part.is_stroke]
    if not strokes:
        return False
    widest = _WIDER * max(part.width for part in strokes)
    share = sum(int(part.mask.sum()) for part in strokes) / sum(int(part.mask.sum()) for part in parts)
    return share >= _SHARE and all(part.width <= widest for part in parts)
