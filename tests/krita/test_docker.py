"""The docker and the messages: what a person sees when nothing is open, when the plugin is damaged, and in a narrow docker."""

from __future__ import annotations

import re
import shutil

import pytest

from huefill_protocol.actions import offered
from tests.krita.conftest import SMALL_SQUARE, KritaRun
from tests.krita.harness import Outcome, User

SCENARIOS = (
    "docking.first_start",
    "refusing.no_document",
    "refusing.put_away",
    "others.buttons",
    "others.narrow_docker",
    "others.report",
    "others.tooltip",
    "others.again",
    "others.unforeseen",
    "others.choices_are_kept",
    "comparing.two_tries",
    "stopping.busy",
    "stopping.canvas_cropped",
    "removing.photo_moved_meanwhile",
    "docking.still",
    "docking.small",
)


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    return run_krita(SCENARIOS)


def test_at_the_first_start_it_is_a_tab_beside_tool_options_in_front_and_high_enough(outcome: Outcome) -> None:
    record = outcome["first_start"]
    assert "huefill_docker" in record["tabs"] and record["seen"]
    assert record["ours"] == "HuefillDocker", "PyQt has let go of what is Python of it"
    # Of a window 680 pixels high, which Krita 5.2 gives to more dockers than Krita 5.1 does.
    assert record["size"][1] >= 270 and record["size"][0] >= 200
    assert record["hidden_in_part"] == []


def test_every_button_stays_where_it_is_whatever_is_said(outcome: Outcome) -> None:
    record = outcome["still"]
    idle = record["places"]["idle"]
    assert len(idle) >= 7  # the commands, Cancel, dismiss, help
    assert set(record["places"]) == {"idle", "running", "done", "told", "failed"}
    for phase, places in record["places"].items():
        assert places == idle, phase
    assert "Nothing is selected." in record["told"] and "nonesuch" in record["failed"]


def test_a_second_click_where_remove_object_was_starts_nothing_else(outcome: Outcome) -> None:
    record = outcome["still"]
    assert len(record["titles"]) > 2 and set(record["titles"]) == {"Remove Object"}
    assert record["done"] == ["remove_object"]


def test_in_280_by_400_pixels_strip_and_commands_are_whole_and_the_picture_is_large_enough(outcome: Outcome) -> None:
    record = outcome["small"]
    assert record["size"] == [280, 400]
    assert record["hidden_in_color"] == [] and record["hidden_in_remove"] == []
    assert record["sideways"] == []
    assert record["picture"] >= 110


def test_progress_is_on_the_canvas_only_while_the_docker_is_not_seen(outcome: Outcome) -> None:
    record = outcome["small"]
    assert not any("%" in text for text in record["floats_beside_the_docker"])
    assert any(re.match(r"Remove Object: \w+", text) for text in record["floats_without_it"])


def test_without_a_photo_a_box_says_what_to_do(outcome: Outcome) -> None:
    assert any("No photo is open." in text for text in outcome["no_document"]["boxes"])


def test_a_sentence_is_put_away_with_a_click(outcome: Outcome) -> None:
    record = outcome["put_away"]
    assert record["said"] and record["said_after"] == ""


def test_menu_and_docker_have_every_action_of_the_table(outcome: Outcome) -> None:
    record = outcome["buttons"]
    buttons = [action for action in offered("krita") if not action.live]  # the others are a choice in the tab Color
    assert record["buttons"] == [action.title for action in buttons]
    assert record["colors"] == [action.title for action in offered("krita") if action.live]
    assert [entry for entry in record["menu"] if entry.startswith("Huefill: ")] == [f"Huefill: {one.title}" for one in offered("krita")]
    assert record["tips"] == [action.tip + (f" ({action.shortcut})" if action.shortcut else "") for action in buttons]
    assert "No photo is open." in record["said"]


def test_no_label_is_cut_off_in_the_narrowest_docker(outcome: Outcome) -> None:
    record = outcome["narrow_docker"]
    assert record["width"] < 260
    assert record["cut"] == []


def test_a_report_names_versions_and_neither_the_home_nor_a_token_nor_a_layer(outcome: Outcome) -> None:
    record = outcome["report"]
    assert "Krita: 5" in record["text"] or "Krita: 6" in record["text"]
    assert "The end of" in record["text"] and "krita.log" in record["text"]
    assert len(record["token"]) > 20
    assert not [secret for secret in (str(outcome.home), record["token"], "beach at home") if secret in record["text"]]


def test_the_docker_says_how_much_memory_the_backend_uses(outcome: Outcome) -> None:
    assert re.search(r"memory in use: [1-9]\d+ MB", outcome["tooltip"]["tooltip"])


def test_another_try_is_offered_only_where_another_seed_gives_another_picture(outcome: Outcome) -> None:
    record = outcome["again"]
    seeded = ["remove_object", "remove_by_brush", "recolor_selection", "extend_canvas"]
    assert [name for name, new_seed in record["asked"] if new_seed] == [*seeded, "colorize"]
    assert [name for name, _ in record["asked"]].count("colorize") == 3 and record["seeds"] == [7, 7]
    assert [bool(menu) for menu in record["menus"]] == [new_seed for _, new_seed in record["asked"]]
    assert len(record["asked"]) > len(seeded)


def test_results_have_pictures_their_photos_name_and_what_differs(outcome: Outcome) -> None:
    record = outcome["two_tries"]
    assert len(record["pictures"]) == 2
    assert all(width > 20 and height > 20 for width, height in record["pictures"])
    newest, where, oldest, there = record["texts"]
    assert newest.startswith("Removed: ") and oldest.startswith("Removed: ")
    assert (where, there) == ("another try · small.png", "small.png")


def test_before_hides_the_tries_at_a_place_and_after_shows_one_alone(outcome: Outcome) -> None:
    record = outcome["two_tries"]
    photo_alone, first, second = [True, False, False], [True, True, False], [True, False, True]
    assert [seen for _, _, seen, _ in record["seen"]] == [photo_alone, second, photo_alone, first]
    assert all("before" in said if before else "You see" in said for _, before, _, said in record["seen"])
    assert record["steps_after"] == record["steps"]


def test_a_result_whose_layer_or_document_is_gone_says_so(outcome: Outcome) -> None:
    record = outcome["two_tries"]
    assert "no longer there" in record["deleted"]
    assert "closed" in record["closed"] and "closed" in record["again"]


def test_an_error_that_nobody_foresaw_is_in_the_log_that_the_sentence_names(outcome: Outcome) -> None:
    record = outcome["unforeseen"]
    log = outcome.home / ".local/state/huefill/krita.log"
    assert str(log) in record["said"]
    text = log.read_text("utf-8")
    assert "RuntimeError: no way with [name] in [file]" in text
    assert "huefill_krita/run.py" in text
    assert record["file"] not in text and str(outcome.home) not in text


def test_a_second_action_meanwhile_is_refused_in_words(outcome: Outcome) -> None:
    record = outcome["busy"]
    assert any("still working" in text for text in record["floating"])
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


@pytest.mark.parametrize("missing", ["huefill_client/jobs.py", ""], ids=["one module", "everything that is shared"])
def test_a_damaged_plugin_still_has_its_menu_entries_and_says_what_is_wrong(run_krita: KritaRun, missing: str) -> None:
    def damage(user: User) -> None:
        place = user.pykrita / "huefill_krita/lib" / missing
        place.unlink() if missing else shutil.rmtree(place)

    record = run_krita(["refusing.plugin_damaged"], prepare=damage)["plugin_damaged"]
    assert [f"Huefill: {action.title}" for action in offered("krita") if f"Huefill: {action.title}" not in record["menu"]] == []
    assert any("python3 installer krita" in text for text in record["boxes"])
    assert record["untouched"]
