"""Learning-free propagation of color by Levin's optimization."""

from __future__ import annotations

import numpy as np
import pytest

from huefill.imaging.propagation import Propagation, levin


def test_known_chroma_stays_as_it_is() -> None:
    random = np.random.default_rng(0)
    gray, chroma = random.random((20, 31), np.float32), random.random((20, 31, 2), np.float32)
    known = random.random((20, 31)) < 0.5
    assert np.array_equal(levin(gray, chroma, known)[known], chroma[known])


def test_one_known_pixel_colors_a_flat_picture() -> None:
    chroma, known = np.zeros((9, 14, 2), np.float32), np.zeros((9, 14), bool)
    chroma[4, 7], known[4, 7] = (0.2, -0.1), True
    out = levin(np.full((9, 14), 0.5, np.float32), chroma, known)
    np.testing.assert_allclose(out, np.broadcast_to([0.2, -0.1], out.shape), atol=2e-3)


def test_color_stops_at_an_edge_of_the_gray() -> None:
    gray = np.full((24, 40), 0.2, np.float32)
    gray[:, 20:] = 0.8
    chroma, known = np.zeros((24, 40, 1), np.float32), np.zeros((24, 40), bool)
    known[:, :3] = known[:, -3:] = True
    chroma[:, :3], chroma[:, -3:] = 0.3, -0.3
    out = levin(gray, chroma, known)[..., 0]
    assert out[:, 18].min() > 0.2
    assert out[:, 21].max() < -0.2


@pytest.mark.parametrize("shape", [(1, 30), (30, 1), (1, 1), (3, 2)])
def test_a_thin_picture_is_a_picture(shape: tuple[int, int]) -> None:
    known = np.zeros(shape, bool)
    known[0, 0] = True
    out = levin(np.full(shape, 0.5, np.float32), np.full((*shape, 2), 0.1, np.float32) * known[..., None], known)
    assert out.shape == (*shape, 2)
    assert np.isfinite(out).all()


def test_nothing_known_is_an_error() -> None:
    with pytest.raises(ValueError, match="no color is known"):
        levin(np.zeros((4, 4), np.float32), np.zeros((4, 4, 2), np.float32), np.zeros((4, 4), bool))


def test_levin_fulfils_its_own_equation() -> None:
    """Inside the hole each chroma is a mean of its neighbours: no value leaves the range of what is known."""
    random = np.random.default_rng(1)
    gray, chroma = random.random((30, 30), np.float32), random.random((30, 30, 2), np.float32)
    known = np.ones((30, 30), bool)
    known[5:25, 5:25] = False
    out = levin(gray, chroma, known)
    assert out.min() >= chroma[known].min() - 1e-4
    assert out.max() <= chroma[known].max() + 1e-4


@pytest.mark.parametrize("shape", [(72, 96), (1, 30), (3, 2)])
def test_a_few_known_pixels_of_one_picture_spread_as_levin_spreads_them(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(2)
    gray = random.random(shape, np.float32)
    propagation = Propagation(gray)
    for count in (1, 2, 30, 250):
        known = np.zeros(shape, bool)
        known.ravel()[random.choice(known.size, min(count, known.size), replace=False)] = True
        chroma = (random.normal(0, 40, (*shape, 2)) * known[..., None]).astype(np.float32)
        np.testing.assert_allclose(propagation.complete(chroma, known), levin(gray, chroma, known), atol=1e-3)


def test_few_known_pixels_far_apart_in_a_picture_of_hard_edges_spread_as_levin_spreads_them() -> None:
    gray = np.full((60, 80), 0.1, np.float32)
    gray[20:40, 30:50] = 0.9
    known = np.zeros(gray.shape, bool)
    known[2, 2] = known[57, 77] = known[30, 40] = True
    chroma = known[..., None] * np.array([30, -20], np.float32) * np.linspace(-1, 1, 80, dtype=np.float32)[None, :, None]
    np.testing.assert_allclose(Propagation(gray).complete(chroma, known), levin(gray, chroma, known), atol=1e-3)


def test_nothing_known_is_an_error_again() -> None:
    with pytest.raises(ValueError, match="no color is known"):
        Propagation(np.zeros((4, 4), np.float32)).complete(np.zeros((4, 4, 2), np.float32), np.zeros((4, 4), bool))
