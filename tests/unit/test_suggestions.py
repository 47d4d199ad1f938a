"""Suggested colors: weighted K-means of a distribution, on distributions whose answer is known."""

from __future__ import annotations

import numpy as np

from huefill.imaging.color_spaces import rgb_to_lab
from huefill.tasks.colorization.colorizers.protocol import Distribution
from huefill.tasks.colorization.suggestions import clusters, suggested_colors


def test_two_heaps_give_two_centers_at_their_weighted_means() -> None:
    places = np.array([[-50, 0], [-40, 0], [60, 20], [60, 30]], np.float32)
    weights = np.array([0.3, 0.1, 0.4, 0.2], np.float32)
    centers, shares = clusters(places, weights, 2)
    np.testing.assert_allclose(centers, [[60, 20 + 10 / 3], [-47.5, 0]], rtol=1e-5)
    np.testing.assert_allclose(shares, [0.6, 0.4], rtol=1e-5)


def test_what_has_no_weight_moves_no_center() -> None:
    places = np.array([[0, 0], [10, 0], [100, 100]], np.float32)
    centers, shares = clusters(places, np.array([0.5, 0.5, 0], np.float32), 1)
    np.testing.assert_allclose(centers, [[5, 0]])
    np.testing.assert_allclose(shares, [1])


def test_no_more_centers_than_places() -> None:
    places = np.array([[0, 0], [10, 0]], np.float32)
    assert len(clusters(places, np.array([0.5, 0.5], np.float32), 9)[0]) == 2


def test_suggestions_keep_the_pixels_lightness_and_are_colors_that_srgb_has() -> None:
    ab = np.array([[90, 80], [-90, 60], [0, -110]], np.float32)
    found = suggested_colors(Distribution(ab, np.array([0.2, 0.5, 0.3], np.float32)), 62.0, 3)
    assert [item["probability"] for item in found] == [0.5, 0.3, 0.2]
    for item in found:
        assert all(0 <= value <= 255 for value in item["rgb"])
        assert abs(rgb_to_lab(np.array([[item["rgb"]]], np.float32) / 255)[0, 0, 0] - 62) < 0.5
