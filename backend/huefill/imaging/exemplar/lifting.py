"""From a fill made at working size to the photo's resolution, with the photo's own detail.

The idea of contextual residuals (Yi et al. 2020, section 3.2: what the small image lost is added from where the
content was taken), with exemplars instead of attention: every pixel of the hole has one place it was copied from, whole
pieces keep whole detail, and nothing is averaged away.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.exemplar.filling import Filled
from huefill.imaging.exemplar.grain import match_grain
from huefill.imaging.exemplar.products import Bools, Floats
from huefill.imaging.strips import strips


def lift(low: Filled, gray: Floats, known: Bools, *, seed: int = 0) -> Floats:
    """The completion at full resolution: H W float32, known pixels bit for bit ``gray``.

    ``low`` a fill of the whole image made at any smaller size; ``gray`` H W float32 the photo (its hole
    is not read), ``known`` H W bool. ``seed`` of the grain that is added where the hole has less than its surroundings.
    """
    hole = ~np.asarray(known, bool)
    height, width = hole.shape
    base = cv2.resize(low.gray, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width)
    result = gray.copy()
    for band in strips(gray.shape):
        rows, columns = np.nonzero(hole[band])
        rows += band.start
        source_rows, source_columns = _sources(low.offsets, rows, columns, (height, width))
        # What the small image lost where the content comes from; a source inside the hole has nothing to add.
        residual = gray[source_rows, source_columns] - base[source_rows, source_columns]
        residual[hole[source_rows, source_columns]] = 0
        result[rows, columns] = base[rows, columns] + residual
    return match_grain(result, hole, seed=seed)


def transfer_color(rgb: Floats, filled: Filled) -> Floats:
    """``rgb`` H W 3 with the hole's colors taken from where its monochrome was copied from; the rest as it was."""
    rows, columns = np.nonzero(filled.offsets.any(axis=2))
    source_rows, source_columns = _sources(filled.offsets, rows, columns, (rgb.shape[0], rgb.shape[1]))
    result = rgb.copy()
    result[rows, columns] = rgb[source_rows, source_columns]
    return result


def _sources(
    offsets: npt.NDArray[np.int32], rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], shape: tuple[int, int]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where pixels of an image of ``shape`` are copied from, by offsets known at another size."""
    low_height, low_width = offsets.shape[:2]
    down, across = shape[0] / low_height, shape[1] / low_width
    offset = offsets[
        np.minimum(((rows + 0.5) / down).astype(np.intp), low_height - 1),
        np.minimum(((columns + 0.5) / across).astype(np.intp), low_width - 1),
    ]
    source_rows = rows + np.rint(offset[:, 0] * down).astype(np.intp)
    source_columns = columns + np.rint(offset[:, 1] * across).astype(np.intp)
    return np.clip(source_rows, 0, shape[0] - 1), np.clip(source_columns, 0, shape[1] - 1)
