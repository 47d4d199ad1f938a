"""Complete an image of several channels from its own patches, coarse to fine.

Wexler et al. 2007 (Space-time completion of video) alternate two steps at every scale: find for each patch over the hole
the known patch most like it, and let all patches vote for the values of the hole's pixels. The search is PatchMatch
(Barnes et al. 2009) on short descriptors; the start at the coarsest scale is peeled from the rim (Newson et al. 2014).
Matches are then drawn together: a patch rather takes the piece its neighbours come from (the labelling of Pritch et al.
2009, Shift-map), which gives large whole pieces, and sharp votes.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from huefill.imaging.exemplar.descriptors import learn
from huefill.imaging.exemplar.field import Field, Search, finer, vote
from huefill.imaging.exemplar.products import Bools, Floats, Ints
from huefill.imaging.exemplar.pyramid import Level, build, doubled
from huefill.imaging.exemplar.rim_inward import fill_inward

Check = Callable[[float], None]
Still = Callable[[], None]

_DESCRIPTOR_SIZE = 20
_GRADIENT_WEIGHT = 0.7
# Up to this many pairs of patches are compared exhaustively; beyond it PatchMatch searches.
_EXACT_PAIRS = 60_000_000
# The price of one neighbour that comes from elsewhere, in medians of the matches' cost.
_TENSION = 0.5
# A vote weighs 1/1.1 less for every pixel that its patch lies deeper in the hole.
_CONFIDENCE = 1.1
_LEVELS_FROM_A_GUESS = 3


def complete(
    values: Floats, hole: Bools, allowed: Bools, *, guess: bool, seed: int, side: int, check: Check, place: Floats | None = None
) -> tuple[Floats, Level, Field]:
    """Fill ``values`` (H W C) in ``hole`` from where ``allowed`` (H W): the result, the finest level and its field of matches.

    ``guess``: ``values`` hold something worth starting from in the hole; the coarsest scales, which would find a
    structure of their own, are then left out. ``place`` H W K: says of every pixel where it is, in the units of the values; matches are
    rather taken from where it is alike. The guess beside it is a rough one, and no scale is left out.
    """
    rng = np.random.default_rng(seed)
    done = 0.0

    def still() -> None:
        check(done)

    levels = build(_with_sources(values, hole, allowed, side), still)
    if guess and place is None:
        levels = levels[:_LEVELS_FROM_A_GUESS]
    work = [level.targets.size * _rounds(number) for number, level in enumerate(levels)]
    coarsest = levels[-1]
    current = coarsest.values if guess else fill_inward(coarsest, rng, still)
    field = Field.empty(coarsest.targets, coarsest.valid, coarsest.padded_shape[1])
    for number in range(len(levels) - 1, -1, -1):
        if number < len(levels) - 1:
            current, field = _descend(current, field, levels[number + 1], levels[number], still)
        current = _settle(levels[number], current, field, _rounds(number), rng, still, place)
        done = sum(work[number:]) / sum(work)
    return current, levels[0], field


def _rounds(number: int) -> int:
    """Search-and-vote rounds at a level; 0 is the finest."""
    return (2, 3, 5, 8)[min(number, 3)]


def _with_sources(values: Floats, hole: Bools, allowed: Bools, side: int) -> Level:
    """The finest level, with the largest patch up to ``side`` for which there is anything to copy."""
    for smaller in range(side, 0, -2):
        level = Level(values, hole, allowed, smaller)
        if level.valid.any():
            return level
    raise ValueError("There is nothing to copy from: no pixel is both outside the hole and allowed.")


def _descend(current: Floats, field: Field, coarse: Level, fine: Level, still: Still) -> tuple[Floats, Field]:
    """The hole and its matches, from one level to the next finer."""
    guess = np.where(fine.hole[..., None], doubled(current, fine.hole.shape), fine.values)
    result = finer(field, fine.targets, fine.valid, fine.padded_shape, coarse.padded_shape, fine.pad)
    weight = (result.source >= 0).astype(np.float32)
    matched = fine.hole_pixels[weight[fine.hole_pixels] > 0]
    padded = fine.padded(guess)
    padded.reshape(-1, padded.shape[2])[matched] = vote(padded, result.source, weight, matched, fine.pad, still)
    return fine.unpadded(padded), result


def _settle(
    level: Level, current: Floats, field: Field, rounds: int, rng: np.random.Generator, still: Still, place: Floats | None
) -> Floats:
    """Search and vote a few times."""
    padded = level.padded(current)
    sources = np.flatnonzero(level.valid)
    descriptor = learn(padded, sources, level.side, _DESCRIPTOR_SIZE, _GRADIENT_WEIGHT, rng)
    places = None if place is None else _placed(level, place)

    def described(centres: Ints) -> Floats:
        own = descriptor.of_many(padded, centres, still)
        return own if places is None else np.hstack([own, places[centres]])

    of_sources = described(sources)
    known = np.zeros((level.valid.size, of_sources.shape[1]), np.float32)
    known[sources] = of_sources
    for turn in range(rounds):
        wanted = described(level.targets)
        search = Search(field, known, wanted, rng, still)
        search.rescore()
        if len(sources) * len(level.targets) <= _EXACT_PAIRS:
            search.everywhere()
        else:
            search.propagate((8, 4, 2, 1))
            search.scatter(max(level.hole.shape) // 2 if turn == 0 else 32)
            search.propagate((2, 1))
        search.propagate((4, 2, 1, 1, 1, 1), tension=_TENSION * float(np.median(field.cost[level.targets])))
        weight = _weights(level, field)
        current = current.copy()
        current[level.hole] = vote(padded, field.source, weight, level.hole_pixels, level.pad, still)
        padded = level.padded(current)
    return current


def _placed(level: Level, place: Floats) -> Floats:
    """The place of every pixel of the padded level, flat, N K: as much as if each pixel of its patch had it."""
    height, width = level.hole.shape
    small = cv2.resize(place, (width, height), interpolation=cv2.INTER_AREA).reshape(height, width, -1)
    padded = level.padded(np.asarray(level.side * small, np.float32))
    return np.ascontiguousarray(padded.reshape(-1, padded.shape[2]))


def _weights(level: Level, field: Field) -> Floats:
    """How much each patch counts in the vote: the best matches most, and those near the rim more than those deep inside."""
    cost = field.cost[level.targets]
    scale = max(float(np.quantile(cost, 0.1)), 1e-8)
    weight = np.zeros(level.valid.size, np.float32)
    weight[level.targets] = np.exp(-cost / (2 * scale)) * _CONFIDENCE ** -np.minimum(level.depth[level.targets], 60) + 1e-12
    return weight
