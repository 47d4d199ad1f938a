"""A photo in a widget: zoom about the pointer, pan within its edges, and back from the screen to its pixels."""

from __future__ import annotations

import pytest

from huefill_client.view import View


@pytest.fixture
def view() -> View:
    made = View()
    made.lay_out((300, 200), (3000, 1000))
    return made


def test_a_whole_photo_is_centred(view: View) -> None:
    assert view.frame == (0, 50, 300, 100)
    assert view.to_photo(150, 100) == (1499.5, 499.5)
    assert view.to_photo(150, 40) is None


def test_what_is_under_the_pointer_stays_there_while_one_zooms(view: View) -> None:
    there = view.to_photo(200, 100)
    assert there is not None
    view.closer(7, (200, 100))
    assert view.on_screen(*there) == pytest.approx((200, 100), abs=0.5)
    view.closer(-100, (10, 10))
    assert view.zoom == 1 and view.frame == (0, 50, 300, 100)


def test_a_photo_is_dragged_no_further_than_its_edge(view: View) -> None:
    view.full_size()
    assert view.scale == pytest.approx(1)
    view.drag(1e6, 1e6)
    assert (view.frame.x, view.frame.y) == (0, 0)
    view.drag(-1e6, -1e6)
    assert (view.frame.x, view.frame.y) == pytest.approx((300 - 3000, 200 - 1000))


def test_it_gets_no_closer_than_sixteen_pixels_for_one(view: View) -> None:
    view.closer(1000)
    assert view.scale == pytest.approx(16)


def test_another_photo_is_shown_whole(view: View) -> None:
    view.closer(5)
    view.lay_out((300, 200), (100, 100))
    assert view.zoom == 1
    view.lay_out((300, 200), (0, 0))
    assert view.to_photo(10, 10) is None
