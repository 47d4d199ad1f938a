"""The quick colorizer: a network trained on the one image, its likest places and propagation, weighted by a test on validation holes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from huefill.imaging.mask import distance_to
from huefill.imaging.propagation import levin
from huefill.internal import features as seen
from huefill.internal.neighbours import nearest_colors
from huefill.internal.pixel_network import fit_and_predict
from huefill.internal.presets import Ensemble
from huefill.internal.validation import MOCK_SHARE, mock_hole, weights
from huefill.internal.watch import Watch
from huefill.runtime.progress import Progress

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Seconds on four cores: a step of the pixel network, a pixel in propagation, a pixel in the search for likest places.
_STEP, _PROPAGATION, _NEIGHBOURS = 4.2e-3, 8e-6, 5e-6
_FEW = 64  # known pixels below which there is nothing to learn from
_NEAR = (1.0, 0.3)  # how much position counts among the likest places


def colorize(
    gray: Image, chroma: Image, known: Mask, hinted: Mask, preset: Ensemble, seed: int, device: str, progress: Progress
) -> tuple[Image, int, float]:
    """H W gray, H W 2 chroma valid where ``known`` (of which ``hinted`` by points) to H W 2 chroma; also iterations and seconds each."""
    rounds = preset.validations
    hole = ~known
    watch = Watch(progress, _costs(int(hole.sum()), int(known.sum()), preset))
    chroma = np.where(known[..., None], chroma, 0).astype(np.float32)
    indicator = hinted.astype(np.float32)[..., None]
    if int(known.sum()) < _FEW:
        return levin(gray, chroma, known, watch.poll), 0, 0.0
    look = seen.appearance(gray)
    watch.poll()
    place = seen.place(gray.shape)
    total = np.zeros_like(chroma)
    alike: list[Image] = []
    random = np.random.default_rng(seed)
    for number in range(rounds):
        mock = mock_hole(known, hole, random)
        left = known & ~mock
        watch.poll()
        network = fit_and_predict(
            np.concatenate([look, place], 2), chroma, left, _importance(left, hole), preset, seed + number, device, watch, _STEP
        )
        # Not before the network: its pace tells that of all work on one core, and so the time that is left.
        alike = alike or [_alike(look, chroma, known, hole, near, seed, watch) for near in _NEAR]
        guesses = _along(gray, [chroma, chroma - network], left, watch)
        guesses[1] += network
        guesses += [_alike(look, chroma, left, mock, near, seed, watch) for near in _NEAR]
        shares = weights(guesses, chroma, mock)
        propagated, corrected, belongs = _along(gray, [chroma, chroma - network, indicator], known, watch)
        for share, guess in zip(shares, [propagated, network + corrected, *alike], strict=True):
            total += share * guess / rounds
    belongs = np.clip(belongs, 0, 1)
    # What belongs to a hint takes the hint's color, however rare that color is in the picture.
    blended = total + belongs * (propagated - total)
    low, high = chroma[known].min(0), chroma[known].max(0)
    blended = np.clip(blended, low, high)
    return np.where(known[..., None], chroma, blended).astype(np.float32), rounds * preset.iterations, _STEP * (watch.pace or 0.0)


def _costs(hole: int, known: int, preset: Ensemble) -> dict[str, float]:
    """What a run will cost in seconds, by kind of work; ``hole`` and ``known`` in pixels."""
    mock = MOCK_SHARE * known
    return {
        "network": preset.validations * preset.iterations * _STEP,
        "propagation": preset.validations * (hole + mock + hole) * _PROPAGATION,
        "neighbours": 2 * (hole + preset.validations * mock) * _NEIGHBOURS,
    }


def _along(gray: Image, fields: list[Image], known: Mask, watch: Watch) -> list[Image]:
    """Every H W C field continued along the gray from where it is ``known``, in one solve.

    A network's own error at the rim of the hole, continued into it, takes away the seam and what the network got wrong nearby.
    """
    stack = np.concatenate(fields, 2) * known[..., None]
    spread = levin(gray, stack.astype(np.float32), known, watch.poll)
    watch.advance("propagation", _PROPAGATION * (known.size - int(known.sum())))
    return np.split(spread, np.cumsum([field.shape[2] for field in fields])[:-1], 2)


def _alike(look: Image, chroma: Image, known: Mask, wanted: Mask, near: float, seed: int, watch: Watch) -> Image:
    out = nearest_colors(np.concatenate([look, seen.position(look.shape[:2])], 2), chroma, known, wanted, near, seed, watch)
    watch.advance("neighbours", _NEIGHBOURS * int(wanted.sum()))
    return out


def _importance(known: Mask, hole: Mask) -> Image:
    """H W: how often a known pixel is looked at in training; those near the hole are most like what is in it."""
    return np.asarray(np.exp(-distance_to(hole) / (0.1 * max(hole.shape))) + 0.2, np.float32)
