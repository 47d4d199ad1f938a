"""Hints as maps: none is lost on the way to a smaller picture."""

from __future__ import annotations

import numpy as np
import pytest

from huefill.imaging.hints import Along, HintMap, Strokes, apply_hints, shrink


@pytest.mark.parametrize("shape", [(160, 160), (120, 160), (160, 96), (160, 16), (256, 256), (48, 48)])
def test_one_pixel_anywhere_gives_the_picture_its_color(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(0)
    lightness = (100 * random.random(shape)).astype(np.float32)
    for _ in range(12):
        mask = np.zeros(shape, bool)
        mask[random.integers(shape[0]), random.integers(shape[1])] = True
        spread = Along(lightness).propagate(HintMap(mask[..., None] * np.array([30, -20], np.float32), mask))
        np.testing.assert_allclose(spread, np.broadcast_to([30, -20], spread.shape), atol=3)


@pytest.mark.parametrize("full", [(300, 400), (97, 131), (160, 200), (41, 3)])
@pytest.mark.parametrize("small", [(40, 50), (41, 3), (1, 1), (16, 3)])
def test_few_painted_pixels_shrink_as_a_whole_layer_does(full: tuple[int, int], small: tuple[int, int]) -> None:
    small = (min(full[0], small[0]), min(full[1], small[1]))
    random = np.random.default_rng(0)
    mask = random.random(full) < 0.02
    mask[full[0] // 3, :] = mask[:, full[1] // 2] = True
    mask &= random.random(full) < 0.5
    mask[-1, -1] = True
    ab = random.normal(0, 40, (int(mask.sum()), 2)).astype(np.float32)
    whole = HintMap(np.zeros((*full, 2), np.float32), mask)
    whole.ab[mask] = ab
    expected, strokes = shrink(whole, small), Strokes(mask, ab)
    np.testing.assert_array_equal(strokes.at(small).mask, expected.mask)
    np.testing.assert_allclose(strokes.at(small).ab, expected.ab, atol=1e-2)
    few = strokes._few_at(small)
    np.testing.assert_array_equal(few.mask, expected.mask)
    np.testing.assert_allclose(few.ab, expected.ab, atol=1e-2)


def test_the_strokes_of_some_rows_are_those_of_the_whole() -> None:
    random = np.random.default_rng(0)
    mask = random.random((50, 30)) < 0.3
    ab = random.random((int(mask.sum()), 2)).astype(np.float32)
    parts = [Strokes(mask, ab).rows(slice(top, min(50, top + 7))) for top in range(0, 50, 7)]
    np.testing.assert_array_equal(np.concatenate([part[0] for part in parts]), mask)
    np.testing.assert_array_equal(np.concatenate([part[1] for part in parts]), ab)


def test_what_a_network_left_of_a_hint_is_felt_around_it_and_what_it_heeded_adds_nothing() -> None:
    lightness = np.full((64, 64), 50, np.float32)
    mask = np.zeros((64, 64), bool)
    mask[30:33, 30:33] = True
    hints = HintMap(mask[..., None] * np.array([40, 10], np.float32), mask)
    said = np.broadcast_to(np.array([40, 10], np.float32), (64, 64, 2))
    np.testing.assert_allclose(apply_hints(said, hints, Along(lightness), 0.9, 0.2), said, atol=1e-4)
    heard = apply_hints(0 * said, hints, Along(lightness), 0.9, 0.2)
    np.testing.assert_allclose(heard[31, 31], [40, 10])
    assert heard[31, 36, 0] > 20 > heard[31, 60, 0] > 1
    alone = apply_hints(0 * said, hints, Along(lightness), 0.0, 0.2)
    assert not alone[~mask].any() and np.array_equal(alone[mask], hints.ab[mask])
