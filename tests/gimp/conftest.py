"""Photographs with a known truth, and one run of the real GIMP 3 for everything that needs no window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.gimp.driver.spaces import SPACES
from tests.gimp.harness import ROOT, Outcome, User
from tests.systems import gimp_system, missing

SMALL = (280, 50, 176, 176)
SQUARE = (72, 46, 40, 36)

SCENARIOS = (
    *(f"working.kind_of_image.{space}" for space in SPACES),
    *(
        f"working.{name}"
        for name in (
            "feathered",
            "offset_layer",
            "layer_larger_than_image",
            "transparent_layer",
            "in_group_twice",
            "canvas_made_larger",
            "refusals",
            "reference",
        )
    ),
    *(f"layering.several.{space}.0" for space in ("rgb_u8", "rgb_u16", "rgb_float_linear", "gray_u8", "gray_float")),
    "layering.several.rgb_u8.1",
    "layering.several.rgb_u8.2",
    *(f"brushing.two_calls.{space}" for space in ("rgb_u8", "rgb_float_linear", "gray_u8", "indexed")),
    *(f"brushing.{name}" for name in ("painting_on", "quick_mask", "not_read")),
    "pointing.from_everywhere",
    "pointing.through_xcf",
    "stopping.cancelled",
    "stopping.backend_killed",
)


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    absent = missing(gimp_system(), "gimp-console-3.0", "gimp-3.0")
    for item in items:
        if Path(str(item.fspath)).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.gimp)
            if absent:
                item.add_marker(pytest.mark.skip(reason=absent))


@pytest.fixture(scope="session")
def truth() -> np.ndarray:
    """The undamaged small photo, H W 3 float in 0..1."""
    left, top, width, height = SMALL
    photo = np.asarray(Image.open(ROOT / "examples/photos/parrots.png").convert("RGB"))
    return photo[top : top + height, left : left + width] / np.float32(255)


@pytest.fixture(scope="session")
def pictures(truth: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("gimp-pictures")
    whole = np.rint(truth * 255).astype(np.uint8)
    small = whole.copy()
    x, y, width, height = SQUARE
    small[y : y + height, x : x + width] = 128
    Image.fromarray(whole).save(folder / "small_whole.png")
    Image.fromarray(small).save(folder / "small.png")
    return {
        "small": folder / "small.png",
        "small_whole": folder / "small_whole.png",
        "small_square": ",".join(map(str, SQUARE)),
        "beach": ROOT / "examples/photos/beach.png",
    }


@pytest.fixture(scope="session")
def gimp(pictures: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """All scenarios in one GIMP, one after another."""
    folder = tmp_path_factory.mktemp("gimp")
    user = User(folder / "home")
    user.install()
    return user.run(SCENARIOS, folder / "out", pictures)
