"""Find Scratches proposes a selection; Restore Old Photo removes what was found and colors the repaired photo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from huefill.errors import HuefillError
from huefill.server.wire import arrays_from_body, body_from_result
from huefill.tasks.contract import Context
from huefill.tasks.layer import composite
from huefill.tasks.restoration import find_scratches, restore_photo
from huefill_protocol.wire import RGBA
from tests.scans import scratched, share

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def scan() -> tuple[np.ndarray, np.ndarray]:
    whole = np.asarray(Image.open(ROOT / "examples/photos/parrots.png").convert("RGB"))
    return scratched(whole[30:286, 260:516])


@pytest.fixture(scope="module")
def restored(scan: tuple[np.ndarray, np.ndarray]) -> Any:
    return restore_photo.run(restore_photo.Request(scan[0]), Context())


@pytest.mark.parametrize("kind", ["u8", "u16", "f32", "gray", "alpha"])
def test_the_selection_is_the_same_in_every_depth_and_model(scan: tuple[np.ndarray, np.ndarray], kind: str) -> None:
    rgb, truth = scan
    image = {
        "u8": rgb,
        "u16": rgb.astype(np.uint16) * 257,
        "f32": rgb.astype(np.float32) / 255,
        "gray": rgb[..., :1],
        "alpha": np.dstack([rgb, np.full(truth.shape, 255, np.uint8)]),
    }[kind]
    result = find_scratches.run(find_scratches.Request(np.ascontiguousarray(image)), Context())
    assert result.layers == () and result.selection is not None and result.selection.dtype == np.uint8
    assert min(share(result.selection > 0, truth)) > 0.9
    assert set(np.unique(result.selection)) == {0, 255}


def test_nothing_is_selected_where_the_photo_is_transparent(scan: tuple[np.ndarray, np.ndarray]) -> None:
    alpha = np.full(scan[1].shape, 255, np.uint8)
    alpha[:128] = 0
    result = find_scratches.run(find_scratches.Request(np.dstack([scan[0], alpha])), Context())
    assert result.selection is not None and not result.selection[:128].any() and result.selection[128:].any()


def test_on_the_wire_a_selection_is_a_tensor_and_there_are_no_layers(scan: tuple[np.ndarray, np.ndarray]) -> None:
    result = find_scratches.run(find_scratches.Request(scan[0]), Context())
    tensors, values = arrays_from_body(b"".join(bytes(part) for part in body_from_result(result, RGBA)))
    assert set(tensors) == {"selection"} and values["layers"] == []
    assert np.array_equal(tensors["selection"], result.selection)


def test_a_scan_without_damage_is_said_to_have_none() -> None:
    result = find_scratches.run(find_scratches.Request(np.full((90, 90, 1), 99, np.uint8)), Context())
    assert result.selection is not None and not result.selection.any()
    assert [warning.code for warning in result.warnings] == ["no_scratches"]


@pytest.mark.parametrize("wrong", [{"sensitivity": 1.5}, {"sensitivity": float("nan")}, {"width": 900}, {"width": -1}, {"kinds": "blue"}])
def test_what_cannot_be_searched_for_is_a_sentence(wrong: dict[str, Any]) -> None:
    image = np.zeros((9, 9, 3), np.uint8)
    for kind, run in ((find_scratches.Request, find_scratches.run), (restore_photo.Request, restore_photo.run)):
        with pytest.raises(HuefillError) as caught:
            run(kind(image, **wrong), Context())
        assert caught.value.code == "bad_request"


def test_restoring_gives_the_repair_the_colors_and_hidden_what_was_found(restored: Any) -> None:
    assert [(layer.name, layer.visible) for layer in restored.layers] == [
        ("scratches removed", True),
        ("color", True),
        ("scratches found", False),
    ]
    assert restored.recipe["found"] and restored.recipe["networks"] and restored.recipe["hole_pixels"] > 0


def test_the_repair_changes_the_damage_alone_and_the_colors_are_of_the_repaired_photo(
    scan: tuple[np.ndarray, np.ndarray], restored: Any
) -> None:
    rgb, truth = scan
    repair, color, found = restored.layers
    repaired = composite(rgb, [repair])
    changed = (repaired != rgb).any(axis=2)
    assert share(changed, truth)[0] > 0.9
    assert rgb[truth].mean() > 240 and repaired[truth].mean() < 190
    assert color.image.shape == rgb.shape
    light = color.image @ np.array([0.2126, 0.7152, 0.0722])
    assert np.abs(light - repaired[..., 0])[truth].mean() < 12
    assert np.array_equal(found.alpha > 0, repair.alpha > 0)


def test_what_is_selected_is_removed_instead_of_what_would_be_found(scan: tuple[np.ndarray, np.ndarray]) -> None:
    mask = np.zeros(scan[1].shape, np.uint8)
    mask[40:50, 40:50] = 255
    result = restore_photo.run(restore_photo.Request(scan[0], mask), Context())
    assert not result.recipe["found"]
    x, y = result.layers[0].origin
    assert 36 <= x <= 40 and 36 <= y <= 40 and max(result.layers[0].alpha.shape) <= 18


def test_a_color_photo_is_repaired_and_keeps_its_colors_in_sight() -> None:
    photo = np.array(Image.open(ROOT / "examples/photos/parrots.png").convert("RGB"))[30:286, 260:516]
    photo[:, 80:82] = 255
    result = restore_photo.run(restore_photo.Request(photo), Context())
    assert [layer.visible for layer in result.layers] == [True, False, False]
    assert "own_colors" in [warning.code for warning in result.warnings]


def test_a_photo_without_damage_is_colored_alone() -> None:
    result = restore_photo.run(restore_photo.Request(np.full((120, 160, 1), 99, np.uint8)), Context())
    assert [layer.name for layer in result.layers] == ["color"]
    assert "no_scratches" in [warning.code for warning in result.warnings]
