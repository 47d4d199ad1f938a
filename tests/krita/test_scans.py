"""Find Scratches and Restore Old Photo in the real Krita."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.krita.conftest import SMALL, KritaRun
from tests.krita.harness import Outcome
from tests.krita.pixels import read
from tests.scans import scratched, share

SCENARIOS = ("found", "found_instead", "restored", "restored_selection", "gray")


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    return run_krita([f"scanning.{name}" for name in SCENARIOS])


@pytest.fixture(scope="module")
def damage(parrots: np.ndarray) -> np.ndarray:
    left, top, width, height = SMALL
    return scratched(parrots[top : top + height, left : left + width])[1]


def selection(outcome: Outcome, scenario: str, name: str) -> np.ndarray:
    return np.fromfile(outcome.out / f"{scenario}-{name}.bin", np.uint8).reshape(SMALL[3], SMALL[2])


def test_find_scratches_selects_the_damage_and_changes_nothing_else(outcome: Outcome, damage: np.ndarray) -> None:
    record = outcome["found"]
    assert record["before"]["selection"] is None
    precision, recall = share(selection(outcome, "found", "found") > 127, damage)
    assert precision > 0.9 and recall > 0.9
    assert record["found"]["tree"] == record["before"]["tree"]
    assert record["found"]["active"] == record["before"]["active"]


def test_finding_is_one_step_that_undo_takes_away_and_redo_brings_back(outcome: Outcome) -> None:
    record = outcome["found"]
    assert record["found"]["steps"] - record["before"]["steps"] == 1
    assert record["undone"]["selection"] is None
    assert np.array_equal(selection(outcome, "found", "redone"), selection(outcome, "found", "found"))


def test_an_earlier_selection_gives_way_and_comes_back_by_undo(outcome: Outcome, damage: np.ndarray) -> None:
    record = outcome["found_instead"]
    assert share(selection(outcome, "found_instead", "found") > 127, damage)[1] > 0.9
    assert record["before"]["selection"] == [10, 20, 30, 40] == record["undone"]["selection"]


def test_restoring_makes_three_layers_in_one_group_and_one_step(outcome: Outcome) -> None:
    record = outcome["restored"]
    _, (group, shown, layers) = record["after"]["tree"]
    assert re.fullmatch(r"Restored: whole photo, [\d.]+ s", group) and shown
    words = [(re.sub(r", [\d.]+ s$", "", name), seen) for name, seen, _ in layers]
    assert words == [("Restored: scratches removed", True), ("Restored: color", True), ("Restored: scratches found", False)]
    assert record["after"]["steps"] - record["before"]["steps"] == 1
    assert record["undone"]["tree"] == record["before"]["tree"]
    assert record["after"]["active"] == record["before"]["active"]


def test_the_repair_lies_on_the_damage_alone_and_the_colors_over_the_repaired_photo(outcome: Outcome, damage: np.ndarray) -> None:
    record = outcome["restored"]
    photo, repair, color, found = (read(outcome.out, record, "restored", name) for name in ("photo", "made_0", "made_1", "made_2"))
    covered = repair[..., 3] > 0
    assert min(share(covered, damage)) > 0.9
    assert np.array_equal(found[..., 3] > 0, covered)
    assert (color[..., 3] == 255).all() and np.ptp(color[..., :3].astype(int), axis=2).max() > 10
    # No scratch is left in the colored picture's light and dark.
    assert photo[damage][:, :3].mean() > 240
    assert color[damage][:, :3].mean() < 200


def test_what_is_selected_is_removed_instead_of_what_would_be_found(outcome: Outcome) -> None:
    record = outcome["restored_selection"]
    covered = read(outcome.out, record, "restored_selection", "made_0")[..., 3] > 0
    rows, columns = np.nonzero(covered)
    assert columns.min() >= 58 and columns.max() <= 74 and rows.min() >= 58 and rows.max() <= 74
    assert record["after"]["selection"] == [60, 60, 12, 12]


def test_a_gray_document_is_told_that_it_has_no_room_for_colors(outcome: Outcome) -> None:
    record = outcome["gray"]
    assert "This document is gray" in record["said"]
    assert len(record["state"]["tree"]) == 1
