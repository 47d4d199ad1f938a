"""How Krita's pixels travel: channel order, spaces, gray as RGB; on buffers, without Krita."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

_FILE = Path(__file__).parents[2] / "plugin/krita/huefill_krita/pixels.py"


@pytest.fixture(scope="module")
def pixels() -> Any:
    """The module alone: its package needs Krita."""
    spec = importlib.util.spec_from_file_location("krita_pixels", _FILE)
    assert spec is not None and spec.loader is not None
    module = sys.modules["krita_pixels"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("dtype", "name"), [(np.uint8, "U8"), (np.uint16, "U16"), (np.float32, "F32")])
def test_gray_is_told_as_rgb_of_the_same_numbers_and_alpha(pixels: Any, dtype: type, name: str) -> None:
    gray = (np.random.default_rng(1).random((5, 7, 2)) * 255).astype(dtype)
    rgb = np.frombuffer(pixels.gray_in_rgb(memoryview(gray.tobytes()), name), dtype).reshape(5, 7, 4)
    assert np.array_equal(rgb, gray[..., [0, 0, 0, 1]])


def test_integers_are_in_memory_order_and_floats_in_natural_order(pixels: Any) -> None:
    order = {depth: pixels.Space("RGBA", depth, "any").order for depth in ("U8", "U16", "F32")}
    assert order == {"U8": "bgra", "U16": "bgra", "F32": "rgba"}


def test_colors_for_a_gray_photo_keep_its_depth_and_its_light(pixels: Any) -> None:
    gray = pixels.Space("GRAYA", "F32", "Gray-D50-elle-V2-g10.icc").in_rgb()
    assert (gray.model, gray.depth, gray.transfer) == ("RGBA", "F32", "linear")
    own = pixels.Space("RGBA", "U16", "my profile")
    assert own.in_rgb() == own
