"""Remove Object in the real Krita: what a person gets from one click in the menu."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest
from PIL import Image

from tests.krita.conftest import SQUARE, KritaRun
from tests.krita.harness import Outcome
from tests.krita.pixels import flat_fill, psnr, read, square

# Rim and band by the size of the selection (huefill.imaging.mask): nothing further from it may change.
REACH = 24


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    return run_krita(["removing.remove_object"])


@pytest.fixture(scope="module")
def pixels(outcome: Outcome):
    return lambda name: read(outcome.out, outcome["remove_object"], "remove_object", name)


def test_every_action_is_in_the_scripts_menu_with_its_proposed_key(outcome: Outcome) -> None:
    record = outcome["remove_object"]
    assert [text for text in record["menu"] if text.startswith("Huefill")] == [
        "Huefill: Remove Object",
        "Huefill: Remove by Brush",
        "Huefill: Repair Colors",
        "Huefill: Extend Canvas",
        "Huefill: Find Scratches",
        "Huefill: Restore Old Photo",
        "Huefill: Colorize",
        "Huefill: Colorize with Points",
        "Huefill: Match Colors",
    ]
    assert record["shortcut"] == "Ctrl+Alt+X"


def test_the_docker_shows_work_and_cancel_from_the_first_moment(outcome: Outcome) -> None:
    assert outcome["remove_object"]["working_at_once"]


def test_krita_stays_alive_while_the_backend_works(outcome: Outcome) -> None:
    # Drawing the new layer and its thumbnails is Krita's own; a blocking call to the backend would be seconds.
    assert outcome["remove_object"]["longest_gap_s"] < 1.0


def test_the_result_is_one_layer_above_the_photo(outcome: Outcome) -> None:
    record = outcome["remove_object"]
    (photo,) = record["layers_before"]
    assert record["layers_after"][0] == photo
    assert [name.split(":")[0] for name, _ in record["layers_after"]] == [photo[0], "Removed"]


def test_the_result_is_one_step_in_the_history(outcome: Outcome) -> None:
    record = outcome["remove_object"]
    assert record["steps_after"] - record["steps_before"] == 1


def test_one_undo_takes_the_result_away_and_one_redo_brings_its_pixels_back(outcome: Outcome, pixels) -> None:
    record = outcome["remove_object"]
    assert record["layers_undone"] == record["layers_before"]
    assert np.array_equal(pixels("projection_undone"), pixels("projection_before"))
    assert record["layers_redone"] == record["layers_after"]
    assert np.array_equal(pixels("result_redone"), pixels("result"))


def test_the_selection_stays_and_the_photo_stays_active(outcome: Outcome) -> None:
    record = outcome["remove_object"]
    assert record["selection"] == list(SQUARE)
    assert record["active"] == record["layers_before"][0][0]


def test_the_photos_own_layer_is_untouched(pixels) -> None:
    assert np.array_equal(pixels("photo"), pixels("projection_before"))


def test_nothing_changes_outside_the_band(pixels) -> None:
    before, after = pixels("projection_before"), pixels("projection_after")
    far = ~square(before.shape, *SQUARE, grow=REACH)
    assert np.array_equal(before[far], after[far])
    assert not pixels("result")[far][:, 3].any()


def test_the_hole_is_covered_and_closer_to_the_truth_than_a_flat_fill(pixels, parrots: np.ndarray) -> None:
    before, after = pixels("projection_before")[..., :3], pixels("projection_after")[..., :3]
    hole = square(before.shape, *SQUARE)
    assert (pixels("result")[hole][:, 3] == 255).all()
    assert (before[hole] != after[hole]).any(axis=1).mean() > 0.95
    flat = flat_fill(before, hole, square(before.shape, *SQUARE, grow=8))
    assert psnr(parrots[hole], after[hole]) > psnr(parrots[hole], flat[hole])


def test_the_saved_picture_is_what_was_on_the_canvas(outcome: Outcome, pixels) -> None:
    assert outcome["remove_object"]["png"]
    saved = np.asarray(Image.open(outcome.out / "remove_object.png").convert("RGB"))
    assert np.array_equal(saved, pixels("projection_after")[..., :3])


def test_the_layer_survives_in_the_saved_document(outcome: Outcome, pixels) -> None:
    record = outcome["remove_object"]
    assert record["kra"]
    assert zipfile.is_zipfile(outcome.out / "remove_object.kra")
    assert [name for name, _ in record["layers_in_kra"]] == [name for name, _ in record["layers_after"]]
    assert np.array_equal(pixels("result_in_kra"), pixels("result"))


def test_the_docker_says_what_was_done_and_that_the_backend_is_ready(outcome: Outcome) -> None:
    record = outcome["remove_object"]
    assert record["said"].startswith("Remove Object: done.")
    assert record["state"].startswith("Ready")
