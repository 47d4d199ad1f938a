"""Bringing a fill made small to the photo's own resolution, and what is decided from the surroundings."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from huefill.imaging import exemplar
from huefill.imaging.exemplar.grain import match_grain
from huefill.imaging.resample import resize_known
from tests.unit.test_exemplar_fill import bricks, disc


def detailed(shape: tuple[int, int] = (300, 400)) -> np.ndarray:
    """A picture whose finest detail is lost at half its size."""
    rows, columns = np.indices(shape)
    fine = 0.15 * ((rows + columns) % 2)
    return (0.3 + 0.2 * (np.sin(rows / 9) > 0) + fine).astype(np.float32)


@pytest.mark.parametrize("factor", [2.0, 1.7, 3.3])
def test_a_lifted_fill_has_the_detail_that_working_size_lost(factor: float) -> None:
    gray = detailed()
    hole = disc(gray.shape, (150, 200), 50)
    shape = (round(gray.shape[0] / factor), round(gray.shape[1] / factor))
    small, known = resize_known(gray, ~hole, shape)
    low = exemplar.fill(small, ~known)
    full = exemplar.lift(low, gray, ~hole)
    inner = disc(gray.shape, (150, 200), 40)
    smooth = cv2.resize(low.gray, gray.shape[::-1], interpolation=cv2.INTER_CUBIC)

    def roughness(picture: np.ndarray) -> float:
        return float(np.abs(np.diff(picture, axis=1))[inner[:, 1:]].mean())

    assert np.array_equal(full[~hole], gray[~hole])
    assert roughness(full) > 0.8 * roughness(gray)
    assert roughness(smooth) < 0.6 * roughness(gray)


def test_colors_come_from_where_the_monochrome_came_from() -> None:
    gray = bricks()
    rgb = np.dstack([gray, gray * 0.5, 1 - gray]).astype(np.float32)
    hole = disc(gray.shape, (80, 100), 25)
    filled = exemplar.fill(gray, hole)
    colored = exemplar.transfer_color(np.where(hole[..., None], np.float32(0), rgb), filled)
    assert np.array_equal(colored[~hole], rgb[~hole])
    assert np.abs(colored[hole] - rgb[hole]).mean() < 0.1


@pytest.mark.parametrize("blur", [0.3, 0.7, 1.1])
def test_a_smooth_hole_in_a_grainy_photo_gets_the_same_grain(blur: float) -> None:
    noise = np.random.default_rng(5).normal(0, 1, (200, 200)).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), blur)
    noise *= 0.04 / noise.std()
    hole = disc(noise.shape, (100, 100), 40)
    grained = match_grain(np.where(hole, np.float32(0.5), 0.5 + noise), hole, seed=1)
    assert 0.8 < grained[hole].std() / 0.04 < 1.25
    assert np.array_equal(grained[~hole], 0.5 + noise[~hole])


def test_a_clean_photo_gets_no_grain() -> None:
    gray = np.full((100, 100), 0.5, np.float32)
    assert np.array_equal(match_grain(gray, disc(gray.shape, (50, 50), 20)), gray)
