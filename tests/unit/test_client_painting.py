"""What was painted over becomes a mask: faint or strong, in one stroke or several."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from huefill_client.geometry import Rect
from huefill_client.painting import bounds_of, coverage, mask_of, newer


def pixels(alpha: np.ndarray) -> bytes:
    return np.dstack([np.full((*alpha.shape, 3), 200, np.uint8), alpha]).tobytes()


def test_only_the_paints_coverage_counts_not_its_color() -> None:
    alpha = np.array([[0, 10], [255, 128]], np.uint8)
    assert coverage(pixels(alpha)) == alpha.tobytes()


def test_a_faint_brush_removes_as_much_as_a_strong_one() -> None:
    faint = bytes([0, 10, 20, 40])
    assert mask_of(faint) == bytes([0, 128, 255, 255])
    assert mask_of(bytes([0, 255, 128, 64])) == bytes([0, 255, 255, 128])
    assert mask_of(bytes(3)) == bytes(3)


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_the_bounds_are_the_smallest_rectangle_with_all_paint(width: int, height: int, data: st.DataObject) -> None:
    alpha = np.array(data.draw(st.lists(st.sampled_from([0, 0, 0, 7]), min_size=width * height, max_size=width * height)), np.uint8)
    rows, columns = np.nonzero(alpha.reshape(height, width))
    wanted = Rect(0, 0, 0, 0)
    if len(rows):
        left, top = int(columns.min()), int(rows.min())
        wanted = Rect(left, top, int(columns.max()) - left + 1, int(rows.max()) - top + 1)
    assert bounds_of(alpha.tobytes(), width) == wanted


def test_what_was_painted_meanwhile_is_kept_and_nothing_else() -> None:
    before = np.array([[0, 200, 90]], np.uint8)
    now = np.array([[50, 200, 120]], np.uint8)
    kept = np.frombuffer(newer(pixels(now), before.tobytes()), np.uint8).reshape(1, 3, 4)
    assert kept[..., 3].tolist() == [[50, 0, 120]]
    assert not np.any(kept[0, 1])
    assert newer(pixels(now), now.tobytes()) == bytes(12)
