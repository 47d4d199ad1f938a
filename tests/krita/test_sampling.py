"""What was removed stays removed: a second removal reads what is seen, from whichever layer it is begun."""

from __future__ import annotations

import numpy as np
import pytest

from tests.krita.conftest import SMALL_SQUARE, KritaRun
from tests.krita.harness import Outcome
from tests.krita.pixels import read, square

BESIDE = ("one_beside_another", "one_beside_another_on_result")
READS = tuple(f"reads_{space}" for space in ("rgb_u8", "rgb_u16", "rgb_f16", "rgb_f32", "gray_u8", "cmyk_u8", "lab_u16"))
THING = (92, 66, 56, 48)


@pytest.fixture(scope="module")
def outcome(run_krita: KritaRun) -> Outcome:
    return run_krita([f"sampling.{name}" for name in (*BESIDE, *READS, "all_visible", "time_to_read", "put_elsewhere")])


def magenta(pixels: np.ndarray) -> np.ndarray:
    """H W bool: where the color of the thing stands, which the photo has nowhere."""
    red, green, blue = (pixels[..., channel].astype(int) for channel in range(3))
    return (red > 140) & (blue > 140) & (green < 90)


@pytest.mark.parametrize("scenario", BESIDE)
def test_a_second_removal_beside_the_first_does_not_bring_the_thing_back(outcome: Outcome, scenario: str) -> None:
    record = outcome[scenario]
    assert magenta(read(outcome.out, record, scenario, "photo")).sum() == THING[2] * THING[3]
    assert not magenta(read(outcome.out, record, scenario, "after")).any()
    second = read(outcome.out, record, scenario, "second")
    assert not magenta(second)[second[..., 3] > 0].any()


@pytest.mark.parametrize("scenario", BESIDE)
def test_each_removal_is_a_layer_of_its_own_on_top_of_the_others_and_one_step(outcome: Outcome, scenario: str) -> None:
    record = outcome[scenario]
    photo, *results = record["layers"]
    assert [name.split(":")[0] for name in results] == ["Removed", "Removed"]
    assert record["steps"] == 1
    assert record["active"] == photo


@pytest.mark.parametrize("scenario", READS)
def test_what_is_read_is_what_krita_shows_to_the_last_bit(outcome: Outcome, scenario: str) -> None:
    record = outcome[scenario]
    assert record["differ"]
    assert record["results"]["as_shown"]
    assert record["all"]["as_shown"]


@pytest.mark.parametrize("scenario", READS)
def test_this_layer_is_the_photo_alone_also_where_a_result_is_active(outcome: Outcome, scenario: str) -> None:
    record = outcome[scenario]
    assert record["layer"]["as_photo"]
    assert len({record[sample]["photo"] for sample in ("results", "layer", "all")}) == 1


@pytest.mark.parametrize("scenario", READS)
def test_reading_leaves_no_step_and_no_document_behind(outcome: Outcome, scenario: str) -> None:
    assert outcome[scenario]["steps"] == 0
    assert outcome[scenario]["documents"] == 0


def test_all_visible_reads_through_an_adjustment_layer_but_never_the_hints(outcome: Outcome) -> None:
    record = outcome["all_visible"]
    assert record["layers"][1:] == ["inverted", "Removed", "Huefill Hints"]
    assert record["steps"] == 1
    seen, result = (read(outcome.out, record, "all_visible", name) for name in ("seen", "result"))
    hole = square(seen.shape, *SMALL_SQUARE)
    around = square(seen.shape, *SMALL_SQUARE, grow=24) & ~square(seen.shape, *SMALL_SQUARE, grow=2)
    assert (result[hole][:, 3] == 255).all()
    assert not magenta(result)[result[..., 3] > 0].any()
    shown, made = seen[around][:, :3].mean(), result[hole][:, :3].mean()
    assert abs(made - shown) < abs(made - (255 - shown))
    soft = (result[..., 3] > 0) & ~hole
    assert np.abs(result[soft][:, :3].astype(float) - seen[soft][:, :3]).mean() < 40


def test_a_part_of_a_large_photo_with_a_result_on_it_is_read_in_moments(outcome: Outcome) -> None:
    assert max(outcome["time_to_read"]["spent"]) < 0.25


def test_a_result_that_goes_into_another_tab_says_into_which_photo(outcome: Outcome) -> None:
    record = outcome["put_elsewhere"]
    assert record["layers"] == [3, 1]
    assert "Put into “small.png”, which is not shown." in record["said"]
    assert "which is not shown" not in record["said_first"]
    assert [place.split(" · ")[-1] for place in record["results"][1::2]] == ["small.png"] * 2
