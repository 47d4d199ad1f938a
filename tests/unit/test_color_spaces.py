"""Color spaces and measures agree with an established library and keep what they promise to keep."""

from __future__ import annotations

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest
import skimage.color
import skimage.metrics

from huefill.imaging import color_spaces, metrics


@pytest.fixture(scope="module")
def colors() -> np.ndarray:
    return np.random.default_rng(0).random((40, 50, 3), dtype=np.float32)


def test_lab_agrees_with_scikit_image(colors: np.ndarray) -> None:
    assert np.abs(color_spaces.rgb_to_lab(colors) - skimage.color.rgb2lab(colors)).max() < 2e-2


def test_lab_comes_back_to_the_same_color(colors: np.ndarray) -> None:
    assert np.abs(color_spaces.lab_to_rgb(color_spaces.rgb_to_lab(colors)) - colors).max() < 1e-4


def test_ciede2000_agrees_with_scikit_image(colors: np.ndarray) -> None:
    first, second = color_spaces.rgb_to_lab(colors), color_spaces.rgb_to_lab(colors[::-1].copy())
    assert np.abs(color_spaces.ciede2000(first, second) - skimage.color.deltaE_ciede2000(first, second)).max() < 1e-3


def test_ciede2000_of_the_published_pairs() -> None:
    # Sharma, Wu, Dalal 2005, table 1, pairs 1, 7, 17 and 25.
    first = np.array([[50, 2.6772, -79.7751], [50, 0, 0], [50, 2.5, 0], [60.2574, -34.0099, 36.2677]], np.float32)
    second = np.array([[50, 0, -82.7485], [50, -1, 2], [73, 25, -18], [60.4626, -34.1751, 39.4387]], np.float32)
    assert color_spaces.ciede2000(first, second) == pytest.approx([2.0425, 2.3669, 27.1492, 1.2644], abs=2e-3)


def test_ssim_agrees_with_scikit_image(colors: np.ndarray) -> None:
    other = np.clip(colors + 0.1 * np.random.default_rng(1).standard_normal(colors.shape), 0, 1).astype(np.float32)
    expected = skimage.metrics.structural_similarity(
        colors, other, channel_axis=-1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=1, full=True
    )[1].mean(-1)
    assert np.abs(metrics.ssim_map(colors, other) - expected)[6:-6, 6:-6].max() < 1e-3


def test_psnr_of_a_known_error() -> None:
    assert metrics.psnr(np.full((4, 4), 0.6, np.float32), np.full((4, 4), 0.5, np.float32)) == pytest.approx(20, abs=1e-3)


@hypothesis.given(st.lists(st.floats(-1, 2, width=32), min_size=3, max_size=3))
def test_into_gamut_keeps_the_monochrome(values: list[float]) -> None:
    rgb = np.array([[values]], np.float32)
    inside = color_spaces.into_gamut(rgb)
    assert inside.min() >= 0 and inside.max() <= 1
    gray = np.clip(color_spaces.monochrome(rgb), 0, 1)
    assert np.abs(color_spaces.monochrome(inside) - gray).max() < 1e-5


def test_chroma_and_monochrome_make_the_color_again(colors: np.ndarray) -> None:
    assert np.abs(color_spaces.from_chroma(color_spaces.monochrome(colors), color_spaces.to_chroma(colors)) - colors).max() < 1e-5
