"""The tab Color in the real Krita: it follows the document that is shown; points by keys, from near and on the canvas."""

from __future__ import annotations

import pytest

from tests.krita.conftest import KritaRun
from tests.krita.harness import Outcome
from tests.systems import krita_system

SCENARIOS = ("following.documents", "following.beneath", "pointing.by_keys", "pointing.on_canvas")
GRAY = {"undo": False, "apply": False, "points": [], "picture": False, "reference": None}


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    return run_krita(SCENARIOS)


def test_the_tab_shows_the_document_that_is_shown_and_each_keeps_its_own_points(outcome: Outcome) -> None:
    record = outcome["documents"]
    first, second = record["first"], record["second"]
    assert "gray.png" in first["photo"] and len(first["points"]) == 2 and first["points"][0] == [40, 50, [200, 60, 40]]
    assert first["reference"] == "beach.png" and first["undo"] and first["apply"]
    assert "small_whole.png" in second["photo"] and [point[:2] for point in second["points"]] == [[7, 9]]
    assert second["reference"] is None
    # A layer came to the first photo by Apply before the second was shown again.
    assert record["first_again"] == first
    assert record["second_again"] == second


def test_a_document_that_is_not_colored_yet_offers_to_begin_and_nothing_of_another(outcome: Outcome) -> None:
    record = outcome["documents"]["not_yet"]
    assert {name: record[name] for name in GRAY} == GRAY
    assert record["words"] == "small_whole.png is not being colored yet."
    assert outcome["documents"]["invited"]


def test_apply_goes_to_the_photo_that_is_shown(outcome: Outcome) -> None:
    # It went to the photo that was opened last, hidden or not.
    assert outcome["documents"]["applied_to_first"] == [2, 1]
    assert outcome["documents"]["applied_to_second"] == [2, 2]


def test_each_photo_has_its_own_undo(outcome: Outcome) -> None:
    assert outcome["documents"]["undone"] == 1


def test_a_photo_that_was_let_go_of_comes_back_by_itself(outcome: Outcome) -> None:
    record = outcome["documents"]
    first = record["first"]
    assert record["photo_changed"]
    assert record["back_at_once"]["points"] == record["back"]["points"] == first["points"]
    assert record["back"]["picture"] and record["back"]["apply"] and record["back"]["undo"]
    assert record["back"]["reference"] == "beach.png"
    # Of the photo itself, whichever layer is active by now, and that one stays active.
    assert record["source"] == record["layers"][0]
    assert record["active"] == record["layers"][1]


def test_a_closed_photo_leaves_the_tab_at_once(outcome: Outcome) -> None:
    closed = outcome["documents"]["closed"]
    assert "gray.png" not in closed["photo"]
    assert closed["points"] != outcome["documents"]["first"]["points"] and closed["reference"] is None


def test_colors_are_made_for_the_photo_with_its_removals_and_without_earlier_colors(outcome: Outcome) -> None:
    record = outcome["beneath"]
    assert record["read_without_colors"] and record["read_with_removal"]
    assert [name.split("-")[0] for name in record["layers"][1:]] == ["Removed", "Colored", "Colored"]


def test_a_point_is_placed_colored_moved_and_deleted_by_keys_alone(outcome: Outcome) -> None:
    record = outcome["by_keys"]
    ((x, y, _),) = record["placed"]
    assert 128 < x < 160 and abs(y - 127.5) < 3  # twelve pixels of the screen to the right of the middle
    assert record["colored"] == [record["likely"][0][number - 1][0] for number in (3, 7, 2)]
    ((moved_x, moved_y, _),) = record["moved"]
    assert moved_x == x and moved_y > y + 3
    assert record["deleted"] == []


def test_the_nine_suggestions_stay_while_one_after_the_other_is_chosen(outcome: Outcome) -> None:
    first, *later = outcome["by_keys"]["likely"]
    assert len(first) == 9
    assert later == [first] * 3


def test_ctrl_z_over_the_picture_undoes_points_and_leaves_the_document_alone(outcome: Outcome) -> None:
    record = outcome["by_keys"]
    assert record["color_undone"] == record["colored"][1] and record["color_redone"] == record["colored"][2]
    assert record["delete_undone"] == 1
    assert record["document"] == [True, 0]


def test_radius_and_strength_are_the_selected_points(outcome: Outcome) -> None:
    record = outcome["by_keys"]
    assert record["radius_and_strength"] == [12, 0.5]
    rgb, base, asked = record["asked"]
    assert all(abs(2 * half - one - other) <= 2 for one, other, half in zip(rgb, base, asked, strict=True))


def test_undo_redo_delete_and_clear_are_gray_while_there_is_nothing_to_do(outcome: Outcome) -> None:
    assert outcome["by_keys"]["idle"] == [False] * 4
    assert outcome["by_keys"]["with_a_point"] == [True, False, True, True]


def test_the_wheel_comes_closer_about_the_pointer_and_the_middle_button_moves_the_picture(outcome: Outcome) -> None:
    record = outcome["by_keys"]
    assert record["zoom"] > 4 and record["whole"] == 1
    before, after = record["under_the_pointer"]
    assert after == pytest.approx(before, abs=0.5)
    assert record["panned"] == pytest.approx([-20, 15])
    first, sharper = record["sharper"]
    assert sharper > first or first >= 256  # the photo itself has no more


def test_before_and_after(outcome: Outcome) -> None:
    before, after = outcome["by_keys"]["before_is_gray"]
    assert before == 0 and after > 2
    assert outcome["by_keys"]["after_again"]


def test_everything_that_can_be_worked_with_has_a_name_to_read_aloud(outcome: Outcome) -> None:
    assert outcome["by_keys"]["nameless"] == []
    assert outcome["by_keys"]["named"] >= 6


def test_points_on_the_canvas_where_this_krita_tells_what_lies_under_the_hand(outcome: Outcome) -> None:
    record = outcome["on_canvas"]
    assert record["possible"] == krita_system().inside, "Krita 5.2 is the one in the Debian 13"
    if not record["possible"]:
        assert "only Krita 5.2 and later" in record["words"]
        return
    ((x, y, _),) = record["placed"]
    assert abs(x - 128) < 2 and abs(y - 128) < 2
    ((moved_x, moved_y, _),) = record["dragged"]
    assert [moved_x - x, moved_y - y] == pytest.approx([30 * record["ratio"], -20 * record["ratio"]], abs=0.5)
    assert record["removed"] == [] and record["steps"] == 0
