"""What was removed stays removed: a second removal reads what is seen, from whichever layer it is begun."""

from __future__ import annotations

import numpy as np
import pytest

from tests.gimp.conftest import SQUARE
from tests.gimp.harness import Outcome, User

SPACES = ("rgb_u8", "rgb_u16", "rgb_half_linear", "rgb_float_linear", "gray_u8", "gray_float", "indexed")
BESIDE = ("one_beside_another-photo", "one_beside_another-result")


@pytest.fixture(scope="module")
def sampled(pictures: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("gimp-sampling")
    user = User(folder / "home")
    user.install()
    names = [*(name.replace("-", ".") for name in BESIDE), *(f"reads.{space}" for space in SPACES), "all_visible"]
    return user.run([f"sampling.{name}" for name in names], folder / "out", pictures)


def magenta(pixels: np.ndarray) -> np.ndarray:
    """H W bool: where the color of the thing stands, which the photo has nowhere."""
    red, green, blue = (pixels[..., channel] for channel in range(3))
    return (red > 0.55) & (blue > 0.55) & (green < 0.35)


@pytest.mark.parametrize("scenario", BESIDE)
def test_a_second_removal_beside_the_first_does_not_bring_the_thing_back(sampled: Outcome, scenario: str) -> None:
    assert sampled[scenario]["second"]["done"], sampled[scenario]["second"]["said"]
    assert not magenta(sampled.pixels(scenario, "after")).any()
    second = sampled.pixels(scenario, "second")
    assert not magenta(second)[second[..., 3] > 0].any()


@pytest.mark.parametrize("scenario", BESIDE)
def test_each_removal_is_a_layer_of_its_own_on_top_of_the_others(sampled: Outcome, scenario: str) -> None:
    record = sampled[scenario]
    first, second = record["first"]["layers"], record["second"]["layers"]
    assert len(second) == 3 and second[1:] == first
    assert record["active"] == [record["photo"]]


@pytest.mark.parametrize("space", SPACES)
def test_what_is_read_is_what_gimp_shows_to_the_last_bit(sampled: Outcome, space: str) -> None:
    record = sampled[f"reads-{space}"]
    assert record["results"] == {"photo": True, "as_shown": True, "as_photo": False}
    assert record["all"]["as_shown"]


@pytest.mark.parametrize("space", SPACES)
def test_this_layer_is_the_photo_alone_also_where_a_result_is_chosen(sampled: Outcome, space: str) -> None:
    assert sampled[f"reads-{space}"]["layer"] == {"photo": True, "as_shown": False, "as_photo": True}


@pytest.mark.parametrize("space", SPACES)
def test_who_colors_a_photo_reads_what_was_removed_and_not_the_colors_of_before(sampled: Outcome, space: str) -> None:
    assert sampled[f"reads-{space}"]["for_colors"]
    assert 30 < max(sampled[f"reads-{space}"]["small"]) <= 40


@pytest.mark.parametrize("space", SPACES)
def test_reading_leaves_no_image_behind(sampled: Outcome, space: str) -> None:
    assert sampled[f"reads-{space}"]["images"] == 0


def test_all_visible_reads_through_an_adjustment_but_never_the_hints(sampled: Outcome) -> None:
    record = sampled["all_visible"]
    assert record["call"]["done"], record["call"]["said"]
    assert [name.split(":")[0] for name in record["call"]["layers"]][:3] == ["Huefill Hints", "Removed", "inverted"]
    seen, result = sampled.pixels("all_visible", "seen"), sampled.pixels("all_visible", "result")
    x, y, width, height = SQUARE
    hole = np.zeros(seen.shape[:2], bool)
    hole[y : y + height, x : x + width] = True
    assert not magenta(result)[result[..., 3] > 0].any()
    soft = (result[..., 3] > 0) & ~hole
    assert np.abs(result[soft][:, :3] - seen[soft][:, :3]).mean() < 0.16
