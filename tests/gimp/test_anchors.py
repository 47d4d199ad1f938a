"""Colorize from scripts: anchors come by a seed, and stay with the image beside a person's points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from huefill.imaging.color_spaces import rgb_to_lab
from tests.anchors import provide_anchors
from tests.gimp.driver.places import COLOR, POINT
from tests.gimp.harness import Outcome, User


@pytest.fixture(scope="module")
def anchored(pictures: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("gimp-anchors")
    user = User(folder / "home")
    user.install()
    provide_anchors(user.models)
    scenarios = ["anchoring.kept_with_the_image", "anchoring.by_arguments", "anchoring.several_to_choose_from"]
    return user.run(scenarios, folder / "out", pictures)


def of_kind(kept: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Of what an image keeps, but for the numbers of the points."""
    return [{name: value for name, value in point.items() if name != "id"} for point in kept if point["kind"] == kind]


def test_the_image_keeps_the_anchors_beside_the_points_through_a_file(anchored: Outcome) -> None:
    record = anchored["kept_with_the_image"]
    assert record["call"]["done"], record["call"]["said"]
    assert len(of_kind(record["kept"], "anchor")) >= 2 and len(of_kind(record["kept"], "point")) == 1
    assert record["samples"] == [list(POINT)], "anchors are no sample points"
    assert record["kept_in_xcf"] == record["kept_by_points"]


def test_other_actions_leave_the_anchors_to_the_image(anchored: Outcome) -> None:
    record = anchored["kept_with_the_image"]
    assert record["matched"]["done"] and record["pointed"]["done"]
    assert record["kept_by_match"] == record["kept"]
    assert of_kind(record["kept_by_points"], "anchor") == of_kind(record["kept"], "anchor")


def test_a_seed_repeats_bit_for_bit_and_another_one_gives_other_anchors(anchored: Outcome) -> None:
    first, record = anchored["kept_with_the_image"], anchored["by_arguments"]
    assert of_kind(record["again_kept"], "anchor") == of_kind(first["kept"], "anchor")
    assert np.array_equal(anchored.pixels("by_arguments", "again"), anchored.pixels("kept_with_the_image", "result"))
    assert of_kind(record["other_kept"], "anchor") != of_kind(record["again_kept"], "anchor")


def test_a_persons_point_is_exact_beside_anchors(anchored: Outcome) -> None:
    x, y = POINT
    red, green, blue = (int(COLOR[at : at + 2], 16) / 255 for at in (1, 3, 5))
    wanted = rgb_to_lab(np.array([[[red, green, blue]]], np.float32))[0, 0, 1:]
    there = rgb_to_lab(anchored.pixels("kept_with_the_image", "result")[y : y + 1, x : x + 1, :3])[0, 0, 1:]
    assert np.linalg.norm(there - wanted) < 0.3 * np.linalg.norm(wanted), "as far as the lightness allows"


def test_a_script_chooses_the_method_and_the_strength(anchored: Outcome) -> None:
    record = anchored["by_arguments"]
    assert record["hints"]["done"] and not of_kind(record["hints_kept"], "anchor")
    gray = anchored.pixels("by_arguments", "gray")[..., :3]
    assert np.abs(gray - gray.mean(-1, keepdims=True)).max() < 0.02


def test_a_script_gets_several_pictures_in_one_group_of_which_the_likeliest_is_seen(anchored: Outcome) -> None:
    record = anchored["several_to_choose_from"]
    assert record["call"]["done"], record["call"]["said"]
    names, seen = zip(*record["group"], strict=True)
    assert [name.split(",")[0] for name in names] == [f"Colored: suggestion {number}" for number in (1, 2, 3)]
    assert seen == (True, False, False)
    top, photo = record["call"]["layers"]
    assert top.startswith("Colored: likely colors, 3 suggestions, ") and record["active"] == [photo]
    assert record["masked"], "a selection is the group's mask"
    assert record["group_in_xcf"] == record["group"]


def test_the_pictures_of_one_call_differ_and_the_first_is_the_one_that_comes_alone(anchored: Outcome) -> None:
    one, *others = (anchored.pixels("several_to_choose_from", f"picture_{number}") for number in range(3))
    assert np.array_equal(one, anchored.pixels("several_to_choose_from", "alone"))
    pictures = [rgb_to_lab(picture[..., :3]) for picture in (one, *others)]
    for number, picture in enumerate(pictures[1:], 1):
        assert np.abs(picture[..., 0] - pictures[0][..., 0]).mean() < 1, "light and dark stay"
        assert min(np.abs(picture[..., 1:] - other[..., 1:]).mean() for other in pictures[:number]) > 1


def test_the_image_keeps_the_anchors_of_the_picture_that_is_seen(anchored: Outcome) -> None:
    alone, record = anchored["kept_with_the_image"], anchored["several_to_choose_from"]
    assert len(of_kind(record["kept"], "anchor")) >= 2
    # The same seed; there, a person's point took the place of one of them.
    shared = [anchor for anchor in of_kind(record["kept"], "anchor") if anchor in of_kind(alone["kept"], "anchor")]
    assert shared


def test_one_of_several_pictures_stands_for_the_photo_in_other_actions(anchored: Outcome) -> None:
    record = anchored["several_to_choose_from"]["from_one"]
    assert record["done"], record["said"]
    assert record["layers"][0].startswith("Colored: ") and record["layers"][1].startswith("Colored: likely colors, 3 suggestions, ")


def test_points_alone_make_one_picture_and_a_script_is_told_so(anchored: Outcome) -> None:
    record = anchored["several_to_choose_from"]["by_points"]
    assert not record["done"] and "makes one picture, not 2" in record["said"]
