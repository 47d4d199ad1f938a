"""Colorize with Points in the real Krita: a gray photo, dots of a brush, a point in the docker, a suggested color, one layer."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from huefill.imaging.color_spaces import ciede2000, rgb_to_lab
from tests.krita.conftest import KritaRun
from tests.krita.harness import ROOT, Outcome, User
from tests.krita.pixels import read

SCENARIOS = (
    "coloring.colorize",
    "coloring.kept_by_the_first_version",
    "coloring.filled",
    "coloring.large",
    "coloring.huge",
    "coloring.gray_document",
    "coloring.narrow",
    "coloring.for_the_readme",
    "matching.match",
    "matching.saturation",
    "matching.network",
)
WEIGHTS = ROOT / "models/huefill_models/hints/weights/hints_compact"


def second_network(user: User) -> None:
    """Another network for colors in the user's folder, as a person puts it there."""
    folder = user.home / ".local/share/huefill/models/second"
    shutil.copytree(WEIGHTS, folder)
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, "name": "second"}))


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    return run_krita(SCENARIOS, prepare=second_network)


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


def test_the_hint_layer_is_one_step_and_is_used_once_there_is_something_on_it(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["steps_of_the_hint_layer"] == 1
    assert not record["hints_before_a_stroke"]
    assert record["hints_said"] == "Hint layer in use"


def test_a_click_in_the_picture_places_a_point_that_is_offered_nine_colors(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["points_after_click"] == 1
    assert len(record["likely"]) == 9 and record["likely"] == sorted(record["likely"], reverse=True)


def test_the_dockers_own_undo_takes_a_color_back_and_again(outcome: Outcome) -> None:
    assert outcome["colorize"]["undone"] and outcome["colorize"]["redone"]


def test_apply_is_one_layer_and_one_step(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["steps_of_apply"] == 1
    names = [name for name, _ in record["layers_after"]]
    assert len(names) == 3 and sum(name.startswith("Colored: ") for name in names) == 1
    assert record["longest_gap_s"] < 1.0


def test_another_try_is_not_offered_where_it_would_be_the_same_picture(outcome: Outcome) -> None:
    assert not outcome["colorize"]["another_try"]


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
    assert difference.mean() < 0.1


def test_the_result_is_in_color_and_whole(result: np.ndarray) -> None:
    assert (result[..., 3] == 255).all()
    assert np.abs(lab(result)[..., 1:]).mean() > 3


def test_the_hints_are_read_back_from_the_saved_document(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["saved"]
    back = record["read_back"]
    assert back["message"] == ""
    assert back["points"] == [record["point"]]
    assert back["photo"] == f"colorize.kra: {record['layers_before'][0][0]}"


def test_a_gray_document_is_converted_by_its_owner_alone(outcome: Outcome) -> None:
    record = outcome["gray_document"]
    assert "is gray" in record["said"]
    assert record["model"] == "GRAYA" and record["button"]
    assert not record["the_other_button"], "it would say the same again"
    assert record["model_after"] == "RGBA"


def test_the_docker_fits_a_narrow_column(outcome: Outcome) -> None:
    record = outcome["narrow"]
    assert record["width"] < 280 and not record["wider_than_docker"]


def test_points_that_the_first_version_kept_come_back(outcome: Outcome) -> None:
    assert outcome["kept_by_the_first_version"]["points"] == [[20, 30, [200, 30, 40], 3]]


def test_a_layer_that_is_painted_all_over_colors_preview_and_result(outcome: Outcome) -> None:
    # As points in a header it was more than the parser takes: preview and Apply were refused.
    record = outcome["filled"]
    assert record["message"] == ""
    assert len(record["layers"]) == 3, record
    result = read(outcome.out, record, "filled", "result")
    wanted = lab(np.array([[(60, 90, 160)]], np.uint8))[0, 0, 1:]
    there = lab(result)
    middle = (there[..., 0] > 35) & (there[..., 0] < 60)  # where sRGB reaches so strong a blue
    assert middle.any()
    assert np.abs(there[middle][:, 1:] - wanted).mean() < 2


def test_a_thin_line_over_a_photo_of_twelve_megapixels_counts(outcome: Outcome) -> None:
    # As points it fell between two cells.
    record = outcome["large"]
    assert len(record["layers"]) == 3, record
    for pixel, color in [(pixel, (60, 90, 160)) for pixel in record["line"]]:
        blue, green, red, alpha = pixel
        here, wanted = lab(np.array([[(red, green, blue)]], np.uint8))[0, 0], lab(np.array([[color]], np.uint8))[0, 0]
        assert alpha == 255
        assert np.dot(here[1:], wanted[1:]) / np.linalg.norm(here[1:]) / np.linalg.norm(wanted[1:]) > 0.97, (pixel, color)


def test_a_layer_that_is_painted_from_corner_to_corner_of_a_huge_photo_counts(outcome: Outcome) -> None:
    # Above 16 megapixels the whole layer was left out without a word.
    assert outcome["huge"]["message"] == ""
    assert outcome["huge"]["painted"] == [True, True]


def test_opening_a_large_photo_does_not_hold_krita_up(outcome: Outcome) -> None:
    # The best of several openings, in time of the processor: what else the machine does is none of the docker's.
    assert min(outcome["large"]["gaps_s"]) < 0.05, outcome["large"]["gaps_s"]


def test_match_colors_is_a_task_of_its_own(outcome: Outcome) -> None:
    record = outcome["match"]
    assert set(record["names"]) == {"layer", "photo", "file"}
    assert all(name.startswith("Matched: ") for name in record["names"].values())
    assert record["points_shown"] == {"huefill_points": False, "huefill_saturation": True}


def test_without_a_reference_and_a_saturation_there_is_nothing_to_match(outcome: Outcome) -> None:
    record = outcome["match"]
    assert not record["asked_without_a_reference"] and not record["apply_without_a_reference"]


def test_what_is_matched_and_how_is_chosen_in_sight_and_folded_away_again_with_the_action(outcome: Outcome) -> None:
    record = outcome["match"]
    assert record["reference_in_sight"] and record["folded_again"]
    assert record["way"] == ["histogram", "histogram"]


def test_a_reference_is_another_layer_or_photo_or_a_file(outcome: Outcome) -> None:
    record = outcome["match"]
    assert record["offered"][0] == "None" and record["offered"][-1] == "A file…"
    assert not any("gray" in title for title in record["offered"]), "the photo itself is no reference"
    photo = lab(read(outcome.out, record, "match", "photo"))
    matched = {kind: lab(read(outcome.out, record, "match", kind)) for kind in record["names"]}
    for result in matched.values():
        # One step of 8 bits in one of three strong colors, as in GIMP.
        assert np.abs(result[..., 0] - photo[..., 0]).max() < 0.8
        assert np.abs(result[..., 1:]).mean() > 3
    # The same picture by two ways.
    assert np.abs(matched["photo"] - matched["file"]).mean() < 2


def test_what_is_no_picture_is_said(outcome: Outcome) -> None:
    assert "could not be opened as a picture" in outcome["match"]["no_picture"]
    assert outcome["match"]["reference_taken_back"]


def test_the_saturation_is_as_asked(outcome: Outcome) -> None:
    record = outcome["saturation"]
    gray, vivid = (np.abs(lab(read(outcome.out, record, "saturation", f"saturation_{value}"))[..., 1:]).mean() for value in (0, 90))
    assert gray < 1 and vivid > 15
    assert record["off"]


def test_another_network_can_be_chosen(outcome: Outcome) -> None:
    record = outcome["network"]
    assert record["offered"] and set(record["names"]) == {"anchors_compact", "hints_compact", "second"}
    assert record["network"] == "second"
    assert len(record["layers"]) == 2, record["said"]
    assert "second" in json.dumps(record["recipe"])
