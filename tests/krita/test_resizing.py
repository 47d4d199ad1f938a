"""A script, or a quick hand, resizes the image and runs Extend Canvas before Krita has drawn the new size."""

from __future__ import annotations

import pytest

from tests.krita.conftest import KritaRun
from tests.krita.harness import Outcome

SCENARIOS = ("extend_at_once", "extend_while_seen")


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    return run_krita([f"resizing.{name}" for name in SCENARIOS])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_extend_canvas_in_the_tick_of_a_resize_gives_its_layer_every_time(outcome: Outcome, scenario: str) -> None:
    runs = outcome[scenario]["runs"]
    assert len(runs) == 4
    for number, run in enumerate(runs, 1):
        assert run["said"].startswith("Extend Canvas: done."), run
        made = number if scenario == "extend_while_seen" else 1
        assert sum(name.startswith("Extended: ") for name in run["layers"]) == made


def test_krita_lives_and_found_nothing_wrong(outcome: Outcome) -> None:
    assert outcome.status == 0, outcome.log
    assert "ASSERT" not in outcome.log and "SAFE ASSERT" not in outcome.log, outcome.log
