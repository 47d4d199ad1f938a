"""Take away the seams of a patchwork: the brightness of the copied pieces is adjusted so that their own gradients meet.

A screened Poisson equation (Darabi et al. 2012, Image Melding, section 3.3; Pérez et al. 2003): the result keeps the
differences between neighbours that the sources have, agrees with the photo at the rim, and stays near the fill deep inside.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from huefill.imaging.exemplar.field import Field
from huefill.imaging.exemplar.products import Floats, Ints
from huefill.imaging.exemplar.pyramid import Level

# A correction fades to 1/e over this many pixels; a step larger than this (of the whole range) is taken for structure
# that ends at the rim, and is not spread into the hole.
_REACH = 30.0
_LARGEST_STEP = 0.06
_ITERATIONS = 150


def blend(level: Level, plane: Floats, field: Field, check: Callable[[], None]) -> Floats:
    """``plane`` H W with its hole filled by `field`: the same with seams taken away; known pixels as they are."""
    if level.pad == 0:
        return plane
    padded = level.padded(plane[..., None]).ravel()
    pixels = level.hole_pixels
    inside = np.zeros(padded.size, bool)
    inside[level.inside.ravel()] = True
    number = np.full(padded.size, len(pixels), np.int64)
    number[pixels] = np.arange(len(pixels))
    neighbours: list[Ints] = []
    degree = np.zeros(len(pixels), np.float32)
    wanted = np.zeros(len(pixels), np.float32)
    for step in (-1, 1, -field.width, field.width):
        check()
        other = pixels + step
        exists = inside[other]
        here, there = field.source[pixels], np.where(exists, field.source[other], -1)
        mine = padded[here] - padded[here + step]
        theirs = padded[np.maximum(there - step, 0)] - padded[np.maximum(there, 0)]
        difference = np.where(there >= 0, (mine + theirs) / 2, mine)
        excess = np.clip(difference - (padded[pixels] - padded[other]), -_LARGEST_STEP, _LARGEST_STEP)
        wanted += np.where(exists, excess, 0)
        degree += exists
        neighbours.append(number[other])
    result = plane.copy()
    result[level.hole] += _solve(neighbours, degree + 1 / _REACH**2, wanted, check)
    return result


def _solve(neighbours: list[Ints], diagonal: Floats, right: Floats, check: Callable[[], None]) -> Floats:
    """Conjugate gradients, with a zero beyond the hole's rim."""
    extended = np.zeros(len(right) + 1, np.float32)

    def product(vector: Floats) -> Floats:
        extended[:-1] = vector
        result = diagonal * vector
        for index in neighbours:
            result -= extended[index]
        return result

    solution = np.zeros_like(right)
    residual = right.copy()
    direction = residual / diagonal
    energy = float(residual @ direction)
    first = energy
    for _ in range(_ITERATIONS):
        if energy <= 1e-9 * first or energy <= 1e-12:
            break
        check()
        along = product(direction)
        length = energy / float(direction @ along)
        solution += length * direction
        residual -= length * along
        scaled = residual / diagonal
        after = float(residual @ scaled)
        direction = scaled + after / energy * direction
        energy = after
    return solution
