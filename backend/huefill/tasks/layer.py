"""From a fill to a layer, and from a layer to a picture: where it is proved that nothing outside the declared band changes."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging.mask import Blend
from huefill.imaging.pixels import Array, Encoding, coverage, split_alpha
from huefill.imaging.region import Box
from huefill.tasks.contract import Result


def layer(
    window: Array,
    fill: npt.NDArray[np.float32],
    blend: Blend,
    encoding: Encoding,
    origin: tuple[int, int],
    recipe: dict[str, Any],
    seconds: dict[str, float],
) -> Result:
    """The Result for a ``fill`` (H W C in the unit range) of a ``window`` (H W C document values) whose corner is at ``origin``.

    Raises `HuefillError` ("locality") when the layer would cover a pixel it promised not to.
    """
    if _changes_beyond(blend):
        raise HuefillError(
            "locality", "The result would have changed pixels outside the selection, so it was thrown away.", "Please report this."
        )
    box = Box.around(blend.alpha > 0)
    color, _ = split_alpha(box.crop(window))
    alpha = np.ascontiguousarray(box.crop(blend.alpha))
    values = np.where(alpha[..., None] > 0, encoding.from_unit(box.crop(fill)), color).astype(window.dtype)
    rounded = {name: round(spent, 4) for name, spent in seconds.items()}
    return Result(values, alpha, (origin[0] + box.x, origin[1] + box.y), recipe, rounded)


def _changes_beyond(blend: Blend) -> bool:
    """Whether the layer covers a pixel further than rim + band from everything selected.

    Done by dilation of the selection itself, so that it does not rest on the distances that made the alpha.
    """
    size = 2 * (blend.rim + blend.band + 1) + 1
    allowed = cv2.dilate(blend.selected.astype(np.uint8), np.ones((size, size), np.uint8)).astype(bool)
    return bool((blend.alpha[~allowed] > 0).any())


def composite(image: Array, result: Result) -> Array:
    """The H W C image with the layer over it (Porter-Duff "over"); pixels where the layer's alpha is 0 keep their very bits."""
    x, y = result.origin
    height, width = result.alpha.shape
    out = image.copy()
    window = out[y : y + height, x : x + width]
    color, below_alpha = split_alpha(window)
    below = coverage(below_alpha, result.alpha.shape)
    covered = result.alpha > 0
    top = result.alpha[covered][:, None]
    under = below[covered][:, None] * (1 - top)
    total = top + under
    mixed = (result.image[covered].astype(np.float64) * top + color[covered].astype(np.float64) * under) / total
    color[covered] = _store(mixed, image.dtype)
    if below_alpha is not None:
        full = 1.0 if image.dtype == np.float32 else float(np.iinfo(image.dtype).max)
        below_alpha[covered] = _store(total[:, 0] * full, image.dtype)
    return out


def _store(values: npt.NDArray[np.float64], dtype: np.dtype[Any]) -> Array:
    return np.rint(values).astype(dtype) if dtype.kind == "u" else values.astype(dtype)
