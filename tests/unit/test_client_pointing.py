"""Points changed by hand: undo, moves that are one step, and the likely colors of each."""

from __future__ import annotations

from huefill_client.color_changes import Change
from huefill_client.color_points import from_kept, to_kept
from huefill_client.coloring import Coloring
from tests.unit.answering import BLUE, RED, Live, photo, preview, told


def test_a_new_point_has_the_color_that_the_preview_shows_and_is_selected(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    lives[0].answer(preview())
    coloring.place(150, 50)
    assert coloring.selected is not None
    assert (coloring.selected.x, coloring.selected.y, coloring.selected.rgb) == (150, 50, (40.0, 50.0, 60.0))


def test_undo_and_redo_go_back_and_forth_through_every_change(coloring: Coloring) -> None:
    coloring.begin(photo())
    coloring.place(10, 10)
    coloring.recolor(RED)
    coloring.place(20, 20)
    coloring.delete(coloring.points[0].id)
    coloring.clear()
    states = [coloring.points]
    for _ in range(5):
        coloring.undo()
        states.append(coloring.points)
    assert [len(state) for state in states] == [0, 1, 2, 1, 1, 0]
    assert states[3][0].rgb == RED and states[4][0].rgb != RED
    for expected in reversed(states[:-1]):
        coloring.redo()
        assert coloring.points == expected
    coloring.undo()
    coloring.recolor(BLUE)
    assert not coloring.history.can_redo


def test_a_drag_is_one_step_and_is_worth_keeping_once_it_ends(coloring: Coloring) -> None:
    coloring.begin(photo())
    coloring.place(10, 10)
    number = coloring.points[0].id
    heard = told(coloring)
    for x in range(11, 31):
        coloring.move(number, x, 10)
    assert set(heard) == {Change.POINTS}
    coloring.settle()
    assert heard[-1] is Change.STEP and heard.count(Change.STEP) == 1
    coloring.move(number, 40, 10)
    coloring.undo()
    assert coloring.points[0].x == 30
    coloring.undo()
    assert coloring.points[0].x == 10


def test_a_selected_point_asks_for_its_suggestions_and_undo_does_not_know_of_selecting(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    coloring.place(10, 10)
    coloring.place(60, 20)
    assert lives[0].asked[-1]["palette_at"] == (60, 20)
    coloring.select(coloring.points[0].id)
    assert lives[0].asked[-1]["palette_at"] == (10, 10)
    asked = len(lives[0].asked)
    coloring.select(None)
    assert len(lives[0].asked) == asked, "nothing else is to be shown"
    coloring.undo()
    assert len(coloring.points) == 1


def test_a_moving_point_asks_for_the_picture_alone_and_for_its_suggestions_when_it_lies_still(
    coloring: Coloring, lives: list[Live]
) -> None:
    coloring.begin(photo())
    coloring.place(10, 10)
    nine = [{"rgb": [1, 2, 3], "probability": 0.5, "ab": [0, 0]}]
    lives[0].answer(preview(palette=nine, at=(10, 10)))
    coloring.move(coloring.points[0].id, 20, 10)
    assert lives[0].asked[-1]["palette_at"] is None
    lives[0].answer(preview(palette=None))
    assert coloring.suggestions
    coloring.settle()
    assert lives[0].asked[-1]["palette_at"] == (20, 10)
    lives[0].answer(preview(palette=None))
    assert coloring.suggestions, "an answer from before the hand let go says nothing of the suggestions"
    lives[0].answer(preview(palette=[*nine, *nine], at=(20, 10)))
    assert len(coloring.suggestions) == 2


def test_suggestions_are_asked_for_once_and_stay_while_their_point_is_colored_and_others_are_placed(
    coloring: Coloring, lives: list[Live]
) -> None:
    coloring.begin(photo())
    coloring.place(10, 10)
    nine = [{"rgb": [1, 2, share], "probability": share / 9, "ab": [0, 0]} for share in range(9, 0, -1)]
    lives[0].answer(preview(palette=nine, at=(10, 10)))
    found = coloring.suggestions
    coloring.recolor(RED)
    assert lives[0].asked[-1]["palette_at"] is None
    lives[0].answer(preview(palette=None))
    assert coloring.suggestions == found
    assert len(found) == 9
    coloring.place(60, 20)
    assert coloring.suggestions == ()
    lives[0].answer(preview(palette=nine[:2], at=(60, 20)))
    coloring.select(coloring.points[0].id)
    assert coloring.suggestions == found
    coloring.move(coloring.points[0].id, 30, 30)
    coloring.settle()
    assert lives[0].asked[-1]["palette_at"] == (30, 30)


def test_a_weak_point_asks_for_a_mix_of_its_color_and_what_was_there(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    lives[0].answer(preview())
    coloring.place(10, 10)
    there = coloring.points[0].rgb
    coloring.recolor(RED)
    coloring.adjust(strength=0.25)
    coloring.adjust(strength=0.5)
    coloring.settle()
    sent = lives[0].asked[-1]["points"][0]
    assert sent.rgb == tuple((new + old) / 2 for new, old in zip(RED, there, strict=True))
    coloring.adjust(radius=12)
    coloring.settle()
    assert lives[0].asked[-1]["points"][0].radius == 12
    coloring.undo()
    coloring.undo()
    assert coloring.points[0].strength == 1, "the hand's way from 0.25 to 0.5 is one step"
    assert from_kept(to_kept(coloring.points)) == coloring.points


def test_suggestions_of_another_point_are_not_offered(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    coloring.place(10, 10)
    coloring.place(60, 20)
    lives[0].answer(preview(palette=[{"rgb": [1.4, 2, 3], "probability": 0.5, "ab": [0, 0]}], at=(60, 20)))
    assert [(item.rgb, item.probability) for item in coloring.suggestions] == [((1, 2, 3), 0.5)]
    coloring.recolor(RED)
    assert coloring.suggestions
    coloring.select(coloring.points[0].id)
    assert not coloring.suggestions


def test_nobody_is_told_of_lists_of_documents_when_the_hand_moves(coloring: Coloring) -> None:
    coloring.begin(photo())
    coloring.place(10, 10)
    heard = told(coloring)
    coloring.move(coloring.points[0].id, 12, 12)
    coloring.recolor(RED)
    assert not {Change.SOURCES, Change.PHOTO, Change.MESSAGE, Change.PICTURE} & set(heard)
