"""Remove Object in every kind of document, in groups, and again from the docker; the other two actions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from huefill.runtime.store import model_store
from tests.krita.conftest import SMALL_SQUARE, KritaRun
from tests.krita.harness import Outcome
from tests.krita.pixels import read, square, top

SPACES = ("in_rgb_u16", "in_rgb_f32_linear", "in_rgb_f16_linear", "in_gray_u8", "in_gray_u16", "in_cmyk_u8", "in_lab_u16")
OTHERS = ("recolor_selection", "extend_canvas", "warned", "docker_state", "same_backend")
REACH = 24


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    scenarios = [f"removing.{name}" for name in (*SPACES, "layer_in_group", "second_try")] + [f"others.{name}" for name in OTHERS]
    return run_krita(scenarios)


def pixels(outcome: Outcome, scenario: str, name: str) -> np.ndarray:
    return read(outcome.out, outcome[scenario], scenario, name)


@pytest.mark.parametrize("scenario", SPACES)
def test_every_kind_of_document_gets_one_layer_in_one_step(outcome: Outcome, scenario: str) -> None:
    record: dict[str, Any] = outcome[scenario]
    assert record["steps"] == 1
    assert len(record["layers"]) == 2


@pytest.mark.parametrize("scenario", SPACES)
def test_the_layer_covers_the_selection_and_nothing_far_from_it(outcome: Outcome, scenario: str) -> None:
    result = pixels(outcome, scenario, "result")
    assert (result[square(result.shape, *SMALL_SQUARE)][:, -1] == top(result)).all()
    far = ~square(result.shape, *SMALL_SQUARE, grow=REACH)
    assert not result[far][:, -1].any()
    before, after = pixels(outcome, scenario, "before"), pixels(outcome, scenario, "after")
    assert np.array_equal(before[far], after[far])


def test_what_a_person_should_know_is_said_before_the_work_and_stays_with_the_result(outcome: Outcome) -> None:
    record = outcome["warned"]
    assert len(record["layers"]) == 2, "a warning stops nothing"
    assert record["said"].startswith("Remove Object: done. More than half of the photo is selected")
    assert "invert the selection" in record["said"]
    assert record["hover"], "the result's hover still says it"
    assert record["colors"].startswith("This photo has colors already")


def test_a_result_belongs_above_its_layer_also_in_a_group(outcome: Outcome) -> None:
    record = outcome["layer_in_group"]
    assert [name.split(":")[0] for name in record["in_group"]] == ["inside", "Removed", "above"]
    assert len(record["at_top_after_group"]) == len(record["at_top"]) + 1


def test_another_try_gives_another_picture_and_the_same_again_the_same(outcome: Outcome) -> None:
    record = outcome["second_try"]
    assert record["steps"] == 1
    assert len(record["layers"]) == 3
    first, second, third = (pixels(outcome, "second_try", name) for name in ("first", "second", "third"))
    inside = square(first.shape, *SMALL_SQUARE)
    assert not np.array_equal(first[inside], second[inside])
    assert np.array_equal(second, third)


def test_recolor_gives_one_layer_with_the_photos_own_light(outcome: Outcome) -> None:
    record = outcome["recolor_selection"]
    assert record["steps"] == 1 and len(record["layers"]) == 2
    photo, result = pixels(outcome, "recolor_selection", "photo"), pixels(outcome, "recolor_selection", "result")
    inside = square(photo.shape, *SMALL_SQUARE)
    weights = np.array([0.30, 0.59, 0.11])
    assert np.abs(photo[inside][:, :3] @ weights - result[inside][:, :3] @ weights).max() < 1.5


def test_extend_fills_the_canvas_and_keeps_the_photo(outcome: Outcome) -> None:
    record = outcome["extend_canvas"]
    assert record["steps"] == 1 and len(record["layers"]) == 2
    photo, after = pixels(outcome, "extend_canvas", "photo"), pixels(outcome, "extend_canvas", "after")
    assert (after[..., 3] == 255).all()
    assert np.array_equal(after[:, 24 + 8 : 24 + 248], photo[:, 24 + 8 : 24 + 248])


def test_the_docker_tells_what_every_choice_costs(outcome: Outcome) -> None:
    tips = outcome["same_backend"]["tips"]
    assert list(tips["engine"]) == ["auto", *(card.name for card in model_store().cards("inpainting")), "patch"]
    assert set(tips["preset"]) == {"fast", "best", "paper", "published"}
    assert all(text for choices in tips.values() for text in choices.values())


def test_two_runs_use_one_backend(outcome: Outcome) -> None:
    first, second = outcome["same_backend"]["pids"]
    assert first == second


def test_the_picture_of_the_readme_shows_a_removal_in_one_step(run_krita: KritaRun) -> None:
    outcome = run_krita(["others.readme_picture"])
    assert outcome["readme_picture"]["steps"] == 1
    assert (outcome.out / "readme_picture-done.png").exists()
