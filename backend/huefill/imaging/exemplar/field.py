"""The nearest-neighbour field: for every patch that touches the hole, the known patch most like it.

PatchMatch (Barnes et al. 2009) alternates propagation from neighbours with random search. The original visits pixels one
after another; here all pixels take a candidate at once, and neighbours at distances 8, 4, 2, 1 carry good matches as
far as a scan would (the jump-flooding order).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from huefill.imaging.exemplar.products import Bools, Floats, Ints, Nearest


@dataclass
class Field:
    """Matches on a padded image, by flat pixel index.

    ``targets`` N: the centres of the patches to match. ``source`` and ``cost`` over all pixels: the matched centre
    (-1 where nothing is matched) and the squared descriptor distance. ``valid``: where sources may lie.
    """

    targets: Ints
    valid: Bools
    width: int
    source: Ints
    cost: Floats

    @classmethod
    def empty(cls, targets: Ints, valid: Bools, width: int) -> Field:
        return cls(targets, valid, width, np.full(valid.size, -1, np.int64), np.full(valid.size, np.inf, np.float32))


def distances(first: Floats, second: Floats) -> Floats:
    """Squared distances of the rows."""
    difference = first - second
    return np.asarray(np.einsum("ij,ij->i", difference, difference))


class Search:
    """Looks for better matches of one field. ``known`` are descriptors of all pixels' patches, ``wanted`` those of the targets."""

    def __init__(self, field: Field, known: Floats, wanted: Floats, rng: np.random.Generator, check: Callable[[], None]) -> None:
        self.field, self.known, self.wanted, self.rng, self.check = field, known, wanted, rng, check
        self.sources = np.flatnonzero(field.valid)

    def rescore(self) -> None:
        """Costs of the present matches; targets without one get a random source."""
        field = self.field
        present = field.source[field.targets]
        missing = present < 0
        present[missing] = self.rng.choice(self.sources, int(missing.sum()))
        field.source[field.targets] = present
        field.cost[field.targets] = distances(self.known[present], self.wanted)

    def _try(self, candidates: Ints, usable: Bools, tension: float = 0.0) -> None:
        """Take the candidate (one for each target) where it is better, and count ``tension`` for each neighbour it breaks with."""
        self.check()
        field = self.field
        np.clip(candidates, 0, field.valid.size - 1, out=candidates)
        rows = np.flatnonzero(usable & field.valid[candidates] & (candidates != field.source[field.targets]))
        if not rows.size:
            return
        tried, pixels = candidates[rows], field.targets[rows]
        cost = distances(self.known[tried], self.wanted[rows])
        gain = field.cost[pixels] - cost
        if tension:
            gain += tension * (self._strangers(pixels, field.source[pixels]) - self._strangers(pixels, tried))
        better = gain > 0
        field.source[pixels[better]] = tried[better]
        field.cost[pixels[better]] = cost[better]

    def _strangers(self, pixels: Ints, sources: Ints) -> Floats:
        """How many of the four neighbours would not continue the piece that starts from ``sources``."""
        count = np.zeros(len(pixels), np.float32)
        for step in (-1, 1, -self.field.width, self.field.width):
            other = self.field.source[np.clip(pixels + step, 0, self.field.source.size - 1)]
            count += (other >= 0) & (other != sources + step)
        return count

    def propagate(self, jumps: tuple[int, ...], tension: float = 0.0) -> None:
        """Continue the pieces of the neighbours at the distances ``jumps``."""
        field = self.field
        for jump in jumps:
            for step in (-jump, jump, -jump * field.width, jump * field.width):
                neighbours = field.source[np.clip(field.targets + step, 0, field.valid.size - 1)]
                self._try(neighbours - step, neighbours >= 0, tension)

    def scatter(self, radius: int) -> None:
        """Random candidates around the present matches, in windows that shrink by half."""
        field = self.field
        count = len(field.targets)
        while radius >= 1:
            step = self.rng.integers(-radius, radius + 1, (2, count))
            self._try(field.source[field.targets] + step[0] * field.width + step[1], np.ones(count, bool))
            radius //= 2

    def everywhere(self) -> None:
        """The best of all sources, exactly: for small levels."""
        field = self.field
        known = self.known[self.sources]
        nearest = Nearest(-2 * known, np.einsum("ij,ij->i", known, known))
        for start in range(0, len(field.targets), nearest.rows_at_once):
            self.check()
            wanted = self.wanted[start : start + nearest.rows_at_once]
            best = self.sources[nearest.of(wanted)]
            pixels = field.targets[start : start + nearest.rows_at_once]
            field.source[pixels] = best
            field.cost[pixels] = distances(self.known[best], wanted)


def finer(field: Field, targets: Ints, valid: Bools, shape: tuple[int, int], coarse_shape: tuple[int, int], pad: int) -> Field:
    """The field of the next finer level: offsets doubled. Matches that are no longer valid are left out."""
    result = Field.empty(targets, valid, shape[1])
    rows, columns = np.divmod(targets, shape[1])
    parent_rows = np.clip((rows - pad) // 2 + pad, 0, coarse_shape[0] - 1)
    parent_columns = np.clip((columns - pad) // 2 + pad, 0, coarse_shape[1] - 1)
    parents = field.source[parent_rows * coarse_shape[1] + parent_columns]
    source_rows, source_columns = np.divmod(parents, coarse_shape[1])
    fine = (rows + 2 * (source_rows - parent_rows)) * shape[1] + columns + 2 * (source_columns - parent_columns)
    usable = (parents >= 0) & (fine >= 0) & (fine < valid.size)
    usable &= valid[np.where(usable, fine, 0)]
    result.source[targets[usable]] = fine[usable]
    return result


def vote(padded: Floats, source: Ints, weight: Floats, pixels: Ints, radius: int, check: Callable[[], None]) -> Floats:
    """The values of ``pixels`` (flat, N) as all the patches over them see them: N C, the weighted mean of what each copies there.

    ``source`` and ``weight`` over all pixels of ``padded`` (H W C); a weight of 0 is no vote.
    """
    width = padded.shape[1]
    flat = padded.reshape(-1, padded.shape[2])
    total = np.zeros((len(pixels), padded.shape[2]), np.float32)
    weights = np.zeros(len(pixels), np.float32)
    for dy in range(-radius, radius + 1):
        check()
        for dx in range(-radius, radius + 1):
            step = dy * width + dx
            share = weight[pixels + step]
            total += flat[np.maximum(source[pixels + step] - step, 0)] * share[:, None]
            weights += share
    return np.asarray(total / weights[:, None])
