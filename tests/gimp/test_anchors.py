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
    return user.run(["anchoring.kept_with_the_image", "anchoring.by_arguments"], folder / "out", pictures)


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
