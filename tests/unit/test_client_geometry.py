"""Rectangles and the window that is sent: whatever the numbers, no pixel is lost and none is invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huefill_client.geometry import Rect, window_for
from huefill_protocol.context import sent

places = st.integers(-3000, 3000)
lengths = st.integers(0, 3000)
rects = st.builds(Rect, places, places, lengths, lengths)
documents = st.builds(Rect, st.just(0), st.just(0), st.integers(1, 3000), st.integers(1, 3000))


def columns_and_rows(rect: Rect) -> tuple[set[int], set[int]]:
    if rect.empty:
        return set(), set()
    return set(range(rect.x, rect.right)), set(range(rect.y, rect.bottom))


@given(rects, rects)
def test_clip_keeps_exactly_the_pixels_that_are_in_both(one: Rect, other: Rect) -> None:
    (columns, rows), (other_columns, other_rows) = columns_and_rows(one), columns_and_rows(other)
    both = (columns & other_columns, rows & other_rows)
    assert columns_and_rows(one.clip(other)) == (both if both[0] and both[1] else (set(), set()))


@given(rects, st.integers(0, 500))
def test_grow_adds_as_much_on_each_of_the_four_sides(rect: Rect, pixels: int) -> None:
    grown = rect.grow(pixels)
    if rect.empty:
        assert grown == rect
    else:
        assert (rect.x - grown.x, rect.y - grown.y, grown.right - rect.right, grown.bottom - rect.bottom) == (pixels,) * 4


@given(rects, rects)
def test_contains_agrees_with_clip(one: Rect, other: Rect) -> None:
    assert one.contains(other) == (other.empty or one.clip(other) == other)


@given(rects, documents)
def test_a_window_lies_in_the_document_and_has_all_of_the_selection_that_is_visible(selection: Rect, document: Rect) -> None:
    window = window_for(selection, document)
    visible = selection.clip(document)
    assert document.contains(window)
    assert window.contains(visible)
    assert window.empty == visible.empty


@given(rects, documents)
def test_a_window_has_the_context_that_the_backend_uses_unless_the_document_ends(selection: Rect, document: Rect) -> None:
    visible = selection.clip(document)
    if visible.empty:
        return
    context = sent(max(visible.width, visible.height))
    window = window_for(selection, document)
    assert window.x == max(0, visible.x - context)
    assert window.y == max(0, visible.y - context)
    assert window.right == min(document.right, visible.right + context)
    assert window.bottom == min(document.bottom, visible.bottom + context)


def test_the_window_follows_the_selection_and_not_the_photo() -> None:
    assert window_for(Rect(3000, 2000, 600, 400), Rect(0, 0, 6000, 4000)) == Rect(2400, 1400, 1800, 1600)


def test_a_rectangle_of_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 x 3"):
        Rect(0, 0, -1, 3)
