"""Regions, masks, resampling, blending and chroma lifting keep what they promise."""

from __future__ import annotations

import hypothesis
import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest

from huefill.imaging import blend, color_spaces, region, resample
from huefill.imaging.mask import blend_for, distance_to
from huefill.imaging.pixels import Encoding, coverage, split_alpha
from huefill.imaging.region import Box, plan, with_context
from huefill.imaging.upsample import lift_chroma
from huefill_protocol.context import LEAST

masks = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40))


@hypothesis.given(masks)
def test_a_box_holds_the_whole_mask_and_no_more(mask: np.ndarray) -> None:
    hypothesis.assume(mask.any())
    box = Box.around(mask)
    assert box.crop(mask).sum() == mask.sum()
    assert box.crop(mask)[0].any() and box.crop(mask)[-1].any() and box.crop(mask)[:, 0].any() and box.crop(mask)[:, -1].any()


def test_a_box_around_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="empty"):
        Box.around(np.zeros((3, 3), bool))


@hypothesis.given(masks)
def test_the_pieces_of_a_plan_cover_the_hole_once(mask: np.ndarray) -> None:
    left = mask.copy()
    for piece in plan(mask, budget=50):
        assert piece.mask.any() and piece.box.crop(left)[piece.mask].all()
        piece.box.crop(left)[piece.mask] = False
    assert not left.any()


def test_distant_spots_are_filled_apart_and_near_ones_together() -> None:
    hole = np.zeros((1000, 1500), bool)
    hole[100:110, 100:110] = hole[120:130, 130:140] = hole[900:905, 1400:1405] = True
    assert len(plan(hole, 490_000)) == 2


def test_spots_are_not_reduced_to_be_filled_together() -> None:
    hole = np.zeros((1000, 6000), bool)
    for x in range(100, 5900, 200):
        hole[500:530, x : x + 20] = True
    pieces = plan(hole, 490_000)
    assert len(pieces) > 5
    assert max(with_context(piece.box, hole.shape).area for piece in pieces) <= 490_000


def test_small_pieces_come_first_so_that_larger_ones_can_use_them() -> None:
    hole = np.zeros((400, 4000), bool)
    hole[100:300, 100:400] = hole[100:140, 2000:2040] = hole[100:200, 3800:3900] = True
    sizes = [int(piece.mask.sum()) for piece in plan(hole, 200_000)]
    assert sizes == sorted(sizes) and len(sizes) == 3


def test_a_long_thin_hole_is_cut_into_tiles_so_that_it_need_not_be_shrunk() -> None:
    hole = np.zeros((2000, 3000), bool)
    hole[1000:1006] = True
    areas = [with_context(piece.box, hole.shape).area for piece in plan(hole, 490_000)]
    assert len(areas) > 3
    assert max(areas) <= 490_000


def test_the_context_of_a_small_hole_does_not_grow_with_the_photo() -> None:
    hole = Box(3000, 2000, 60, 40)
    assert with_context(hole, (4000, 6000)) == Box(3000 - LEAST, 2000 - LEAST, 60 + 2 * LEAST, 40 + 2 * LEAST)
    assert region.with_context(Box(0, 0, 60, 40), (50, 70)) == Box(0, 0, 70, 50)


@hypothesis.given(hnp.arrays(np.uint8, (23, 31)), st.integers(0, 5), st.integers(0, 5))
def test_a_blend_covers_the_core_and_nothing_beyond_rim_and_band(selection: np.ndarray, rim: int, band: int) -> None:
    hypothesis.assume(selection.any())
    made = blend_for(selection, rim, band)
    assert (made.alpha[made.core] == 1).all()
    assert (made.alpha >= selection / 255 - 1e-6).all()
    unselected = selection == 0
    assert (made.alpha[unselected & (distance_to(made.core) > rim + band + 1)] == 0).all()
    assert np.array_equal(made.hole, made.alpha > 0)


def test_a_feathered_selection_keeps_its_feather() -> None:
    selection = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (8, 1))
    assert np.abs(blend_for(selection, 0, 0).alpha[:, :30] - selection[:, :30] / 255).max() < 1e-6


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("linear", [False, True])
def test_every_value_of_a_document_survives_the_unit_range(dtype: type, linear: bool) -> None:
    values = np.arange(np.iinfo(dtype).max + 1, dtype=dtype).reshape(1, -1, 1)
    encoding = Encoding.of(values, linear)
    assert np.array_equal(encoding.from_unit(encoding.to_unit(values)), values)


def test_a_float_document_may_be_brighter_than_white() -> None:
    values = np.array([[[0.0], [0.5], [1.0], [7.5], [np.nan], [-1.0]]], np.float32)
    encoding = Encoding.of(values, linear=True)
    unit = encoding.to_unit(values)
    assert unit.min() >= 0 and unit.max() <= 1
    assert encoding.from_unit(unit)[0, :4, 0] == pytest.approx(values[0, :4, 0], rel=1e-3)


def test_alpha_is_the_last_of_an_even_number_of_channels() -> None:
    image = np.zeros((2, 3, 4), np.uint8)
    image[..., 3] = 51
    colors, alpha = split_alpha(image)
    assert colors.shape == (2, 3, 3)
    assert coverage(alpha, (2, 3)) == pytest.approx(0.2)
    assert split_alpha(np.zeros((2, 3, 1)))[1] is None


@hypothesis.given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 3000))
def test_a_working_shape_keeps_to_its_budget(height: int, width: int, budget: int) -> None:
    small = resample.working_shape((height, width), budget)
    assert min(small) >= 1 and small[0] <= height and small[1] <= width
    assert small[0] * small[1] <= budget + small[0] + small[1] + 1


def test_what_a_hole_holds_does_not_leak_into_its_surroundings() -> None:
    known = np.ones((40, 40), bool)
    known[10:23, 11:29] = False
    image = np.where(known, 0.25, 99).astype(np.float32)
    small, small_known = resample.resize_known(image, known, (13, 17))
    assert small[small_known] == pytest.approx(0.25)
    assert not small_known.all()


@hypothesis.given(hnp.arrays(np.bool_, (17, 22)))
def test_spreading_a_constant_gives_that_constant_everywhere(where: np.ndarray) -> None:
    hypothesis.assume(where.any())
    values = np.where(where, 0.7, 55).astype(np.float32)
    assert blend.spread(values, where) == pytest.approx(0.7, abs=1e-5)


def test_a_fill_of_the_wrong_brightness_meets_the_photo_after_matching() -> None:
    rows, columns = np.mgrid[:80, :100].astype(np.float32)
    photo = (0.3 + 0.4 * columns / 100 + 0.05 * np.sin(rows / 3)).astype(np.float32)
    hole = (rows - 40) ** 2 + (columns - 50) ** 2 < 400
    matched = blend.match_rim(photo + 0.1, photo, hole)
    assert np.abs(matched - photo).max() < 5e-3
    assert np.array_equal(matched[~hole], photo[~hole])


def test_lifted_chroma_follows_the_edges_of_the_full_gray() -> None:
    rows, columns = np.mgrid[:400, :600]
    side = (columns + 0.3 * rows) > 310
    full_gray = np.where(side, 0.75, 0.3).astype(np.float32)
    full_chroma = np.where(side[..., None], [0.2, -0.1], [-0.1, 0.15]).astype(np.float32)
    small_gray, small_chroma = resample.resize(full_gray, (57, 83)), resample.resize(full_chroma, (57, 83))
    lifted = lift_chroma(small_chroma, small_gray, full_gray)
    plain = resample.resize(small_chroma, full_gray.shape)
    assert np.abs(lifted - full_chroma).mean() < 0.35 * np.abs(plain - full_chroma).mean()
    assert np.array_equal(lift_chroma(full_chroma, full_gray, full_gray), full_chroma)


def test_a_gray_photo_stays_gray_when_its_chroma_is_lifted() -> None:
    rng = np.random.default_rng(3)
    full = rng.random((90, 120)).astype(np.float32)
    lifted = lift_chroma(np.zeros((30, 40, 2), np.float32), resample.resize(full, (30, 40)), full)
    assert not lifted.any()
    assert not color_spaces.to_chroma(np.repeat(full[..., None], 3, axis=2)).round(6).any()
