"""The simulated user of the hints recipe: what is said of a photo's colors."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from huefill_models.hints.recipe import Hints
from huefill_models.hints.simulated_user import reveal, simulate


def simulated(count: int, **shares: float) -> list[tuple[np.ndarray, bool]]:
    photo = np.zeros((128, 128, 3), np.uint8)
    photo[:, 64:] = (200, 30, 30)
    return [simulate(np.random.default_rng(seed), photo, **{"none": 0.0, "many": 0.0, "strokes": 0.0, **shares}) for seed in range(count)]


def test_a_user_gives_about_seven_points_around_the_middle_and_now_and_then_everything() -> None:
    """Zhang et al. 2017, section 3.1: geometric with p = 1/8, Gaussian places, all colors one time in a hundred."""
    made = simulated(3000)
    everything = sum(whole for _, whole in made)
    assert 10 <= everything <= 60
    counts = np.array([segments.max() for segments, whole in made if not whole])
    assert 5.5 < counts.mean() < 8.5 and (counts == 0).mean() == pytest.approx(1 / 8, abs=0.03)
    first = np.array([np.argwhere(segments == 1).mean(0) for segments, _ in made if (segments == 1).any()])
    assert np.abs(first.mean(0) - 64).max() < 3 and 22 < first.std(0).mean() < 36


def test_a_user_says_nothing_or_much_as_often_as_asked() -> None:
    assert all(segments.max() == 0 for segments, _ in simulated(50, none=1.0))
    counts = np.array([segments.max() for segments, whole in simulated(200, many=1.0) if not whole])
    assert counts.min() >= 5 and counts.max() > 200 and 30 < np.median(counts) < 130
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(simulated(20, strokes=0.5), simulated(20, strokes=0.5), strict=True))


def test_a_stroke_is_longer_than_a_point_and_stays_on_its_color() -> None:
    sides = {}
    for share in (0.0, 1.0):
        segments = [found for found, whole in simulated(300, strokes=share) if not whole]
        lengths, crossing = [], 0
        for found in segments:
            rows, columns = np.nonzero(found == 1)
            if len(columns):
                lengths.append(max(np.ptp(rows), np.ptp(columns)) + 1)
                crossing += bool(columns.min() < 60 and columns.max() > 68)
        sides[share] = np.mean(lengths)
        assert crossing == 0
    assert sides[1.0] > 2 * sides[0.0]


def test_a_hint_is_the_mean_color_of_its_segment_and_everything_is_everything() -> None:
    ab = torch.arange(2 * 2 * 4 * 4, dtype=torch.float32).reshape(2, 2, 4, 4)
    segments = torch.zeros(2, 4, 4, dtype=torch.long)
    segments[0, 0, :2], segments[0, 3, 3] = 1, 2
    hint, mask = reveal(ab, segments, torch.tensor([False, True]))
    assert torch.equal(hint[0, :, 0, 0], ab[0, :, 0, :2].mean(1)) and torch.equal(hint[0, :, 0, 1], hint[0, :, 0, 0])
    assert torch.equal(hint[0, :, 3, 3], ab[0, :, 3, 3])
    assert torch.equal(mask[0, 0] > 0, segments[0] > 0) and (hint[0] * (1 - mask[0]) == 0).all()
    assert torch.equal(hint[1], ab[1]) and (mask[1] == 1).all()


def test_an_argument_that_no_recipe_has_is_refused() -> None:
    with pytest.raises(TypeError, match="speed"):
        Hints("hints", speed=3)
