"""Fill the hole of a monochrome from the photo's own patches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt

from huefill.imaging.exemplar.completion import Check, complete
from huefill.imaging.exemplar.field import Field
from huefill.imaging.exemplar.products import Bools, Floats
from huefill.imaging.exemplar.pyramid import Level
from huefill.imaging.exemplar.seam import blend
from huefill.imaging.exemplar.texture import roughness

# How much the roughness around a pixel counts beside its value.
_ROUGHNESS_WEIGHT = 2.5


@dataclass(frozen=True)
class Filled:
    """A completed monochrome.

    ``gray``    H W float32: the input, completed; outside the hole bit for bit the input.
    ``offsets`` H W 2 int32: for each hole pixel (dy, dx) to the known pixel it was mostly copied from; 0 outside the hole.
    ``cost``    H W float32: how badly the patch there fits the one it was copied from: root mean square difference in the
                units of the image, differences of neighbours and roughness counted in; 0 outside the hole.
    """

    gray: Floats
    offsets: npt.NDArray[np.int32]
    cost: Floats


def fill_border(
    gray: Floats, chroma: Floats, hole: Bools, place: Floats, *, allowed: Bools, seed: int, check: Check, patch: int = 7
) -> tuple[Filled, Floats]:
    """Complete ``gray`` (H W) and ``chroma`` (H W 2) beyond a photo's edge; both hold a rough guess in the ``hole`` (H W).

    ``place`` H W K, known in the hole too: pieces are rather taken from where it is alike. ``allowed`` H W: where pieces may come from.
    Gives the filling and the chroma, H W 2; outside the hole both bit for bit the input. Raises ValueError when nothing can be copied.
    """
    edge = distance_transform_edt(hole, return_distances=False, return_indices=True)
    rough = roughness(gray, ~hole)[edge[0], edge[1]]
    values = np.ascontiguousarray(np.dstack([gray, _ROUGHNESS_WEIGHT * rough, chroma]), np.float32)
    usable = allowed & ~hole
    completed, level, field = complete(values, hole, usable, guess=True, seed=seed, side=patch, check=check, place=place)
    planes = [blend(level, np.ascontiguousarray(completed[..., channel]), field, lambda: check(1.0)) for channel in (0, 3, 4)]
    planes[0][hole] = np.clip(planes[0][hole], gray[usable].min(), gray[usable].max())
    return Filled(planes[0], _offsets(level, field), _cost(level, field)), np.stack(planes[1:], -1)


def fill(
    gray: Floats,
    hole: Bools,
    *,
    guide: Floats | None = None,
    allowed: Bools | None = None,
    initial: Floats | None = None,
    seed: int = 0,
    check: Check | None = None,
    patch: int = 7,
) -> Filled:
    """Complete ``gray`` in ``hole`` with pieces of the rest.

    ``gray`` H W float32 in [0, 1]; ``hole`` H W bool. ``guide`` H W K: further channels that help to match, on the scale
    of ``gray`` (its chroma, say); what they hold inside the hole is not read. ``allowed`` H W bool: where pieces may come
    from, everywhere outside the hole when None. ``initial`` H W: a first guess for the hole, kept in its structure and
    refined with real texture. ``seed`` makes the result reproducible. ``check`` is called with the fraction done, at
    least every 100 ms for holes up to half a megapixel; it may raise to stop. ``patch``: odd side of the patches; smaller
    ones are used where nothing so large is known. A hole without pixels gives the input.

    Raises ValueError when the shapes do not fit or nothing can be copied.
    Source: Wexler et al. 2007; Barnes et al. 2009; Newson et al. 2014; Darabi et al. 2012 (see `completion`, `seam`).
    """
    hole = np.asarray(hole, bool)
    _require(gray, hole, guide=guide, allowed=allowed, initial=initial)
    if patch < 1 or patch % 2 == 0:
        raise ValueError(f"The patch must have an odd side, not {patch}.")
    if not hole.any():
        return Filled(gray.copy(), np.zeros((*hole.shape, 2), np.int32), np.zeros(hole.shape, np.float32))
    usable = ~hole if allowed is None else np.asarray(allowed, bool) & ~hole
    values = _stacked(gray, hole, guide, initial)
    call = check or _no_check
    completed, level, field = complete(values, hole, usable, guess=initial is not None, seed=seed, side=patch, check=call)
    smooth = blend(level, completed[..., 0], field, lambda: call(1.0))
    result = gray.copy()
    result[hole] = np.clip(smooth[hole], gray[usable].min(), gray[usable].max())
    return Filled(result, _offsets(level, field), _cost(level, field))


def _no_check(_: float) -> None:
    return None


def _require(gray: Floats, hole: Bools, **others: npt.NDArray[np.generic] | None) -> None:
    if gray.ndim != 2 or gray.dtype != np.float32:
        raise ValueError(f"The monochrome must be H W float32, not {gray.shape} {gray.dtype}.")
    for name, array in {"hole": hole, **others}.items():
        if array is not None and array.shape[:2] != gray.shape:
            raise ValueError(f"The {name} has the size {array.shape[:2]}, the monochrome {gray.shape}.")
    if hole.all():
        raise ValueError("There is nothing to copy from: the hole is the whole image.")


def _stacked(gray: Floats, hole: Bools, guide: Floats | None, initial: Floats | None) -> Floats:
    plane = gray if initial is None else np.where(hole, initial, gray)
    planes = [plane, _ROUGHNESS_WEIGHT * roughness(gray, ~hole)]
    if guide is not None:
        planes.append(guide if initial is None else _spread(guide, hole))
    return np.ascontiguousarray(np.dstack(planes), np.float32)


def _spread(guide: Floats, hole: Bools) -> Floats:
    """The guide's channels with the nearest known value in the hole: a neutral start beside a first guess of the gray alone."""
    nearest = distance_transform_edt(hole, return_distances=False, return_indices=True)
    return np.asarray(guide[nearest[0], nearest[1]], np.float32)


def _offsets(level: Level, field: Field) -> npt.NDArray[np.int32]:
    rows, columns = np.divmod(level.hole_pixels, field.width)
    source_rows, source_columns = np.divmod(field.source[level.hole_pixels], field.width)
    offsets = np.zeros((*level.hole.shape, 2), np.int32)
    offsets[level.hole] = np.stack([source_rows - rows, source_columns - columns], axis=1)
    return offsets


def _cost(level: Level, field: Field) -> Floats:
    cost = np.zeros(level.hole.shape, np.float32)
    cost[level.hole] = np.sqrt(field.cost[level.hole_pixels]) / level.side
    return cost
