"""Results of several layers in the real GIMP: one group, every number as the task made it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.backend.layers_task import COLORLESS, ONE, TWO, layers_of
from tests.gimp.harness import Outcome

SPACES = ("rgb_u8", "rgb_u16", "rgb_float_linear", "gray_u8", "gray_float")
NUMBERS = {"U8": np.uint8, "U16": np.uint16, "F32": np.float32}


def scenario(space: str, what: int) -> str:
    return f"several-{space}-{what}"


def raw(outcome: Outcome, name: str, of: str) -> np.ndarray:
    about = outcome[name]["raw"][of]
    return np.fromfile(outcome.out / f"{name}-{of}.bin", NUMBERS[about["dtype"]]).reshape(about["shape"])


@pytest.mark.parametrize("space", SPACES)
def test_two_layers_lie_in_a_group_above_the_photo_which_stays_active(gimp: Outcome, space: str) -> None:
    record = gimp[scenario(space, TWO)]
    assert record["top"] == ["Layers – whole", record["photo"]]
    assert record["parts"] == ["Layers – mirror", "Layers – negati"]
    assert record["active"] == [record["photo"]]


@pytest.mark.parametrize("space", SPACES)
def test_colors_alpha_and_place_are_the_tasks_own_in_every_depth(gimp: Outcome, space: str) -> None:
    name = scenario(space, TWO)
    for number, layer in enumerate(layers_of(raw(gimp, name, "photo"), TWO)):
        made = raw(gimp, name, f"made_{number}")
        assert made.dtype == layer.pixels.dtype
        assert np.array_equal(made, layer.pixels)
        assert gimp[name]["raw"][f"made_{number}"]["place"] == list(layer.origin)


def test_an_only_layer_needs_no_group(gimp: Outcome) -> None:
    record = gimp[scenario("rgb_u8", ONE)]
    assert record["top"] == ["Layers – whole", record["photo"]]
    assert record["parts"] == ["Layers – whole"]


def test_a_layer_without_color_is_gray_in_an_rgb_image(gimp: Outcome) -> None:
    name = scenario("rgb_u8", COLORLESS)
    (layer,) = layers_of(raw(gimp, name, "photo"), COLORLESS)
    made = raw(gimp, name, "made_0")
    assert np.array_equal(made[..., 3], layer.alpha)
    assert np.array_equal(made[..., :3], np.repeat(layer.image, 3, axis=2))
