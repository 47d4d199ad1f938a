"""Before and after in the docker's picture, and how strong the colors are, in the real Krita."""

from __future__ import annotations

import numpy as np
import pytest

from huefill.imaging.color_spaces import rgb_to_lab
from tests.krita.conftest import KritaRun
from tests.krita.harness import Outcome
from tests.krita.pixels import read

SCENARIOS = ("dividing.divider", "dividing.strength")


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    return run_krita(SCENARIOS)


def test_a_line_parts_the_picture_into_before_and_after(outcome: Outcome) -> None:
    record = outcome["divider"]
    assert min(record["after"]) > 2
    gray, colored = record["divided"]
    assert gray == 0 and colored == pytest.approx(record["after"][1], rel=0.2)


def test_the_line_is_dragged_and_takes_no_points(outcome: Outcome) -> None:
    record = outcome["divider"]
    assert record["pulled_right"] == [0, 0]
    assert min(record["pulled_left"]) > 2
    assert record["points_by_the_line"] == 0 and record["points_beside_it"] == 1


@pytest.mark.parametrize("view", ["from_near", "panned"])
def test_the_line_stays_in_sight_from_near_and_when_the_picture_is_moved(outcome: Outcome, view: str) -> None:
    gray, colored = outcome["divider"][view]
    assert gray == 0 and colored > 1


def test_a_key_that_is_held_shows_the_photo_before(outcome: Outcome) -> None:
    record = outcome["divider"]
    assert record["held"] == [True, 0, 0]
    for shown in (record["undivided_by_key"], record["let_go"]):
        assert not shown[0] and min(shown[1:]) > 2


@pytest.mark.parametrize("action", ["points", "match"])
def test_the_slider_makes_the_colors_weaker_and_stronger(outcome: Outcome, action: str) -> None:
    full, none, strong, again, value, text = outcome["strength"][f"{action}_seen"]
    assert none < 1 and strong > 1.15 * full and again == full
    assert (value, text) == (100, "100 %")
    half, whole = (
        np.abs(
            rgb_to_lab(read(outcome.out, outcome["strength"], "strength", f"{action}_{percent}")[..., :3].astype(np.float32) / 255)[..., 1:]
        )
        for percent in (50, 100)
    )
    assert whole.mean() > 2 and half.mean() / whole.mean() == pytest.approx(0.5, abs=0.05)


def test_the_button_brings_100_percent_back(outcome: Outcome) -> None:
    assert outcome["strength"]["reset"] == [1.0, 100]
