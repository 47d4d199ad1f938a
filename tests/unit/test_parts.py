"""The parts of a selection: each is grown by its own thickness, near ones are one, strokes are known from objects."""

from __future__ import annotations

import cv2
import hypothesis
import hypothesis.extra.numpy as hnp
import numpy as np
import pytest

from huefill.imaging.blend import steadied
from huefill.imaging.mask import blend_for
from huefill.imaging.parts import are_strokes, split

masks = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40))


def strokes(shape: tuple[int, int] = (321, 481), width: int = 20) -> np.ndarray:
    mask = np.zeros(shape, np.uint8)
    for number, y in enumerate((60, 160, 260)):
        cv2.polylines(mask, [np.array([[20, y], [150 + 40 * number, y - 40], [300, y + 30], [460, y - 10]])], False, 255, width)
    return mask


@hypothesis.given(masks)
def test_every_selected_pixel_belongs_to_exactly_one_part(mask: np.ndarray) -> None:
    hypothesis.assume(mask.any())
    count = np.zeros(mask.shape, int)
    for part in split(mask):
        assert part.mask.any(0)[[0, -1]].all() and part.mask.any(1)[[0, -1]].all()
        part.box.crop(count)[...] += part.mask
    assert np.array_equal(count, mask.astype(int))


def test_a_part_grows_by_its_own_thickness_whatever_lies_beside_it() -> None:
    selection = np.zeros((600, 900), bool)
    selection[100:400, 100:400] = True
    selection[500:503, 20:880] = True
    wire, block = sorted(split(selection), key=lambda part: part.thickness)
    assert (wire.rim, wire.band) == (1, 1)
    assert block.rim > 4 and block.band > 2


def test_sixteen_small_things_grow_no_more_than_one_of_them() -> None:
    alone = np.zeros((1000, 1500), np.uint8)
    alone[480:520, 100:115] = 255
    many = alone.copy()
    for number in range(1, 16):
        many[480:520, 100 + 85 * number : 115 + 85 * number] = 255
    grown_alone, grown_many = blend_for(alone, None, None).hole.sum(), blend_for(many, None, None).hole.sum()
    assert grown_many == 16 * grown_alone


def test_parts_nearer_than_their_rims_are_one() -> None:
    selection = np.zeros((400, 700), bool)
    selection[50:350, 50:300] = selection[50:350, 304:550] = True
    assert len(split(selection)) == 1
    selection[:, 300:320] = False
    assert len(split(selection)) == 2


def test_brush_strokes_are_known_from_objects() -> None:
    assert are_strokes(split(strokes() > 0, 0, 0))
    person = np.zeros((400, 300), np.uint8)
    cv2.ellipse(person, (150, 70), (28, 35), 0, 0, 360, 255, -1)
    cv2.rectangle(person, (115, 100), (185, 240), 255, -1)
    cv2.rectangle(person, (118, 240), (146, 380), 255, -1)
    cv2.rectangle(person, (154, 240), (182, 380), 255, -1)
    assert not are_strokes(split(person > 0, 0, 0))
    both = np.zeros((400, 800), bool)
    both[:, :300] |= person > 0
    both[350:354, 320:790] = True
    assert not are_strokes(split(both, 0, 0))


@pytest.mark.parametrize(("rim", "band"), [(None, None), (0, 0), (3, 2)])
def test_a_blend_touches_nothing_beyond_the_margins_of_each_part(rim: int | None, band: int | None) -> None:
    selection = strokes()
    selection[130:250, 200:330] = 255
    blend = blend_for(selection, rim, band)
    allowed = selection > 0
    for part in blend.parts:
        margin = part.rim + part.band + 1
        inside = np.zeros(selection.shape, np.uint8)
        part.box.crop(inside)[part.mask] = 1
        allowed |= cv2.dilate(inside, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1,) * 2)).astype(bool)
    assert not blend.alpha[~allowed].any()
    assert (blend.alpha[blend.core] == 1).all()


def test_a_thin_hole_is_steadied_from_both_sides_and_a_thick_one_is_left_alone() -> None:
    ramp = np.tile(np.linspace(0.2, 0.8, 200, dtype=np.float32), (120, 1))
    hole = np.zeros(ramp.shape, bool)
    hole[50:60] = True
    wrong = np.where(hole, ramp + 0.2, ramp).astype(np.float32)
    better = steadied(wrong, hole)
    assert np.abs(better - ramp)[hole].mean() < 0.65 * np.abs(wrong - ramp)[hole].mean()
    assert np.array_equal(better[~hole], wrong[~hole])
    thick = np.zeros(ramp.shape, bool)
    thick[20:100, 60:140] = True
    assert np.array_equal(steadied(wrong, thick), wrong)


def test_strokes_that_cross_each_other_are_steadied_although_their_crossing_is_thick() -> None:
    ramp = np.tile(np.linspace(0.2, 0.8, 300, dtype=np.float32), (200, 1))
    drawn = np.zeros(ramp.shape, np.uint8)
    for begin, end in (((5, 100), (295, 100)), ((40, 5), (260, 195)), ((40, 195), (260, 5))):
        cv2.line(drawn, begin, end, 1, 30)
    hole = drawn > 0
    assert 2 * cv2.distanceTransform(drawn, cv2.DIST_L2, 5).max() > 48
    wrong = np.where(hole, ramp + 0.2, ramp).astype(np.float32)
    better = steadied(wrong, hole)
    assert np.abs(better - ramp)[hole].mean() < 0.85 * np.abs(wrong - ramp)[hole].mean()
    assert np.array_equal(better[~hole], wrong[~hole])
