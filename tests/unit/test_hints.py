"""Hints as maps: none is lost on the way to a smaller picture."""

from __future__ import annotations

import numpy as np
import pytest

from huefill.imaging.hints import HintMap, propagate


@pytest.mark.parametrize("shape", [(160, 160), (120, 160), (160, 96), (160, 16), (256, 256), (48, 48)])
def test_one_pixel_anywhere_gives_the_picture_its_color(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(0)
    lightness = (100 * random.random(shape)).astype(np.float32)
    for _ in range(12):
        mask = np.zeros(shape, bool)
        mask[random.integers(shape[0]), random.integers(shape[1])] = True
        spread = propagate(lightness, HintMap(mask[..., None] * np.array([30, -20], np.float32), mask))
        np.testing.assert_allclose(spread, np.broadcast_to([30, -20], spread.shape), atol=3)
