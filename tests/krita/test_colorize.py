"""Colorize with Points in the real Krita: a gray photo, dots of a brush, a point in the docker, a suggested color, one layer."""

from __future__ import annotations

import numpy as np
import pytest

from huefill.imaging.color_spaces import ciede2000, rgb_to_lab
from tests.krita.conftest import KritaRun
from tests.krita.harness import Outcome
from tests.krita.pixels import read

SCENARIOS = ("coloring.colorize", "coloring.gray_document", "coloring.narrow", "coloring.for_the_readme")


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    return run_krita(SCENARIOS)


@pytest.fixture(scope="module")
def result(outcome: Outcome) -> np.ndarray:
    return read(outcome.out, outcome["colorize"], "colorize", "result")


@pytest.fixture(scope="module")
def photo(outcome: Outcome) -> np.ndarray:
    return read(outcome.out, outcome["colorize"], "colorize", "photo")


def lab(pixels: np.ndarray) -> np.ndarray:
    return rgb_to_lab(np.asarray(pixels[..., :3], np.float32) / 255)


def test_the_menu_shows_the_docker_and_the_preview_leaves_the_document_alone(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["shown_by_the_menu"]
    assert record["message"] == ""
    assert record["layers_after_preview"] == record["layers_before"]


def test_the_hint_layer_is_one_step_and_its_dots_are_heeded(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["steps_of_the_hint_layer"] == 1
    assert record["painted_places"] > 20


def test_a_click_in_the_picture_places_a_point_that_is_offered_nine_colors(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["points_after_click"] == 1
    chances = [item["probability"] for item in record["palette"]]
    assert len(chances) == 9 and chances == sorted(chances, reverse=True)


def test_the_dockers_own_undo_takes_a_color_back_and_again(outcome: Outcome) -> None:
    assert outcome["colorize"]["undone"] and outcome["colorize"]["redone"]


def test_apply_is_one_layer_and_one_step(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["steps_of_apply"] == 1
    names = [name for name, _ in record["layers_after"]]
    assert len(names) == 3 and sum(name.startswith("Colorize with Points – ") for name in names) == 1
    assert record["longest_gap_s"] < 1.0


def test_the_hints_have_their_colors_in_the_result(outcome: Outcome, result: np.ndarray) -> None:
    record = outcome["colorize"]
    x, y, rgb = record["point"]
    hints = [((round(x), round(y)), rgb), ((70, 150), (190, 70, 60)), ((200, 60), (60, 130, 70))]
    checked = 0
    for (column, row), color in hints:
        here = lab(result[row : row + 1, column : column + 1])[0]
        wanted = np.array([[here[0, 0], *lab(np.array([[color]], np.uint8))[0, 0, 1:]]], np.float32)
        if record["beyond"] and (column, row) == (round(x), round(y)):
            continue
        assert float(ciede2000(here, wanted)[0]) <= 2.0, (column, row, here, wanted)
        checked += 1
    assert checked >= 2


def test_the_luminance_is_the_photos_own(photo: np.ndarray, result: np.ndarray) -> None:
    difference = np.abs(lab(result)[..., 0] - lab(photo)[..., 0])
    # Half of one step of an 8-bit gray.
    assert difference.max() < 0.35
    assert np.array_equal(np.rint(lab(result)[..., 0] * 2.55), np.rint(lab(photo)[..., 0] * 2.55)) or difference.mean() < 0.1


def test_the_result_is_in_color_and_whole(result: np.ndarray) -> None:
    assert (result[..., 3] == 255).all()
    assert np.abs(lab(result)[..., 1:]).mean() > 3


def test_the_hints_are_read_back_from_the_saved_document(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["saved"]
    back = record["read_back"]
    assert back["message"] == ""
    assert back["points"] == [record["point"]]
    assert back["painted"] == record["painted_places"]
    assert back["photo"] == record["layers_before"][0][0]


def test_a_gray_document_is_converted_by_its_owner_alone(outcome: Outcome) -> None:
    record = outcome["gray_document"]
    assert "is gray" in record["said"]
    assert record["model"] == "GRAYA" and record["button"]
    assert record["model_after"] == "RGBA"


def test_the_docker_fits_a_narrow_column(outcome: Outcome) -> None:
    record = outcome["narrow"]
    assert record["width"] < 280 and not record["wider_than_docker"]
