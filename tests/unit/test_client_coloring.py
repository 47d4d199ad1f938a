"""The one color state of both editors: who is told, what is asked, and what came."""

from __future__ import annotations

from huefill_client.color_changes import Change
from huefill_client.color_hints import Reference
from huefill_client.color_points import ColorPoint
from huefill_client.coloring import Coloring
from huefill_client.geometry import Rect
from huefill_client.live import Preview
from huefill_client.sent_photo import Opened
from huefill_client.sentences import Sentence
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import Tensor
from tests.unit.answering import BEACH, RED, Live, photo, preview, told

OF_PHOTO, OF_POINT = Sentence("colored_photo", "It has colors."), Sentence("unsure_color", "Very different colors are likely here.")


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
