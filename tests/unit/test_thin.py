"""Thin strokes are filled across, in one pass, and nothing beside them changes."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest

from huefill.errors import Cancelled
from huefill.imaging.thin import THICKEST, fill_thin, thin_parts
from huefill.tasks.contract import ColorPoint, Context
from huefill.tasks.inpainting import remove_object


def edge(shape: tuple[int, int] = (200, 240)) -> np.ndarray:
    """Dark below a slanting edge, bright above, H W 3 in [0, 1]."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    return np.repeat(np.where(rows > 60 + 0.4 * columns, 0.25, 0.75)[..., None], 3, axis=2).astype(np.float32)


def test_an_edge_goes_on_across_a_scratch() -> None:
    photo = edge()
    hole = np.zeros(photo.shape[:2], bool)
    hole[:, 110:118] = True
    filled = np.where(hole[..., None], np.float32(1), photo)
    fill_thin(filled, hole, ~hole)
    assert np.array_equal(filled[~hole], photo[~hole])
    inside = hole & (cv2.GaussianBlur(photo[..., 0], (0, 0), 2) - photo[..., 0] == 0)
    assert np.abs(filled - photo)[hole].mean() < 0.02
    assert np.abs(filled - photo)[inside].max() < 0.02
    telea = cv2.inpaint(np.uint8(255 * np.where(hole[..., None], 1, photo)), np.uint8(255 * hole), 5, cv2.INPAINT_TELEA) / 255
    assert np.abs(filled - photo)[hole].mean() < 0.6 * np.abs(telea - photo)[hole].mean()


def test_a_fill_has_the_grain_of_what_is_beside_it() -> None:
    grain = np.random.default_rng(0).normal(0.5, 0.02, (160, 160, 1)).astype(np.float32)
    hole = np.zeros((160, 160), bool)
    hole[70:78] = True
    filled = grain.copy()
    filled[hole] = 0
    fill_thin(filled, hole, ~hole)
    assert 0.5 < filled[hole].std() / grain[~hole].std() < 1.3
    assert abs(float(filled[hole].mean()) - 0.5) < 0.01


def test_tiles_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    from huefill.imaging import thin

    photo = cv2.GaussianBlur(np.random.default_rng(3).uniform(0, 1, (300, 300, 3)).astype(np.float32), (0, 0), 6)
    hole = np.zeros((300, 300), bool)
    hole[:, 150:156] = True
    hole[40:44] = True
    whole, tiled = photo.copy(), photo.copy()
    fill_thin(whole, hole, ~hole)
    monkeypatch.setattr(thin, "_TILE", 64)
    fill_thin(tiled, hole, ~hole)
    assert np.abs(whole - tiled).mean() < 2e-3


def test_a_scratch_along_the_photos_edge_is_filled_from_the_one_side_that_there_is() -> None:
    photo = np.full((50, 60, 1), 0.4, np.float32)
    hole = np.zeros((50, 60), bool)
    hole[:, :4] = True
    photo[hole] = 1
    fill_thin(photo, hole, ~hole)
    assert np.abs(photo - 0.4).max() < 1e-3


def test_strokes_are_thin_also_where_they_cross_and_things_are_not() -> None:
    hole = np.zeros((400, 400), np.uint8)
    cv2.line(hole, (0, 100), (399, 110), 1, 10)
    cv2.line(hole, (100, 0), (110, 399), 1, 10)
    cv2.circle(hole, (300, 300), 30, 1, -1)
    thin = thin_parts(hole > 0)
    assert not thin[265:336, 265:336].any()
    assert np.array_equal(thin[:, :260], hole[:, :260] > 0)
    assert not thin_parts(np.ones((60, 60), bool)).any()
    assert thin_parts(np.zeros((60, 60), bool)).sum() == 0 and THICKEST == 16


def specks(shape: tuple[int, int], count: int) -> np.ndarray:
    mask, rng = np.zeros(shape, np.uint8), np.random.default_rng(0)
    for _ in range(count):
        cv2.circle(mask, (int(rng.integers(shape[1])), int(rng.integers(shape[0]))), int(rng.integers(1, 5)), 255, -1)
    return mask


def test_removing_a_thousand_specks_changes_those_pixels_and_no_other() -> None:
    photo = np.uint8(255 * cv2.GaussianBlur(np.random.default_rng(3).uniform(0, 1, (700, 900, 3)), (0, 0), 4))
    mask = specks((700, 900), 1000)
    begun = time.monotonic()
    result = remove_object.run(remove_object.Request(photo, mask), Context())
    assert time.monotonic() - begun < 60
    (layer,) = result.layers
    x, y = layer.origin
    covered = np.zeros(mask.shape, bool)
    covered[y : y + layer.alpha.shape[0], x : x + layer.alpha.shape[1]] = layer.alpha > 0
    assert np.array_equal(covered, mask > 0)
    assert [region["engine"] for region in result.recipe["regions"]] == ["strokes"]


def test_an_engine_that_is_named_and_a_color_that_is_said_are_heeded() -> None:
    photo = np.full((160, 160, 3), 120, np.uint8)
    photo[:, :, 0] = np.linspace(0, 255, 160)
    mask = np.zeros((160, 160), np.uint8)
    mask[80:84, 20:140] = 255
    for request in (
        remove_object.Request(photo, mask, engine="patch"),
        remove_object.Request(photo, mask, points=(ColorPoint(80, 82, (200, 30, 40)),)),
    ):
        regions = remove_object.run(request, Context()).recipe["regions"]
        assert "strokes" not in [region["engine"] for region in regions]


def test_filling_stops_when_asked() -> None:
    def stop(_: float) -> None:
        raise Cancelled

    hole = np.ones((40, 40), bool)
    with pytest.raises(Cancelled):
        fill_thin(np.zeros((40, 40, 1), np.float32), hole, ~hole, stop)


def test_texture_goes_on_across_a_scratch_nearer_to_the_truth_than_by_diffusion() -> None:
    rows, columns = np.mgrid[:160, :160]
    photo = np.repeat((0.5 + 0.2 * np.sin(rows / 2.0 + columns / 3.0))[..., None], 3, axis=2).astype(np.float32)
    hole = np.zeros((160, 160), bool)
    hole[:, 70:77] = True
    filled = np.where(hole[..., None], np.float32(0), photo)
    fill_thin(filled, hole, ~hole)
    blurred = cv2.inpaint(np.uint8(255 * photo), np.uint8(255 * hole), 5, cv2.INPAINT_TELEA) / 255
    assert np.array_equal(filled[~hole], photo[~hole])
    assert np.abs(filled - photo)[hole].mean() < 0.5 * np.abs(blurred - photo)[hole].mean()
