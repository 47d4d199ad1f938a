"""Find Scratches and Restore Old Photo in the real GIMP."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.gimp.harness import Outcome, User
from tests.scans import scratched, share

SPACES = ("rgb_u8", "gray_u8", "rgb_float_linear")
SCENARIOS = (*(f"found.{space}" for space in SPACES), "found_none", "restored.rgb_u8", "restored.gray_u8", "restored_selection")


@pytest.fixture(scope="module")
def scan(truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return scratched(np.rint(truth * 255).astype(np.uint8))


@pytest.fixture(scope="module")
def outcome(scan: tuple[np.ndarray, np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder: Path = tmp_path_factory.mktemp("gimp-scans")
    Image.fromarray(scan[0]).save(folder / "scan.png")
    user = User(folder / "home")
    user.install()
    return user.run([f"scanning.{name}" for name in SCENARIOS], folder / "out", {"scan": folder / "scan.png"})


@pytest.mark.parametrize("space", SPACES)
def test_find_scratches_selects_the_damage_and_leaves_no_channel(outcome: Outcome, scan: tuple[np.ndarray, np.ndarray], space: str) -> None:
    record = outcome[f"found-{space}"]
    assert record["call"]["done"], record["call"]["said"]
    selected = np.fromfile(outcome.out / f"found-{space}-found.bin", np.uint8).reshape(scan[1].shape)
    assert set(np.unique(selected)) == {0, 255}
    assert min(share(selected > 127, scan[1])) > 0.85
    assert record["layers"][0] == record["layers"][1]
    assert record["channels"] == 0 and record["active"]


def test_where_nothing_is_found_the_selection_stays(outcome: Outcome) -> None:
    record = outcome["found_none"]
    assert record["call"]["done"] and record["selection"] == [10, 20, 40, 60]


@pytest.mark.parametrize("space", ["rgb_u8", "gray_u8"])
def test_restoring_gives_a_group_of_three_layers_over_the_photo(outcome: Outcome, scan: tuple[np.ndarray, np.ndarray], space: str) -> None:
    record, damage = outcome[f"restored-{space}"], scan[1]
    assert re.fullmatch(r"Restored: whole photo, [\d.]+ s", record["call"]["layers"][0])
    words = [(re.sub(r", [\d.]+ s$", "", name), seen) for name, seen in record["parts"]]
    assert words == [("Restored: scratches removed", True), ("Restored: color", True), ("Restored: scratches found", False)]
    repair, color, found = (outcome.pixels(f"restored-{space}", f"made_{number}") for number in range(3))
    assert min(share(repair[..., 3] > 0, damage)) > 0.85
    assert np.array_equal(found[..., 3] > 0, repair[..., 3] > 0)
    seen = outcome.pixels(f"restored-{space}", "seen")
    assert scan[0][damage].mean() > 240 and 255 * seen[damage][:, :3].mean() < 200
    assert np.ptp(color[..., :3], axis=2).max() > 0.04


def test_a_gray_image_is_told_to_become_rgb_first(outcome: Outcome) -> None:
    refused = outcome["restored-gray_u8"]["refused"]
    assert not refused["done"] and "cannot store new colors" in refused["said"]
    assert outcome["restored-gray_u8"]["call"]["base"] == "rgb"


def test_what_is_selected_is_removed_instead_of_what_would_be_found(outcome: Outcome) -> None:
    x, y, width, height = outcome["restored_selection"]["bounds"]
    assert 56 <= x <= 60 and 56 <= y <= 60 and width <= 20 and height <= 20
