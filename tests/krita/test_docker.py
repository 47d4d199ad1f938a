"""The docker and the messages: what a person sees when nothing is open, when the plugin is damaged, and in a narrow docker."""

from __future__ import annotations

import pytest

from tests.krita.conftest import SMALL_SQUARE, KritaRun
from tests.krita.harness import Outcome, User

SCENARIOS = (
    "refusing.no_document",
    "refusing.put_away",
    "others.narrow_docker",
    "others.diagnostics",
    "others.choices_are_kept",
    "stopping.busy",
    "stopping.canvas_cropped",
    "removing.photo_moved_meanwhile",
)


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    return run_krita(SCENARIOS)


def test_without_a_photo_a_box_says_what_to_do(outcome: Outcome) -> None:
    assert any("No photo is open." in text for text in outcome["no_document"]["boxes"])


def test_a_sentence_is_put_away_with_a_click(outcome: Outcome) -> None:
    record = outcome["put_away"]
    assert record["said"] and record["said_after"] == ""


def test_no_label_is_cut_off_in_the_narrowest_docker(outcome: Outcome) -> None:
    record = outcome["narrow_docker"]
    assert record["width"] < 260
    assert record["cut"] == []


def test_the_diagnostics_name_versions_and_neither_the_home_nor_a_token(outcome: Outcome) -> None:
    text = outcome["diagnostics"]["text"]
    assert "Krita: 5" in text or "Krita: 6" in text
    assert str(outcome.home) not in text


def test_a_second_action_meanwhile_is_refused_in_words(outcome: Outcome) -> None:
    record = outcome["busy"]
    assert "still at work" in record["said"]
    assert record["layers"] == 1


def test_a_canvas_cropped_meanwhile_gets_no_misplaced_layer(outcome: Outcome) -> None:
    record = outcome["canvas_cropped"]
    assert "changed its size" in record["said"]
    assert len(record["layers"]) == 1


def test_a_layer_moved_meanwhile_takes_its_result_along(outcome: Outcome) -> None:
    left, upper, width, height = outcome["photo_moved_meanwhile"]["bounds"]
    x, y, square_width, square_height = SMALL_SQUARE
    # The result reaches equally far beyond the selection on both sides.
    assert left - (x + 7) == (x + 7 + square_width) - (left + width)
    assert upper - (y - 5) == (y - 5 + square_height) - (upper + height)


def test_a_choice_is_remembered_by_the_next_krita(run_krita: KritaRun, outcome: Outcome) -> None:
    assert outcome["choices_are_kept"]["chosen"] == "patch"
    assert run_krita(["others.last_choices"], user=User(outcome.home))["last_choices"]["chosen"] == "patch"


def test_a_damaged_plugin_still_has_its_menu_entries_and_says_what_is_wrong(run_krita: KritaRun) -> None:
    def damage(user: User) -> None:
        (user.pykrita / "huefill_krita/lib/huefill_client/jobs.py").unlink()

    record = run_krita(["refusing.plugin_damaged"], prepare=damage)["plugin_damaged"]
    assert "Huefill: Remove Object" in record["menu"]
    assert any("python3 installer krita" in text for text in record["boxes"])
    assert record["untouched"]
