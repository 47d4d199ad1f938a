"""Colorize in the real Krita: suggestions to choose from, whose anchors are points that are moved, colored, applied and kept."""

from __future__ import annotations

import numpy as np
import pytest

from huefill.imaging.color_spaces import ciede2000, rgb_to_lab
from huefill.tasks.colorization.colorizers import registry
from huefill_client.next_step import CHANGE, CHOOSE, RECOLOR
from huefill_client.sentences import NO_ANCHORS
from huefill_protocol.choices import ANCHORS
from tests.anchors import install
from tests.krita.conftest import KritaRun
from tests.krita.harness import Outcome, User
from tests.krita.pixels import read

SCENARIOS = ("suggesting.colorize", "suggesting.without")


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun, request: pytest.FixtureRequest) -> Outcome:
    def prepare(user: User) -> None:
        if not registry.cards(ANCHORS):  # none is shipped: one that knows nothing, but heeds its anchors
            install(request.getfixturevalue("anchors_network"), user.home / ".local/share/huefill")

    return run_krita(SCENARIOS, prepare=prepare)


def test_the_menu_gives_six_suggestions_and_leaves_the_document_alone(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["action"] == "Colorize"
    assert len(record["variants"]) == 6 and len(record["variants"][0]) >= 4
    assert len({str(colors) for colors in record["variants"]}) == 6, "each has other colors"
    assert record["layers_after_suggestions"] == record["layers_before"]
    assert record["longest_s"] < 0.1, "Krita's own thread is free while they are made"


def test_the_row_and_all_else_fit_280_by_400_pixels(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["size"] == [280, 400]
    assert record["hidden_in_part"] == [] and record["sideways"] == []


def test_the_small_pictures_grow_with_the_docker(outcome: Outcome) -> None:
    narrow, wide = outcome["colorize"]["heights"]
    assert wide > 1.4 * narrow


def test_a_line_says_what_can_be_done_next(outcome: Outcome) -> None:
    assert outcome["colorize"]["said_next"] == [CHOOSE, CHANGE, RECOLOR]


def test_a_hand_on_a_small_picture_shows_it_large_and_takes_nothing(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["peeked"] and record["let_go"] and record["points_of_a_look"] == 0
    assert record["peeked_by_key"] and record["let_go_by_key"], "the window that comes to the front again shows nothing"


def test_a_click_puts_its_anchors_among_the_points_in_one_step(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert [point[3] for point in record["taken"]] == record["variants"][2]
    assert {point[0] for point in record["taken"]} == {"anchor"}
    assert record["checked"] == [False, False, True, False, False, False]
    assert record["undone"] == []
    assert record["problem"] == ""


def test_anchors_are_dragged_colored_and_deleted_and_the_picture_follows(outcome: Outcome) -> None:
    record = outcome["colorize"]
    (before, after), count = record["moved"], len(record["taken"])
    assert before != after and after == pytest.approx([128, 128], abs=3)
    assert record["picture_follows"]
    assert record["recolored"] == record["likely"][3]
    kinds = [point[0] for point in record["edited"]]
    assert kinds == ["anchor"] * (count - 1) + ["point"]
    assert record["back_seen"] and record["thumbs_again"]


def test_a_veil_says_where_the_colors_are_unsure(outcome: Outcome) -> None:
    assert outcome["colorize"]["unsure"]


def test_other_suggestions_come_while_the_points_stay(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["words_meanwhile"] == "Suggestions are being made…"
    assert len(record["others"]) == 6 and record["others"] != record["variants"]
    assert record["points_stay"]


def test_apply_is_one_layer_and_one_step_with_the_colors_of_ones_own_point(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["steps_of_apply"] == 1
    names = [name for name, _ in record["layers_after"]]
    assert len(names) == 2 and names[1].startswith("Colored: a suggestion and 1 point, ")
    photo, result = (read(outcome.out, record, "colorize", name)[..., :3].astype(np.float32) / 255 for name in ("photo", "result"))
    before, after = rgb_to_lab(photo), rgb_to_lab(result)
    assert np.abs(after[..., 0] - before[..., 0]).max() < 0.8 and np.abs(after[..., 1:]).mean() > 1
    wanted = np.array([[after[200, 30, 0], *rgb_to_lab(np.array([[(60, 120, 70)]], np.float32) / 255)[0, 0, 1:]]], np.float32)
    assert float(ciede2000(after[200, 30:31], wanted)[0]) < 2


def test_the_anchors_are_found_again_in_the_saved_document_and_color_it(outcome: Outcome) -> None:
    record = outcome["colorize"]
    assert record["saved"]
    assert record["found_again"] == record["kept"] == record["edited"]
    assert record["anchored"] and not record["suggested_unasked"]
    assert record["ask_seen"] and record["points_after_asking"] == record["kept"]
    assert record["applied_again"] == 1
    again, result = (read(outcome.out, record, "colorize", name) for name in ("again", "result"))
    assert np.array_equal(again, result), "the same colors as before it was saved"


def test_without_a_network_for_it_the_likely_colors_come_and_words_say_so(outcome: Outcome) -> None:
    record = outcome["without"]
    assert record["row"] == NO_ANCHORS.message and record["hidden_in_part"] == []
    assert record["picture"] and len(record["layers"]) == 2
