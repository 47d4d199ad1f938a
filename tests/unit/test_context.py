"""What a plugin sends is what the backend works on: one rule for both."""

from __future__ import annotations

import numpy as np
import pytest

from huefill.imaging.parts import default_band, default_rim
from huefill.imaging.region import Box, with_context
from huefill_client.geometry import Rect, window_for
from huefill_protocol import context


def test_a_plugin_sends_what_the_backend_needs_for_every_selection() -> None:
    for longest in range(1, 9000):
        growth = default_rim(longest) + default_band(longest)
        assert context.sent(longest) >= growth + context.needed(longest + 2 * growth), longest


@pytest.mark.parametrize("size", [(1, 1), (90, 40), (130, 128), (400, 90), (1200, 1200)])
def test_the_backend_finds_its_whole_region_in_the_window_that_a_plugin_cuts(size: tuple[int, int]) -> None:
    width, height = size
    window = window_for(Rect(3000, 2500, width, height), Rect(0, 0, 8000, 6000))
    growth = default_rim(max(size)) + default_band(max(size))
    hole = Box(3000, 2500, width, height).grow(growth)
    region = with_context(hole, (6000, 8000))
    assert window.contains(Rect(region.x, region.y, region.width, region.height))


def test_the_region_around_a_hole_is_what_it_was_measured_with() -> None:
    assert with_context(Box(1000, 1000, 50, 20), (4000, 4000)) == Box(888, 888, 274, 244)
    assert with_context(Box(1000, 1000, 500, 20), (4000, 4000)) == Box(550, 550, 1400, 920)
    assert np.isclose(context.SHARE, 0.9)
