"""From a fill to a layer, and from a layer to a picture: where it is proved that nothing outside the declared band changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from huefill.errors import HuefillError
from huefill.imaging.mask import Blend
from huefill.imaging.pixels import Array, Encoding, as_rgb, coverage, split_alpha
from huefill.imaging.region import Box
from huefill.imaging.strips import strips
from huefill.tasks.contract import Layer


def layer(window: Array, fill: npt.NDArray[np.float32], blend: Blend, encoding: Encoding, origin: tuple[int, int], name: str = "") -> Layer:
    """The layer for a ``fill`` (H W C in the unit range) of a ``window`` (H W C document values) whose corner is at ``origin``.

    Raises `HuefillError` ("locality") when it would cover a pixel it promised not to.
    """
    if _changes_beyond(blend):
        raise HuefillError(
            "locality", "The result would have changed pixels outside the selection, so it was thrown away.", "Please report this."
        )
    box = Box.around(blend.alpha > 0)
    color, _ = split_alpha(box.crop(window))
    covered = box.crop(blend.alpha)
    if color.dtype.kind == "f":
        # Nothing of it shows, but an editor that multiplies by an alpha of 0 would make more of what is no number.
        color = np.where(np.isfinite(color), color, 0)
    values = np.where(covered[..., None] > 0, encoding.from_unit(box.crop(fill)), color).astype(window.dtype)
    return Layer.of(values, covered, (origin[0] + box.x, origin[1] + box.y), name)


def _changes_beyond(blend: Blend) -> bool:
    """Whether the layer covers a pixel that is neither selected nor within rim + band of a part of the selection.

    Done by dilation of each part, so that it does not rest on the distances that made the alpha.
    """
    allowed = blend.selected.copy()
    for part in blend.parts:
        margin = part.rim + part.band + 1
        framed = np.pad(part.mask.astype(np.uint8), margin)
        grown = cv2.dilate(framed, np.ones((2 * margin + 1, 2 * margin + 1), np.uint8)).astype(bool)
        whole = part.box.grow(margin)
        area = whole.clip(allowed.shape)
        here = area.crop(allowed)
        here |= area.within(whole).crop(grown)
    return bool((blend.alpha[~allowed] > 0).any())


def composite(image: Array, layers: Sequence[Layer]) -> Array:
    """The H W C image with the layers over it, the first one lowest (Porter-Duff "over").

    Pixels where every layer's alpha is 0 keep their very bits. A gray image under a layer of RGB becomes RGB.
    """
    gray, colorful = image.shape[2] < 3, any(one.pixels.shape[2] > 3 for one in layers)
    out = _in_rgb(image) if gray and colorful else image.copy()
    for one in layers:
        x, y = one.origin
        height, width = one.alpha.shape
        window = out[y : y + height, x : x + width]
        for rows in strips(one.alpha.shape):
            _over(window[rows], one.pixels[rows])
    return out


def _in_rgb(image: Array) -> Array:
    color, alpha = split_alpha(image)
    return as_rgb(color) if alpha is None else np.concatenate([as_rgb(color), alpha[..., None]], axis=2)


def _over(below: Array, above: Array) -> None:
    """Put ``above`` (H W C+1) over ``below`` (H W C, with or without alpha), in place, where it covers anything."""
    alpha = coverage(above[..., -1], above.shape[:2])
    covered = alpha > 0
    if not covered.any():
        return
    color, below_alpha = split_alpha(below)
    top = alpha[covered][:, None].astype(np.float64)
    under = coverage(below_alpha, alpha.shape)[covered][:, None] * (1 - top)
    total = top + under
    mixed = (above[..., :-1][covered].astype(np.float64) * top + color[covered].astype(np.float64) * under) / total
    color[covered] = _store(mixed, below.dtype)
    if below_alpha is not None:
        full = 1.0 if below.dtype == np.float32 else float(np.iinfo(below.dtype).max)
        below_alpha[covered] = _store(total[:, 0] * full, below.dtype)


def _store(values: npt.NDArray[np.float64], dtype: np.dtype[Any]) -> Array:
    return np.rint(values).astype(dtype) if dtype.kind == "u" else values.astype(dtype)
