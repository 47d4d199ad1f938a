"""Before and after on either side of a line: where it lies, what takes hold of it, and how far it goes."""

from __future__ import annotations

import pytest

from huefill_client.comparison import Comparison
from huefill_client.view import View


@pytest.fixture
def view() -> View:
    made = View()
    made.lay_out((300, 200), (3000, 1000))  # the photo lies at (0, 50), 300 x 100 large
    return made


@pytest.fixture
def comparison(view: View) -> Comparison:
    return Comparison(view)


def test_without_a_line_all_of_the_picture_is_after_or_before(comparison: Comparison) -> None:
    assert comparison.before is None and comparison.after == (0, 50, 300, 100)
    comparison.whole = True
    assert comparison.before == (0, 50, 300, 100) and comparison.after is None
    assert not comparison.near(150, 100), "there is no line to take hold of"


def test_the_line_parts_the_photo_and_not_the_room_around_it(comparison: Comparison) -> None:
    comparison.divide(True)
    assert comparison.before == (0, 50, 150, 100) and comparison.after == (150, 50, 150, 100)
    assert comparison.near(154, 60) and not comparison.near(158, 60) and not comparison.near(150, 20)


def test_a_line_is_dragged_by_a_hand_that_holds_it_and_stays_on_the_photo(comparison: Comparison) -> None:
    comparison.divide(True)
    assert not comparison.pull(40) and comparison.line == 150
    assert comparison.grab(148, 100) and comparison.pull(75)
    assert comparison.line == 75
    comparison.pull(-50)
    assert comparison.line == 0 and comparison.after == (0, 50, 300, 100)
    comparison.pull(1000)
    assert comparison.line == 300
    comparison.let_go()
    assert not comparison.pull(10) and comparison.line == 300


def test_the_line_stays_in_sight_when_one_looks_closer(comparison: Comparison, view: View) -> None:
    comparison.divide(True)
    comparison.step(5)
    view.full_size((0, 100))
    assert view.seen == (0, 0, 300, 200)
    assert comparison.line == pytest.approx(225) and comparison.before == pytest.approx((0, 0, 225, 200))
    view.drag(-700, 0)
    assert comparison.line == pytest.approx(225)


def test_a_key_for_all_of_it_leaves_the_line_where_it_was(comparison: Comparison) -> None:
    comparison.divide(True)
    comparison.step(-100)
    comparison.whole = True
    assert comparison.line is None and comparison.before == (0, 50, 300, 100)
    comparison.whole = False
    assert comparison.line == 0
