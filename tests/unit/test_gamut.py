"""Chroma within the gamut: the luminance it is shown at stays, and pictures longer than a warp takes at once are no exception."""

from __future__ import annotations

import numpy as np
import pytest

from huefill.imaging import color_spaces
from huefill.imaging.gamut import clip_to_gamut
from huefill.imaging.resample import Enlargement
from huefill.imaging.strips import LONGEST, strips


def wild(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Lightness of every gray and chroma far outside the gamut."""
    rng = np.random.default_rng(0)
    gray = rng.random((*shape, 1), dtype=np.float32).repeat(3, 2)
    return color_spaces.lightness(gray), rng.uniform(-110, 110, (*shape, 2)).astype(np.float32)


def shown(lightness: np.ndarray, ab: np.ndarray) -> np.ndarray:
    """H W 3 sRGB."""
    return np.moveaxis(color_spaces.linear_to_srgb(color_spaces.lab_to_light(lightness, ab)), 0, -1)


def test_the_lightness_alone_is_that_of_lab() -> None:
    rgb = np.random.default_rng(1).random((30, 40, 3), dtype=np.float32)
    assert np.abs(color_spaces.lightness(rgb) - color_spaces.rgb_to_lab(rgb)[..., 0]).max() < 1e-4


def test_any_chroma_is_shown_at_the_very_lightness() -> None:
    lightness, ab = wild((200, 300))
    for chroma in (ab, clip_to_gamut(lightness, ab)):
        rgb = shown(lightness, chroma)
        assert rgb.min() >= 0 and rgb.max() <= 1
        assert np.abs(color_spaces.lightness(rgb) - lightness).max() < 2e-3


def test_a_gray_of_16_bits_comes_back_to_the_nearest_step() -> None:
    lightness, ab = wild((200, 300))
    stored = np.rint(shown(lightness, clip_to_gamut(lightness, ab)) * 65535) / 65535
    gray = color_spaces.lab_to_rgb(np.dstack([lightness, ab * 0]))[..., 1]
    again = color_spaces.lab_to_rgb(np.dstack([color_spaces.lightness(stored.astype(np.float32)), ab * 0]))[..., 1]
    assert np.abs(again - gray).max() * 65535 < 1


def test_what_the_gamut_holds_keeps_its_color() -> None:
    rgb = np.random.default_rng(2).uniform(0.02, 0.98, (60, 70, 3)).astype(np.float32)
    lab = color_spaces.rgb_to_lab(rgb)
    assert np.abs(shown(lab[..., 0], lab[..., 1:]) - rgb).max() < 1e-4
    # The table of reaches is interpolated: at the gamut's sharp corners it takes a little more than it must.
    assert np.quantile(np.abs(clip_to_gamut(lab[..., 0], lab[..., 1:]) - lab[..., 1:]), 0.99) < 1


@pytest.mark.parametrize("shape", [(2, 2 * LONGEST + 9), (2 * LONGEST + 9, 2)])
def test_very_long_pictures_go_through_in_pieces_that_fit_together(shape: tuple[int, int]) -> None:
    assert max(rows.stop - rows.start for rows in strips(shape)) <= LONGEST
    ramp = np.linspace(0, 1, 64, dtype=np.float32)
    small = (ramp[None, :] if shape[1] > shape[0] else ramp[:, None]) * np.ones((64, 64), np.float32)
    enlargement = Enlargement(small[..., None], shape)
    grown = np.concatenate([enlargement.rows(rows)[0] for rows in strips(shape)])
    along = grown[1] if shape[1] > shape[0] else grown[:, 1]
    assert grown.shape == shape
    # A ramp from 0 to 1 without a jump where pieces meet.
    assert np.diff(along).max() < 2e-4 and along[0] < 0.01 and along[-1] > 0.99
    lightness, ab = wild(shape)
    whole = np.concatenate([clip_to_gamut(lightness[rows], ab[rows]) for rows in strips(shape)])
    turned = np.concatenate([clip_to_gamut(lightness[rows][:, -9:], ab[rows][:, -9:]) for rows in strips(shape)])
    assert np.array_equal(whole[:, -9:], turned)
