"""The one color state of both editors: what changes, who is told, what is asked, and what a document keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from huefill_client.color_changes import Change
from huefill_client.color_hints import Photo, Reference
from huefill_client.color_points import ColorPoint, from_kept, to_kept
from huefill_client.coloring import Coloring
from huefill_client.geometry import Rect
from huefill_client.live import Preview
from huefill_client.requests import Job
from huefill_client.sent_photo import Opened
from huefill_client.sentences import Sentence
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import Tensor

RED, BLUE = (200.0, 30.0, 40.0), (30.0, 40.0, 200.0)
WHOLE = Rect(0, 0, 200, 100)
BEACH = Reference("beach", Tensor("U8", (1, 1, 3), b"\x40\x80\xc0"))


class Live:
    """Stands for the backend: keeps what is asked; ``answer`` and ``refuse`` are called as it would."""

    def __init__(self, session: Any, job: Job, answer: Any, refuse: Any, offer: Any) -> None:
        self.job, self.answer, self.refuse, self.offer = job, answer, refuse, offer
        self.asked: list[dict[str, Any]] = []
        self.closed = False

    def show(self, **hints: Any) -> None:
        self.asked.append(hints)

    def apply(self, on_update: Any, on_end: Any, **hints: Any) -> tuple[Any, Any, dict[str, Any]]:
        return on_update, on_end, hints

    def close(self) -> None:
        self.closed = True


def photo(area: Rect = WHOLE, **more: Any) -> Photo:
    return Photo(None, area, lambda hints: Job("colorize", "Colorize", {"model": hints.network}, {}), **more)  # type: ignore[arg-type]


@pytest.fixture
def lives() -> list[Live]:
    return []


@pytest.fixture
def coloring(lives: list[Live]) -> Coloring:
    def opened(*arguments: Any) -> Live:
        lives.append(Live(*arguments))
        return lives[-1]

    return Coloring(lambda call: call(), opened)  # type: ignore[arg-type]


def told(coloring: Coloring) -> list[Change]:
    heard: list[Change] = []
    for change in Change:
        coloring.listen(lambda change=change: heard.append(change), change)
    return heard


def preview(number: int = 1, **values: Any) -> Preview:
    picture = Tensor("U8", (1, 2, 3), bytes((10, 20, 30, 40, 50, 60)))
    return Preview(number, picture, values.get("palette"), values.get("out_of_gamut", []), values.get("at"))


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


def test_a_dialog_that_has_gone_is_told_nothing_of_what_goes_on(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    heard = told(coloring)
    coloring.silence()
    coloring.place(10, 10)
    lives[0].offer(Opened(("one", "two")))
    coloring.end()
    assert heard == []


def test_nothing_is_asked_twice(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    coloring.saturate(0.5)
    coloring.saturate(0.5)
    coloring.refer(BEACH)
    coloring.refer(Reference("beach", Tensor("U8", (1, 1, 3), b"\x40\x80\xc0")))
    assert len(lives[0].asked) == 3
    assert (lives[0].asked[-1]["reference"], lives[0].asked[-1]["saturation"]) == (BEACH.picture, 0.5)


def test_places_are_told_in_pixels_of_what_was_sent_and_points_beside_it_say_nothing(coloring: Coloring, lives: list[Live]) -> None:
    points = (ColorPoint(7, 20, 60, RED, 3), ColorPoint(9, 110, 60, RED, 3))
    coloring.begin(photo(Rect(100, 50, 60, 40), own_color=lambda rgb: (rgb[0] / 2, rgb[1], rgb[2])), points)
    (point,) = lives[0].asked[-1]["points"]
    assert (point.x, point.y, point.rgb, point.radius) == (10, 10, (100.0, 30.0, 40.0), 3)
    lives[0].answer(preview(out_of_gamut=[0]))
    assert coloring.beyond == {9}


def test_another_network_gets_the_photo_anew_and_late_answers_of_the_former_are_let_go(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    coloring.saturate(0.3)
    coloring.use("other")
    assert lives[0].closed and lives[1].job.values == {"model": "other"}
    assert lives[1].asked == lives[0].asked[-1:]
    lives[0].answer(preview())
    assert coloring.picture is None
    lives[1].answer(preview())
    assert coloring.picture is not None


def test_match_colors_asks_once_there_is_something_to_match_and_sends_no_points(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo(pointed=False), (ColorPoint(1, 5, 5, RED),))
    assert not coloring.ready and not lives[0].asked
    coloring.refer(BEACH)
    assert coloring.ready
    assert lives[0].asked[-1]["points"] == () and lives[0].asked[-1]["reference"] is BEACH.picture


def test_without_previews_nothing_is_asked_and_the_hints_are_the_same(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo(), (ColorPoint(7, 20, 60, RED, 3),), live=False)
    coloring.use("other")
    assert not lives
    assert coloring.hints.network == "other" and [point.rgb for point in coloring.hints.points] == [RED]


def test_the_way_in_which_a_reference_is_used_is_asked_for_too(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo(pointed=False))
    coloring.refer(BEACH)
    coloring.match_by("histogram")
    assert lives[0].asked[-1]["how"].values == {"match": "histogram"}
    assert coloring.hints.how.match == "histogram"


def test_apply_goes_on_with_what_the_backend_has_under_the_hints_of_the_click(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo(), (ColorPoint(7, 20, 60, RED, 3),))
    coloring.refer(BEACH)
    begin = coloring.application()
    coloring.clear()
    on_update, on_end, hints = begin("update", "end")  # type: ignore[arg-type, misc]
    assert (on_update, on_end) == ("update", "end")
    assert [point.rgb for point in hints["points"]] == [RED]
    assert hints["reference"] is BEACH.picture
    assert set(hints) == {"points", "hints", "reference", "saturation", "how"}


def test_a_refusal_is_said_until_a_preview_comes_and_the_same_can_be_asked_again(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    lives[0].refuse(BackendError("busy", "Too many photos.", "Close one."))
    assert coloring.message is not None and coloring.message.text == "Too many photos. Close one."
    asked = len(lives[0].asked)
    coloring.place(5, 5)
    assert len(lives[0].asked) == asked + 1
    lives[0].answer(preview())
    assert coloring.message is None


def test_a_closed_photo_leaves_nothing_behind_but_recent_colors_and_the_network(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    coloring.place(10, 10)
    coloring.recolor(RED)
    coloring.refer(BEACH)
    lives[0].offer(Opened(("auto", "other")))
    coloring.end()
    assert lives[0].closed
    assert (coloring.photo, coloring.points, coloring.reference, coloring.picture) == (None, (), None, None)
    assert coloring.recent == (RED,) and coloring.networks == ("auto", "other")
    lives[0].answer(preview())
    assert coloring.picture is None


def test_what_a_document_keeps_comes_back() -> None:
    points = (ColorPoint(3, 1.5, 2.25, RED, 4.0), ColorPoint(8, 7, 9, BLUE))
    assert from_kept(to_kept(points)) == points


def test_documents_of_the_first_version_are_still_read() -> None:
    krita = [{"x": 1.5, "y": 2, "rgb": [200.0, 30.0, 40.0], "radius": 3.0}, {"x": 5, "y": 6, "rgb": [30, 40, 200], "radius": 3.0}]
    assert from_kept(json.dumps(krita).encode()) == (ColorPoint(1, 1.5, 2, RED, 3), ColorPoint(2, 5, 6, BLUE, 3))
    gimp = {"version": 1, "points": [{"id": 12, "x": 30, "y": 140, "rgb": [200, 30, 40]}]}
    assert from_kept(json.dumps(gimp).encode()) == (ColorPoint(12, 30, 140, RED, 0),)


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[1]", b"{}", b'{"version": 99, "points": []}', b'[{"x": 1}]', b'[{"x":1,"y":2,"rgb":[1]}]', b"3"]
)
def test_what_is_damaged_or_of_a_later_version_counts_as_nothing(data: bytes) -> None:
    assert from_kept(data) == ()


def test_new_points_get_ids_that_no_kept_one_has(coloring: Coloring) -> None:
    coloring.begin(photo(), (ColorPoint(41, 5, 5, RED),))
    coloring.place(10, 10)
    assert coloring.points[1].id == 42


OF_PHOTO, OF_POINT = Sentence("colored_photo", "It has colors."), Sentence("unsure_color", "Very different colors are likely here.")


def test_what_is_to_be_known_of_the_photo_is_said_when_it_is_opened_and_stays(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    heard: list[None] = []
    coloring.listen(lambda: heard.append(None), Change.MESSAGE)
    lives[0].offer(Opened(("one",), (), (OF_PHOTO,)))
    assert coloring.said == OF_PHOTO and coloring.message is None and len(heard) == 1
    lives[0].answer(Preview(1, Tensor("U8", (1, 2, 3), bytes(6)), None, []))
    assert coloring.said == OF_PHOTO
    coloring.end()
    assert coloring.said is None


def test_an_unsure_color_is_said_of_its_point_alone(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    coloring.place(20, 30)
    palette = [{"rgb": [10, 20, 30], "probability": 0.2, "ab": [0, 0]}]
    lives[0].answer(Preview(1, Tensor("U8", (1, 2, 3), bytes(6)), palette, [], (20, 30), (OF_POINT,)))
    assert coloring.said == OF_POINT
    coloring.place(90, 40)
    lives[0].answer(Preview(2, Tensor("U8", (1, 2, 3), bytes(6)), palette, [], (90, 40)))
    assert coloring.said is None
    coloring.select(coloring.points[0].id)
    assert coloring.said == OF_POINT


def test_what_went_wrong_is_said_before_what_is_to_be_known(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    lives[0].offer(Opened(("one",), (), (OF_PHOTO,)))
    lives[0].refuse(BackendError("busy", "Too busy."))
    assert coloring.said == Sentence("busy", "Too busy.")
    lives[0].answer(Preview(1, Tensor("U8", (1, 2, 3), bytes(6)), None, []))
    assert coloring.said == OF_PHOTO
