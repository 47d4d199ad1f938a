"""Suggestions for the whole picture: asked for, chosen, and then edited like points; how strong the colors are; where they are unsure."""

from __future__ import annotations

import json

import pytest

from huefill_client.anchors import Anchor, Variant, anchors_in, variants_in
from huefill_client.color_changes import Change
from huefill_client.color_hints import Hints, Photo, Suggestion
from huefill_client.color_points import ANCHOR, POINT, ColorPoint, from_kept, to_kept
from huefill_client.coloring import Coloring
from huefill_client.geometry import Rect
from huefill_client.live import Preview
from huefill_client.recipes import colored_by
from huefill_client.requests import How, Point, live_hints
from huefill_client.sent_photo import Opened
from huefill_protocol.errors import BackendError
from huefill_protocol.wire import Tensor
from tests.unit.answering import BLUE, RED, Live, photo, told

GREEN = (20.0, 180.0, 60.0)
BOTH = Opened(("auto",), ("hints", "anchors"))
OTHERS = (Suggestion((1, 2, 3), 0.6), Suggestion((9, 8, 7), 0.3))
AREA = Rect(100, 50, 60, 40)


def image(value: int) -> Tensor:
    return Tensor("U8", (1, 2, 3), bytes([value] * 6))


def variant(number: int, *colors: tuple[float, float, float]) -> Variant:
    return Variant(image(number), tuple(Anchor(10.0 * place, 5.0, rgb, 4.0, 0.5, 0.8, OTHERS) for place, rgb in enumerate(colors)))


RED_SKY, BLUE_SKY = variant(1, RED, GREEN), variant(2, BLUE, GREEN)


def proposed(*variants: Variant, number: int = 1) -> Preview:
    return Preview(number, variants[0].image, None, [], anchors=variants[0].anchors, variants=variants)


def suggesting(area: Rect = AREA) -> Photo:
    return photo(area, variants=2)


def begun(coloring: Coloring, lives: list[Live], points: tuple[ColorPoint, ...] = ()) -> Live:
    """A photo that is open and has its two variants."""
    coloring.begin(suggesting(), points)
    lives[-1].offer(BOTH)
    lives[-1].answer(proposed(RED_SKY, BLUE_SKY))
    return lives[-1]


def test_variants_are_asked_for_once_the_backend_says_that_it_has_them(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(suggesting())
    assert [asked["variants"] for asked in lives[0].asked] == [0] and lives[0].asked[0]["how"] == How()
    assert coloring.proposing
    lives[0].offer(BOTH)
    assert lives[0].asked[-1]["variants"] == 2 and lives[0].asked[-1]["how"] == How("anchors")
    lives[0].answer(proposed(RED_SKY, BLUE_SKY))
    assert coloring.variants == (RED_SKY, BLUE_SKY) and not coloring.proposing and coloring.picture == RED_SKY.image
    assert len(lives[0].asked) == 2, "the first variant is what the picture shows already"


def test_without_a_network_of_anchors_nothing_is_proposed_and_points_are_colored_by_hints(coloring: Coloring, lives: list[Live]) -> None:
    kept = (ColorPoint(3, 110, 60, RED, kind=ANCHOR),)
    coloring.begin(suggesting(), kept)
    lives[0].offer(Opened(("auto",), ("hints",)))
    coloring.propose(6, 4)
    assert not coloring.can_propose and not coloring.proposing
    asked = lives[0].asked[-1]
    assert (asked["how"], asked["variants"], [point.kind for point in asked["points"]]) == (How(method="hints"), 0, [POINT])


def test_a_backend_that_knows_no_methods_is_not_waited_for(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(suggesting())
    lives[0].offer(Opened(("auto",)))
    assert not coloring.proposing and lives[0].asked[-1]["how"] == How()


def test_a_chosen_variant_puts_its_anchors_among_the_points_in_one_step(coloring: Coloring, lives: list[Live]) -> None:
    own = ColorPoint(7, 120, 60, GREEN, 3)
    live = begun(coloring, lives, (own,))
    heard = told(coloring)
    coloring.choose(1)
    assert coloring.points[0] == own
    assert [(p.kind, p.x, p.y, p.rgb, p.radius) for p in coloring.points[1:]] == [
        (ANCHOR, 100, 55, BLUE, 4),
        (ANCHOR, 110, 55, GREEN, 4),
    ]
    assert heard.count(Change.STEP) == 1 and coloring.chosen == 1
    asked = live.asked[-1]
    assert asked["how"] == How("anchors", 0, True) and [point.kind for point in asked["points"]] == [POINT, ANCHOR, ANCHOR]
    assert [(point.x, point.y) for point in asked["points"]] == [(20, 10), (0, 5), (10, 5)]
    coloring.choose(0)
    assert [point.rgb for point in coloring.points] == [GREEN, RED, GREEN] and coloring.chosen == 0
    coloring.undo()
    assert coloring.chosen == 1
    coloring.undo()
    assert coloring.points == (own,) and coloring.chosen is None
    assert live.asked[-1]["how"] == How("anchors"), "without anchors they are proposed again"


def test_the_picture_is_that_of_the_variant_at_once(coloring: Coloring, lives: list[Live]) -> None:
    begun(coloring, lives)
    coloring.choose(1)
    assert coloring.picture == BLUE_SKY.image


def test_to_choose_the_same_again_is_no_step(coloring: Coloring, lives: list[Live]) -> None:
    begun(coloring, lives)
    coloring.choose(1)
    points = coloring.points
    coloring.choose(1)
    coloring.choose(7)
    assert coloring.points == points
    coloring.undo()
    assert coloring.points == ()


def test_anchors_move_change_their_color_and_go_like_any_point(coloring: Coloring, lives: list[Live]) -> None:
    live = begun(coloring, lives)
    coloring.choose(0)
    first, second = coloring.points
    coloring.move(first.id, 130, 70)
    assert (live.asked[-1]["points"][0].x, live.asked[-1]["points"][0].y) == (30, 20)
    coloring.settle()
    coloring.recolor(BLUE)
    assert live.asked[-1]["points"][0].rgb == BLUE
    coloring.delete(second.id)
    assert [point.kind for point in live.asked[-1]["points"]] == [ANCHOR] and live.asked[-1]["how"].anchored


def test_a_selected_anchor_offers_its_alternatives_until_the_palette_comes(coloring: Coloring, lives: list[Live]) -> None:
    live = begun(coloring, lives)
    coloring.choose(0)
    coloring.select(coloring.points[1].id)
    assert coloring.suggestions == OTHERS
    live.answer(Preview(2, image(3), [{"rgb": [5, 5, 5], "probability": 0.9}], [], (10, 5), anchors=RED_SKY.anchors))
    assert coloring.suggestions == (Suggestion((5, 5, 5), 0.9),)


def test_anchors_that_a_document_kept_are_colored_by_and_get_their_alternatives_with_the_preview(
    coloring: Coloring, lives: list[Live]
) -> None:
    kept = (ColorPoint(3, 110, 60, RED, 4, kind=ANCHOR), ColorPoint(4, 115, 60, BLUE))
    coloring.begin(suggesting(), from_kept(to_kept(kept)))
    lives[0].offer(BOTH)
    assert lives[0].asked[-1]["how"].anchored and lives[0].asked[-1]["variants"] == 0 and not coloring.proposing
    lives[0].answer(Preview(1, image(3), None, [], anchors=(Anchor(10, 10, RED, alternatives=OTHERS),)))
    coloring.select(3)
    assert coloring.suggestions == OTHERS
    coloring.select(4)
    assert coloring.suggestions == ()


def test_other_suggestions_leave_the_chosen_anchors_and_their_picture_alone(coloring: Coloring, lives: list[Live]) -> None:
    live = begun(coloring, lives, (ColorPoint(7, 120, 60, GREEN, 3),))
    coloring.choose(0)
    live.answer(Preview(2, image(9), None, []))
    before = coloring.points
    coloring.propose(2, 1)
    assert coloring.proposing and live.asked[-1]["variants"] == 2
    assert live.asked[-1]["how"] == How("anchors", 1) and [point.kind for point in live.asked[-1]["points"]] == [POINT]
    asked = len(live.asked)
    coloring.move(before[1].id, 111, 58)
    assert len(live.asked) == asked, "what changes meanwhile is asked afterwards"
    live.answer(proposed(BLUE_SKY, RED_SKY, number=3))
    assert coloring.variants == (BLUE_SKY, RED_SKY) and coloring.picture == image(9)
    assert live.asked[-1]["how"].anchored and live.asked[-1]["variants"] == 0 and live.asked[-1]["points"][1].x == 11


def test_the_same_suggestions_can_be_asked_for_again_after_a_refusal(coloring: Coloring, lives: list[Live]) -> None:
    live = begun(coloring, lives)
    coloring.propose(2, 5)
    live.refuse(BackendError("memory", "Not enough memory."))
    assert not coloring.proposing and coloring.message is not None
    asked = len(live.asked)
    coloring.propose(2, 5)
    assert len(live.asked) == asked + 1 and coloring.proposing


def test_the_strength_is_asked_for_with_everything_and_has_bounds(coloring: Coloring, lives: list[Live]) -> None:
    live = begun(coloring, lives)
    coloring.strengthen(0.4)
    assert live.asked[-1]["how"] == How("anchors", strength=0.4)
    coloring.choose(1)
    assert live.asked[-1]["how"] == How("anchors", 0, True, 0.4)
    coloring.strengthen(7)
    assert coloring.strength == 1.5 and coloring.hints.how.strength == 1.5
    coloring.begin(photo(pointed=False))
    assert coloring.strength == 1, "another photo begins as usual"
    coloring.saturate(0.5)
    coloring.strengthen(0.5)
    assert lives[-1].asked[-1]["how"] == How(strength=0.5)


def test_where_the_colors_are_unsure_is_asked_for_while_it_is_shown(coloring: Coloring, lives: list[Live]) -> None:
    live = begun(coloring, lives)
    assert not live.asked[-1]["confidence"]
    coloring.show_confidence(True)
    assert live.asked[-1]["confidence"]
    sure = Tensor("U8", (1, 2), b"\x00\xff")
    live.answer(Preview(2, image(1), None, [], confidence=sure))
    assert coloring.confidence == sure
    asked = len(live.asked)
    coloring.show_confidence(False)
    assert coloring.confidence is None and len(live.asked) == asked


def test_apply_makes_what_the_picture_shows(coloring: Coloring, lives: list[Live]) -> None:
    begun(coloring, lives)
    _, _, hints = coloring.application()("update", "end")  # type: ignore[arg-type, misc]
    assert hints["how"] == How("anchors") and hints["points"] == ()
    coloring.propose(2, 3)
    coloring.choose(1)
    _, _, hints = coloring.application()("update", "end")  # type: ignore[arg-type, misc]
    assert hints["how"] == How("anchors", 0, True) and [point.rgb for point in hints["points"]] == [BLUE, GREEN]


def test_what_is_as_usual_is_not_sent() -> None:
    assert live_hints(points=[Point(1, 2, RED)], **How().values) == {
        "version": 1,
        "points": [{"x": 1, "y": 2, "rgb": list(RED), "radius": 0.0}],
        "longest": 1024,
    }
    sent = live_hints(points=[Point(1, 2, RED, kind=ANCHOR)], variants=3, confidence=True, **How("anchors", 4, True, 0.5).values)
    assert sent["points"][0]["kind"] == "anchor"
    more = {"variants": 3, "confidence": True, "method": "anchors", "seed": 4, "anchored": True, "strength": 0.5}
    assert {name: sent[name] for name in more} == more


def test_documents_keep_the_kind_of_a_point_and_older_ones_have_points_alone() -> None:
    points = (ColorPoint(3, 1.5, 2.25, RED, 4.0, kind=ANCHOR), ColorPoint(8, 7, 9, BLUE))
    assert from_kept(to_kept(points)) == points
    older = {"version": 2, "points": [{"id": 12, "x": 30, "y": 140, "rgb": [200, 30, 40], "radius": 1, "strength": 1, "base": None}]}
    assert [point.kind for point in from_kept(json.dumps(older).encode())] == [POINT]


def test_what_the_backend_tells_of_anchors_and_variants_is_read() -> None:
    told = {"x": 3, "y": 4, "rgb": [1, 2, 3], "radius": 2.5, "kind": "anchor", "members": 0.25, "confidence": 0.5}
    told["alternatives"] = [{"rgb": [1.4, 2, 3], "probability": 0.5}]
    anchor = Anchor(3, 4, (1, 2, 3), 2.5, 0.25, 0.5, (Suggestion((1, 2, 3), 0.5),))
    values = {"variants": [{"anchors": [told]}, {"anchors": []}], "anchors": [told]}
    assert anchors_in(values) == (anchor,)
    tensors = {"variants/0": image(1), "variants/1": image(2)}
    assert variants_in(tensors, values) == (Variant(image(1), (anchor,)), Variant(image(2), ()))
    with pytest.raises(KeyError):
        variants_in({}, values)


def test_what_was_proposed_goes_back_as_it_came_and_a_persons_color_in_the_photos_own_space(coloring: Coloring, lives: list[Live]) -> None:
    coloring.begin(photo(AREA, variants=2, own_color=lambda rgb: (rgb[0] / 2, rgb[1], rgb[2])))
    lives[0].offer(BOTH)
    lives[0].answer(proposed(RED_SKY, BLUE_SKY))
    coloring.choose(0)
    assert [point.rgb for point in lives[0].asked[-1]["points"]] == [RED, GREEN]
    coloring.select(coloring.points[0].id)
    coloring.recolor((100.0, 90.0, 80.0))
    assert [point.rgb for point in lives[0].asked[-1]["points"]] == [(50.0, 90.0, 80.0), GREEN]


def test_a_layer_says_that_its_colors_came_from_a_suggestion() -> None:
    anchors = tuple(Point(1, 2, RED, kind=ANCHOR) for _ in range(8))
    taken = How("anchors", anchored=True)
    assert colored_by(Hints(anchors, how=taken)) == "a suggestion"
    assert colored_by(Hints((*anchors, Point(5, 5, BLUE)), how=taken)) == "a suggestion and 1 point"
    assert colored_by(Hints(how=How("anchors", seed=3))) == "likely colors"
