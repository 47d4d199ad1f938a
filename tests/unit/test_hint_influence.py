"""Which places of a photo a hint concerns."""

from __future__ import annotations

import numpy as np

from huefill.imaging.hint_influence import influence


def test_a_hint_concerns_what_is_near_and_what_looks_like_its_place_and_little_else() -> None:
    random = np.random.default_rng(0)
    left, right = random.normal(0, 1, (2, 24))
    features = np.empty((24, 16, 16), np.float32)
    features[:, :, :8], features[:, :, 8:] = left[:, None, None], right[:, None, None]
    guess = np.zeros((256, 256, 2), np.float32)
    mask = np.zeros((256, 256), bool)
    mask[40:46, 40:46] = True
    concerned = influence(features, guess, mask)
    assert concerned.shape == (256, 256) and concerned.min() >= 0 and concerned.max() <= 1 + 1e-6
    assert concerned[43, 43] > 0.99 and concerned[240, 20] > 0.9  # itself; far, but alike
    assert concerned[240, 240] < 0.1  # far and unlike


def test_what_has_another_color_without_hints_is_another_thing() -> None:
    features, mask = (
        np.random.default_rng(1).normal(0, 1, (24, 1, 1)).repeat(16, 1).repeat(16, 2).astype(np.float32),
        np.zeros((256, 256), bool),
    )
    features[:12, :8] += 1
    mask[200:206, 40:46] = True
    guess = np.zeros((256, 256, 2), np.float32)
    same = influence(features, guess, mask)[220, 240]
    guess[:, 128:] = (40, 30)
    assert influence(features, guess, mask)[220, 240] < 0.2 < same
