"""Filling a monochrome from its own patches."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huefill.imaging import exemplar

PARROTS = Path(__file__).parents[2] / "examples" / "photos" / "parrots.png"


def photo() -> np.ndarray:
    rgb = cv2.imread(str(PARROTS)).astype(np.float32) / 255
    gray = rgb @ np.array([0.11, 0.59, 0.30], np.float32)
    return np.ascontiguousarray(cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)


def disc(shape: tuple[int, int], centre: tuple[int, int], radius: int) -> np.ndarray:
    rows, columns = np.indices(shape)
    return (rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 <= radius**2


def error(first: np.ndarray, second: np.ndarray, where: np.ndarray) -> float:
    return float(np.sqrt(np.mean((first[where] - second[where]) ** 2)))


def bricks(height: int = 160, width: int = 200) -> np.ndarray:
    rows, columns = np.indices((height, width))
    shift = (rows // 10 % 2) * 10
    mortar = (rows % 10 < 2) | ((columns + shift) % 20 < 2)
    return np.where(mortar, 0.8, 0.35).astype(np.float32)


def test_known_pixels_stay_bit_for_bit() -> None:
    gray = photo()
    hole = disc(gray.shape, (120, 200), 30)
    filled = exemplar.fill(gray, hole)
    assert filled.gray.dtype == np.float32
    assert np.array_equal(filled.gray[~hole], gray[~hole])
    assert not np.array_equal(filled.gray[hole], gray[hole])


def test_what_the_hole_holds_is_not_read() -> None:
    gray = photo()
    hole = disc(gray.shape, (120, 200), 25)
    guide = np.dstack([gray, gray * 0.3])
    scribbled = np.where(hole, np.float32(0.987), gray)
    scribbled_guide = np.where(hole[..., None], np.float32(-3), guide)
    first = exemplar.fill(gray, hole, guide=guide)
    second = exemplar.fill(scribbled, hole, guide=scribbled_guide)
    assert np.array_equal(first.gray[hole], second.gray[hole])


def test_a_regular_texture_is_restored_far_better_than_by_diffusion() -> None:
    gray = bricks()
    hole = disc(gray.shape, (80, 100), 28)
    ours = exemplar.fill(gray, hole).gray
    diffused = cv2.inpaint((gray * 255).round().astype(np.uint8), hole.astype(np.uint8), 5, cv2.INPAINT_TELEA) / 255
    assert error(ours, gray, hole) < 0.35 * error(diffused, gray, hole)


def test_a_line_goes_on_through_the_hole() -> None:
    gray = np.full((120, 120), 0.7, np.float32)
    gray[56:62] = 0.1
    hole = disc(gray.shape, (59, 60), 20)
    filled = exemplar.fill(gray, hole).gray
    assert error(filled, gray, hole) < 0.05


def test_a_smooth_sky_stays_without_a_seam() -> None:
    rows, columns = np.indices((150, 150))
    gray = (0.3 + rows / 400 + columns / 900).astype(np.float32)
    hole = disc(gray.shape, (75, 75), 25)
    filled = exemplar.fill(gray, hole).gray
    assert error(filled, gray, hole) < 0.02
    assert np.abs(np.diff(filled, axis=0)).max() < 0.02


def test_offsets_point_from_the_hole_to_known_allowed_pixels() -> None:
    gray = photo()
    hole = disc(gray.shape, (120, 200), 30)
    allowed = np.zeros_like(hole)
    allowed[:, 230:] = True
    filled = exemplar.fill(gray, hole, allowed=allowed)
    rows, columns = np.nonzero(hole)
    sources = np.stack([rows, columns], 1) + filled.offsets[hole]
    usable = allowed & ~hole
    assert usable[sources[:, 0], sources[:, 1]].all()
    assert not filled.offsets[~hole].any()
    assert (filled.cost[hole] >= 0).all() and not filled.cost[~hole].any()


def test_the_same_seed_gives_the_same_fill() -> None:
    gray = photo()
    hole = disc(gray.shape, (120, 200), 40)
    assert np.array_equal(exemplar.fill(gray, hole, seed=3).gray, exemplar.fill(gray, hole, seed=3).gray)


def test_a_first_guess_decides_the_structure() -> None:
    gray = np.where(np.indices((140, 140))[0] < 70, 0.8, 0.2).astype(np.float32)
    gray += np.random.default_rng(0).normal(0, 0.03, gray.shape).astype(np.float32)
    hole = disc(gray.shape, (70, 70), 24)
    for bright in (True, False):
        guess = np.where(hole, np.float32(0.8 if bright else 0.2), gray)
        middle = exemplar.fill(gray, hole, initial=guess).gray[disc(gray.shape, (70, 70), 8)]
        assert (middle.mean() > 0.5) == bright


def test_a_hole_without_pixels_gives_the_input() -> None:
    gray = photo()
    assert np.array_equal(exemplar.fill(gray, np.zeros(gray.shape, bool)).gray, gray)


@pytest.mark.parametrize("allowed", [None, np.zeros((40, 40), bool)])
def test_nothing_to_copy_from_is_said_clearly(allowed: np.ndarray | None) -> None:
    gray = np.zeros((40, 40), np.float32)
    hole = np.ones(gray.shape, bool)
    if allowed is not None:
        hole[:20] = False
    with pytest.raises(ValueError, match="nothing to copy from"):
        exemplar.fill(gray, hole, allowed=allowed)


def test_arrays_that_do_not_fit_are_said_clearly() -> None:
    with pytest.raises(ValueError, match="hole has the size"):
        exemplar.fill(np.zeros((9, 9), np.float32), np.zeros((9, 8), bool))
    with pytest.raises(ValueError, match="odd"):
        exemplar.fill(np.zeros((9, 9), np.float32), np.eye(9, dtype=bool), patch=4)


def test_a_stop_asked_for_in_the_middle_ends_the_fill_and_the_fraction_only_grows() -> None:
    class Stopped(Exception):
        pass

    seen: list[float] = []

    def check(fraction: float) -> None:
        seen.append(fraction)
        if len(seen) == 40:
            raise Stopped

    gray = photo()
    with pytest.raises(Stopped):
        exemplar.fill(gray, disc(gray.shape, (120, 200), 40), check=check)
    assert len(seen) == 40
    assert all(0 <= a <= b <= 1 for a, b in itertools.pairwise(seen))


@settings(max_examples=40, deadline=None)
@given(height=st.integers(1, 40), width=st.integers(1, 40), share=st.floats(0.02, 0.98), block=st.integers(1, 12), seed=st.integers(0, 99))
def test_any_shape_of_image_and_hole_is_filled_with_finite_values(height: int, width: int, share: float, block: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    gray = rng.random((height, width), np.float32)
    coarse = (rng.random((-(-height // block), -(-width // block))) < share).astype(np.uint8)
    hole = np.kron(coarse, np.ones((block, block), np.uint8))[:height, :width].astype(bool)
    if hole.all():
        hole[rng.integers(height), rng.integers(width)] = False
    filled = exemplar.fill(gray, hole, seed=seed)
    assert np.isfinite(filled.gray).all()
    assert np.array_equal(filled.gray[~hole], gray[~hole])
    assert filled.gray.min() >= gray[~hole].min() and filled.gray.max() <= gray[~hole].max()


def test_a_uniform_image_stays_uniform() -> None:
    gray = np.full((60, 80), 0.4, np.float32)
    assert np.abs(exemplar.fill(gray, disc(gray.shape, (0, 40), 25)).gray - 0.4).max() < 1e-5
