"""Results of several layers in the real Krita: one group, one step in the history, every number as the task made it."""

from __future__ import annotations

import re
import sys
from typing import Any

import numpy as np
import pytest

from tests.backend.harness import LAUNCH
from tests.backend.layers_task import COLORLESS, ONE, TWO, layers_of
from tests.krita.conftest import KritaRun
from tests.krita.harness import Outcome, User
from tests.krita.pixels import read

EXACT = ("two_in_u8", "two_in_u16", "two_in_f32", "two_in_gray_u8", "two_in_gray_u16")
TWICE = (*EXACT, "two_in_cmyk_u8")
SCENARIOS = (*TWICE, "one_in_u8", "colorless_in_u8")


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    def with_test_tasks(user: User) -> None:
        user.install([sys.executable, str(LAUNCH), "--managed", "--linger", "2"])

    return run_krita([f"layering.{name}" for name in SCENARIOS], prepare=with_test_tasks)


def pixels(outcome: Outcome, scenario: str, name: str) -> np.ndarray:
    return read(outcome.out, outcome[scenario], scenario, name)


def expected(outcome: Outcome, scenario: str, what: int) -> list[np.ndarray]:
    """The layers over the whole canvas, empty around them."""
    photo = pixels(outcome, scenario, "photo")
    canvases = []
    for layer in layers_of(photo, what):
        canvas = np.zeros((*photo.shape[:2], layer.pixels.shape[2]), photo.dtype)
        (x, y), (height, width) = layer.origin, layer.alpha.shape
        canvas[y : y + height, x : x + width] = layer.pixels
        canvases.append(canvas)
    return canvases


def names(tree: list[Any]) -> list[str]:
    return [name for name, _ in tree]


@pytest.mark.parametrize("scenario", TWICE)
def test_two_layers_are_one_group_above_the_photo_in_the_tasks_order(outcome: Outcome, scenario: str) -> None:
    record = outcome[scenario]
    (photo,) = names(record["before"]["tree"])
    below, (group, inside) = record["after"]["tree"]
    assert below[0] == photo
    assert re.fullmatch(r"Layered: whole photo, [\d.]+ s", group)
    assert [name.split(" ")[1].rstrip(",") for name in names(inside)] == ["negative", "mirror"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_is_one_step_and_the_photo_stays_active_and_the_selection_selected(outcome: Outcome, scenario: str) -> None:
    record = outcome[scenario]
    assert record["after"]["steps"] - record["before"]["steps"] == 1
    assert record["after"]["active"] == record["before"]["active"]
    assert record["selection"] == [30, 40, 50, 60]


@pytest.mark.parametrize("scenario", EXACT)
def test_colors_and_alpha_are_the_tasks_own_to_the_last_bit(outcome: Outcome, scenario: str) -> None:
    for number, canvas in enumerate(expected(outcome, scenario, TWO)):
        made = pixels(outcome, scenario, f"made_{number}")
        assert np.array_equal(made[..., -1], canvas[..., -1])
        covered = canvas[..., -1] > 0  # Krita keeps no color where nothing covers
        assert np.array_equal(made[covered], canvas[covered])


@pytest.mark.parametrize("scenario", TWICE)
def test_one_undo_takes_all_layers_away_and_one_redo_brings_their_pixels_back(outcome: Outcome, scenario: str) -> None:
    record = outcome[scenario]
    assert record["undone"]["tree"] == record["before"]["tree"]
    assert record["redone"]["tree"] == record["after"]["tree"]
    for number in range(2):
        assert np.array_equal(pixels(outcome, scenario, f"redone_{number}"), pixels(outcome, scenario, f"made_{number}"))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_what_is_seen_follows_the_layers_the_undo_and_the_redo(outcome: Outcome, scenario: str) -> None:
    before, after = pixels(outcome, scenario, "projection_before"), pixels(outcome, scenario, "projection_after")
    assert (before != after).any(axis=-1).mean() > 0.5
    assert np.array_equal(pixels(outcome, scenario, "projection_undone"), before)
    # Krita adds floats up in another order when it redoes.
    least = 0 if after.dtype.kind == "u" else 1e-6
    assert np.abs(pixels(outcome, scenario, "projection_redone").astype(np.float64) - after).max() <= least


def test_an_opaque_layer_of_the_group_is_seen_as_it_is(outcome: Outcome) -> None:
    _, mirror = expected(outcome, "two_in_u8", TWO)
    covered = mirror[..., 3] == 255
    assert np.array_equal(pixels(outcome, "two_in_u8", "projection_after")[covered], mirror[covered])


def test_other_models_get_their_layers_by_kritas_own_conversion(outcome: Outcome) -> None:
    made = pixels(outcome, "two_in_cmyk_u8", "made_1")
    assert outcome["two_in_cmyk_u8"]["dumps"]["made_1"]["model"] == "CMYKA"
    assert (made[12:200, 30:200, -1] == 255).all()
    assert not made[:9, :, -1].any()


def test_an_only_layer_needs_no_group(outcome: Outcome) -> None:
    record = outcome["one_in_u8"]
    name, inside = record["after"]["tree"][1]
    assert name.startswith("Layered: ") and inside == []
    (canvas,) = expected(outcome, "one_in_u8", ONE)
    assert np.array_equal(pixels(outcome, "one_in_u8", "made_0")[..., 3], canvas[..., 3])


def test_a_layer_without_color_is_gray_in_an_rgb_document(outcome: Outcome) -> None:
    (canvas,) = expected(outcome, "colorless_in_u8", COLORLESS)
    made = pixels(outcome, "colorless_in_u8", "made_0")
    assert np.array_equal(made[..., 3], canvas[..., 1])
    covered = canvas[..., 1] > 0
    assert np.array_equal(made[covered][:, :3], np.repeat(canvas[covered][:, :1], 3, axis=1))
