"""The line beneath the picture says what can be done next."""

from __future__ import annotations

from huefill_client import next_step as steps
from huefill_client.anchors import Anchor, Variant
from huefill_client.coloring import Coloring
from huefill_client.live import Preview
from huefill_client.next_step import next_step
from huefill_client.sent_photo import Opened
from huefill_client.sentences import NOTHING_TO_MATCH
from huefill_protocol.wire import Tensor
from tests.unit.answering import BEACH, RED, Live, photo, preview

PICTURE = Tensor("U8", (1, 2, 3), bytes(6))
SUGGESTION = Variant(PICTURE, (Anchor(10, 10, RED), Anchor(90, 40, RED)))


def test_from_a_suggestion_to_the_color_of_a_point(coloring: Coloring, lives: list[Live]) -> None:
    assert next_step(coloring) == ""
    coloring.begin(photo(variants=1))
    assert next_step(coloring) == steps.COLORING
    lives[0].offer(Opened(("auto",), ("hints", "anchors")))
    lives[0].answer(Preview(1, PICTURE, None, [], anchors=SUGGESTION.anchors, variants=(SUGGESTION,)))
    assert next_step(coloring) == steps.CHOOSE
    coloring.choose(0)
    assert next_step(coloring) == steps.CHANGE
    coloring.select(coloring.points[0].id)
    assert next_step(coloring) == steps.RECOLOR
    coloring.clear()
    assert next_step(coloring) == steps.CHOOSE


def test_with_points_alone_the_first_step_is_to_set_one(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    lives[0].answer(preview())
    assert next_step(coloring) == steps.SET_A_POINT
    coloring.place(10, 10)
    assert next_step(coloring) == steps.RECOLOR


def test_a_color_that_is_not_possible_is_said_of_its_point_alone(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo())
    lives[0].answer(preview())
    coloring.place(10, 10)
    lives[0].answer(preview(2, out_of_gamut=[0]))
    assert next_step(coloring) == steps.BEYOND
    coloring.place(150, 60)
    assert next_step(coloring) == steps.RECOLOR


def test_no_sentence_is_longer_than_a_narrow_docker() -> None:
    assert all(len(sentence) <= 40 for sentence in (steps.CHOOSE, steps.CHANGE, steps.RECOLOR, steps.SET_A_POINT, steps.BEYOND))


def test_match_colors_asks_for_what_is_matched_and_then_for_nothing(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo(pointed=False))
    assert next_step(coloring) == NOTHING_TO_MATCH.remedy
    coloring.refer(BEACH)
    lives[0].answer(preview())
    assert next_step(coloring) == ""
