"""Filling what is thin (scratches, cracks, hairs, dust) at the photo's own resolution, every part by itself and all in one pass.

Across a thin stroke the photo goes on, and the only question is in which direction. So each missing pixel looks along many directions to
the known pixels on both sides of the stroke, takes most of the directions in which both sides agree (an edge or a wire that the scratch
crosses goes on), and mixes the two ends, the nearer one more: the edge-directed interpolation of deinterlacing (Doyle and Looymans 1990),
turned to all sides. That is the first guess, and all there is of the colors; how bright it is, with the texture, is then estimated from
the photo close by (`thin_detail`). What that is too smooth by, the grain, is taken from beside the stroke, mirrored at its edge.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.region import Box
from huefill.imaging.thin_detail import estimate_detail

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]

# No thicker than this, in pixels, is filled here: of more, texture has to be made up.
THICKEST = 16
# Of a part so much may be thicker and the rest is still filled as a stroke (a crack that widens at one place).
_BLOTS = 0.3
_DIRECTIONS, _REACH = 16, 64
# How much both ends may differ, how fast far ends lose weight, how much of the grain is put back and how strong it may be; the blur that
# ends are compared at, and that which grain is finer than. Chosen on training photographs under drawn damage: this much of the grain costs
# a tenth of a decibel, and what is more than grain is estimated.
_DIFFERENCE, _FARNESS, _GRAIN, _LIMIT, _COMPARED, _FINE = 0.15, 3.0, 0.8, 0.02, 0.8, 1.2
# Side of the tiles that a large photo is gone through in, from above to below: each sees what was filled before it.
_TILE = 512
_MISSING, _KNOWN, _BEYOND = 0, 1, 2


def thin_parts(hole: Mask) -> Mask:
    """H W: the pixels of a ``hole`` that belong to strokes and specks no thicker than `THICKEST`."""
    framed = np.pad(hole, 1).astype(np.uint8)
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, cv2.DIST_MASK_5)[1:-1, 1:-1]
    if depth.max(initial=0) <= THICKEST / 2:
        return hole.copy()
    count, labels = cv2.connectedComponents(hole.astype(np.uint8), connectivity=8)
    sizes = np.bincount(labels.ravel(), minlength=count)
    thick = np.bincount(labels[_around(depth > THICKEST / 2) & hole], minlength=count)
    # Where strokes cross they are thicker than each.
    return np.asarray(hole & (thick <= _BLOTS * sizes)[labels] & ~_around(depth > THICKEST))


def _around(deep: Mask) -> Mask:
    """What belongs to places that are as deep: all that a disc of that size covers there."""
    side = 2 * THICKEST + 1
    return np.asarray(cv2.dilate(deep.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))) > 0)


def fill_thin(image: Image, hole: Mask, known: Mask, check: Callable[[float], None] = lambda share: None) -> None:
    """Fill the thin ``hole`` (H W) of ``image`` (H W C, [0, 1]) in place from its ``known`` pixels (H W, none of them in the hole).

    What no known pixel is in sight of keeps its value. ``check`` is told the share that is done, and may raise to stop. Tiles without a
    hole cost nothing.
    """
    known = known.copy()
    whole = Box(0, 0, hole.shape[1], hole.shape[0])
    tiles = [Box(x, y, _TILE, _TILE).clip(hole.shape) for y in range(0, whole.height, _TILE) for x in range(0, whole.width, _TILE)]
    for number, tile in enumerate(tiles):
        here = tile.crop(hole)
        if here.any():
            seen = tile.grow(_REACH).clip(hole.shape)
            inside = np.zeros((seen.height, seen.width), bool)
            tile.within(seen).crop(inside)[...] = here
            done = _fill(seen.crop(image), inside, seen.crop(known), partial(check, number / len(tiles)))
            seen.crop(known)[done] = True
        check((number + 1) / len(tiles))


def _fill(image: Image, hole: Mask, known: Mask, check: Callable[[], None]) -> Mask:
    """Fill a tile in place; which pixels were."""
    frame = ((_REACH, _REACH), (_REACH, _REACH))
    state = np.pad(np.where(known, _KNOWN, _MISSING).astype(np.uint8), frame, constant_values=_BEYOND)
    places = np.flatnonzero(np.pad(hole, frame))
    flat = np.pad(image, (*frame, (0, 0))).reshape(-1, image.shape[2])
    compared = np.pad(_softened(image, known, _COMPARED), (*frame, (0, 0))).reshape(flat.shape)
    total, weight = np.zeros((len(places), flat.shape[1]), np.float32), np.zeros(len(places), np.float32)
    nearest, least = np.full(len(places), -1, np.int64), np.full(len(places), np.inf, np.float32)
    for number in range(_DIRECTIONS):
        dx, dy = np.cos(np.pi * number / _DIRECTIONS), np.sin(np.pi * number / _DIRECTIONS)
        ends = [_nearest(state, places, sign * dx, sign * dy) for sign in (1, -1)]
        for end, far in ends:
            nearer = (end >= 0) & (far < least)
            nearest[nearer], least[nearer] = end[nearer], far[nearer]
        (one, to_one), (other, to_other) = ends
        differ = ((compared[one] - compared[other]) ** 2).mean(1)
        length = to_one + to_other
        counts = np.where((one >= 0) & (other >= 0), np.exp(-differ / (2 * _DIFFERENCE**2)) + 1e-4, 0) / length**_FARNESS
        share = (to_other / length)[:, None]
        total += (counts[:, None] * (share * flat[one] + (1 - share) * flat[other])).astype(np.float32)
        weight += counts.astype(np.float32)
    # At the photo's edge there may be one side alone.
    alone = (weight == 0) & (nearest >= 0)
    total[alone], weight[alone] = flat[nearest[alone]], 1
    seen = weight > 0
    rows, columns = (place - _REACH for place in np.divmod(places[seen], state.shape[1]))
    down, right = (place - _REACH for place in np.divmod(nearest[seen], state.shape[1]))
    grain = _grain(image, known, rows, columns, down, right)
    image[rows, columns] = total[seen] / weight[seen, None]
    done = np.zeros(hole.shape, bool)
    done[rows, columns] = True
    plane = _guessed(image.mean(axis=2), known | done)
    better = estimate_detail(plane, ~known, done, check) - plane
    image[rows, columns] = np.clip(image[rows, columns] + better[rows, columns, None] + grain, 0, 1)
    return done


def _guessed(plane: Image, known: Mask) -> Image:
    """H W: what is not ``known`` is as the nearest that is."""
    if known.all() or not known.any():
        return plane
    _, label = cv2.distanceTransformWithLabels((~known).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL)
    nearest = np.zeros(int(label.max()) + 1, np.int64)
    nearest[label[known]] = np.flatnonzero(known)
    return np.where(known, plane, plane.ravel()[nearest[label]]).astype(np.float32)


def _grain(image: Image, known: Mask, rows: Ints, columns: Ints, down: Ints, right: Ints) -> Image:
    """N C: what is finer than the blur, at each place's mirror image beyond the stroke's edge (its nearest pixel: ``down``, ``right``)."""
    y, x = np.clip(2 * down - rows, 0, known.shape[0] - 1), np.clip(2 * right - columns, 0, known.shape[1] - 1)
    y, x = np.where(known[y, x], y, down), np.where(known[y, x], x, right)
    fine = image[y, x] - _softened(image, known, _FINE)[y, x]
    return np.asarray(_GRAIN * np.clip(fine, -_LIMIT, _LIMIT), np.float32)


def _softened(image: Image, known: Mask, blur: float) -> Image:
    """The mean of the known pixels around each, H W C."""
    weight = cv2.GaussianBlur(known.astype(np.float32), (0, 0), blur)
    weighted = cv2.GaussianBlur(image * known[..., None], (0, 0), blur).reshape(image.shape)
    return np.asarray(weighted / np.maximum(weight, 1e-6)[..., None], np.float32)


def _nearest(state: Bytes, places: Ints, dx: float, dy: float) -> tuple[Ints, Image]:
    """The flat index of the first known pixel of a framed ``state`` from each of the ``places`` on in a direction, -1 for none in reach;
    and its distance."""
    flat, width = state.ravel(), state.shape[1]
    found, far = np.full(len(places), -1, np.int64), np.full(len(places), 1e3, np.float32)
    unit = 1 / max(abs(dx), abs(dy))
    looking, here = np.arange(len(places)), places
    for step in range(1, _REACH + 1):
        ahead = here + (round(step * unit * dy) * width + round(step * unit * dx))
        met = flat.take(ahead)
        hit = met == _KNOWN
        found[looking[hit]], far[looking[hit]] = ahead[hit], step * unit
        going = met == _MISSING
        looking, here = looking[going], here[going]
        if not len(looking):
            break
    return found, far
