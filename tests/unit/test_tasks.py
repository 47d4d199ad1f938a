"""The tasks on a real photograph: local, in every depth, with alpha, gray stays gray, and clear words for what cannot be done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from huefill.errors import Cancelled, HuefillError
from huefill.imaging.metrics import psnr
from huefill.runtime.progress import Progress, Update
from huefill.tasks import registry
from huefill.tasks.contract import ColorPoint, Context, request_from_wire, request_to_wire
from huefill.tasks.inpainting import extend_canvas as extend
from huefill.tasks.inpainting import recolor_selection as recolor
from huefill.tasks.inpainting import remove_object
from huefill.tasks.layer import composite

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return np.asarray(Image.open(PHOTOS / "parrots.png").resize((216, 144)).convert("RGB"))


@pytest.fixture(scope="module")
def mask() -> np.ndarray:
    mask = np.zeros((144, 216), np.uint8)
    mask[50:76, 90:128] = 255
    return mask


def in_form(photo: np.ndarray, dtype: type, channels: int) -> np.ndarray:
    rgb = photo.astype(np.float64) / 255
    colors = rgb if channels >= 3 else rgb.mean(-1, keepdims=True)
    image = colors if channels in (1, 3) else np.concatenate([colors, np.ones((*rgb.shape[:2], 1))], axis=2)
    return image.astype(np.float32) if dtype is np.float32 else np.rint(image * np.iinfo(dtype).max).astype(dtype)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_remove_changes_nothing_outside_its_band_in_any_form(photo: np.ndarray, mask: np.ndarray, dtype: type, channels: int) -> None:
    image = in_form(photo, dtype, channels)
    result = remove_object.run(remove_object.Request(image, mask, engine="patch"), Context())
    after = composite(image, result.layers)
    assert after.dtype == image.dtype and after.shape == image.shape
    reach = result.recipe["rim"] + result.recipe["band"] + 1
    far = np.ones(mask.shape, bool)
    far[50 - reach : 76 + reach, 90 - reach : 128 + reach] = False
    assert np.array_equal(after[far], image[far])
    assert (after[mask > 0] != image[mask > 0]).mean() > 0.2
    assert result.layers[0].image.shape[2] == (1 if channels < 3 else 3)


def test_remove_beats_a_flat_fill() -> None:
    beach = np.asarray(Image.open(PHOTOS / "beach.png").convert("RGB"))[60:320, 420:760]
    mask = np.zeros(beach.shape[:2], np.uint8)
    mask[60:190, 150:180] = 255
    result = remove_object.run(remove_object.Request(beach, mask, engine="patch"), Context())
    after = composite(beach, result.layers) / 255
    flat = beach / 255
    flat[mask > 0] = flat[mask == 0].mean(0)
    hole = mask > 0
    assert psnr(after, beach / 255, hole) > psnr(flat, beach / 255, hole) + 1


def test_what_is_in_the_hole_does_not_matter(photo: np.ndarray, mask: np.ndarray) -> None:
    other = photo.copy()
    other[mask > 0] = (255, 0, 255)
    request = remove_object.Request(photo, mask, engine="patch", rim=0, band=0)
    first = remove_object.run(request, Context())
    second = remove_object.run(remove_object.Request(other, mask, engine="patch", rim=0, band=0), Context())
    assert np.array_equal(first.layers[0].image, second.layers[0].image)


def test_the_cost_follows_the_selection_and_not_the_photo(photo: np.ndarray) -> None:
    large = np.tile(photo, (14, 14, 1))
    mask = np.zeros(large.shape[:2], np.uint8)
    mask[1000:1020, 1500:1530] = 255
    result = remove_object.run(remove_object.Request(large, mask, engine="patch"), Context())
    area = result.recipe["area"]
    assert area[2] * area[3] < 300 * 300
    assert result.layers[0].alpha.shape[0] < 60 and result.layers[0].alpha.shape[1] < 70


def test_transparent_surroundings_are_not_copied_from(photo: np.ndarray, mask: np.ndarray) -> None:
    image = np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)])
    image[:, 140:] = (0, 255, 0, 0)
    result = remove_object.run(remove_object.Request(image, mask, engine="patch"), Context())
    green = (result.layers[0].image[..., 1].astype(int) > 240) & (result.layers[0].image[..., 0] < 15) & (result.layers[0].coverage > 0.5)
    assert not green.any()


def test_a_gray_photo_in_an_rgb_document_stays_gray(photo: np.ndarray, mask: np.ndarray) -> None:
    gray = np.repeat(in_form(photo, np.uint8, 1), 3, axis=2)
    result = remove_object.run(remove_object.Request(gray, mask, engine="patch"), Context())
    covered = result.layers[0].alpha > 0
    assert np.ptp(result.layers[0].image[covered].astype(int), axis=-1).max() == 0


def test_recolor_keeps_luminance_and_forgets_the_old_colors(photo: np.ndarray, mask: np.ndarray) -> None:
    wrong = photo.copy()
    weights = np.array([0.30, 0.59, 0.11])
    wrong[mask > 0] = np.rint(photo[mask > 0] @ weights)[:, None]
    result = recolor.run(recolor.Request(wrong, mask), Context())
    after = composite(wrong, result.layers)
    assert np.abs(after @ weights - wrong @ weights).max() < 1.5
    hole = mask > 0
    assert psnr(after / 255, photo / 255, hole) > psnr(wrong / 255, photo / 255, hole) + 2


def test_a_color_point_has_its_color_in_the_result(photo: np.ndarray, mask: np.ndarray) -> None:
    gray = photo @ np.array([0.30, 0.59, 0.11])
    hint = np.clip(gray[62, 108] + np.array([60, -30, -3]), 0, 255)  # a color of that pixel's own luminance
    point = ColorPoint(108, 62, (float(hint[0]), float(hint[1]), float(hint[2])), 2)
    result = recolor.run(recolor.Request(photo, mask, points=(point,)), Context())
    assert np.abs(composite(photo, result.layers)[62, 108].astype(float) - hint).max() < 6


def test_extend_fills_what_is_transparent_and_keeps_the_photo(photo: np.ndarray) -> None:
    image = np.zeros((144, 260, 4), np.uint8)
    image[:, 44:, :3], image[:, 44:, 3] = photo, 255
    result = extend.run(extend.Request(image, engine="patch"), Context())
    after = composite(image, result.layers)
    assert (after[..., 3] == 255).all()
    assert np.array_equal(after[:, 52:], image[:, 52:])
    assert after[:, :40, :3].std() > 5


def test_a_request_survives_the_wire(photo: np.ndarray, mask: np.ndarray) -> None:
    request = remove_object.Request(photo, mask, (ColorPoint(1, 2, (3, 4, 5), 6),), seed=9, rim=3)
    tensors, values = request_to_wire(request)
    again = request_from_wire(remove_object.Request, tensors, values)
    assert np.array_equal(again.image, photo) and np.array_equal(again.mask, mask)
    assert (again.points, again.seed, again.rim, again.band) == (request.points, 9, 3, None)


def test_a_task_reports_from_nothing_to_the_end_and_never_backwards(photo: np.ndarray, mask: np.ndarray) -> None:
    seen: list[Update] = []
    remove_object.run(remove_object.Request(photo, mask, engine="patch"), Context(Progress(seen.append)))
    fractions = [update.fraction for update in seen]
    assert fractions[0] == 0 and fractions == sorted(fractions) and fractions[-1] == pytest.approx(1)


@pytest.mark.parametrize("at", [0.0, 0.2, 0.5, 0.8])
def test_a_task_can_be_stopped_wherever_it_is(photo: np.ndarray, mask: np.ndarray, at: float) -> None:
    seen: list[Update] = []
    progress = Progress(seen.append, lambda: bool(seen) and seen[-1].fraction >= at)
    with pytest.raises(Cancelled):
        remove_object.run(remove_object.Request(photo, mask, engine="patch"), Context(progress))
    assert seen[-1].fraction < 1 and all(update.fraction < at for update in seen[:-1])


def test_a_float_layer_holds_numbers_alone_whatever_the_photo_holds(photo: np.ndarray) -> None:
    # Two parts, so that the layer has corners that it does not cover.
    mask = np.zeros(photo.shape[:2], np.uint8)
    mask[10:16, 10:16] = mask[60:66, 80:86] = 255
    image = (photo / 255).astype(np.float32)
    image[::7, ::5] = np.nan
    image[1::9, ::6] = np.inf
    (one,) = remove_object.run(remove_object.Request(image, mask, engine="patch"), Context()).layers
    assert np.isfinite(one.pixels).all()


def everything(photo: np.ndarray) -> np.ndarray:
    return np.full(photo.shape[:2], 255, np.uint8)


@pytest.mark.parametrize(
    ("task", "fields", "code"),
    [
        ("remove_object", {"mask": lambda photo: np.zeros(photo.shape[:2], np.uint8)}, "empty_mask"),
        ("remove_object", {"mask": lambda photo: np.zeros((3, 3), np.uint8)}, "mask_size"),
        ("remove_object", {"mask": everything}, "nothing_known"),
        ("remove_object", {"mask": everything, "engine": "magic"}, "unknown_engine"),
        ("remove_object", {"mask": everything, "rim": -1}, "bad_request"),
        ("remove_object", {"mask": everything, "image": lambda photo: photo.astype(np.float64)}, "bad_image"),
        ("remove_object", {"mask": everything, "seed": -1}, "bad_request"),
        ("remove_object", {"mask": everything, "seed": 1 << 64}, "bad_request"),
        ("recolor_selection", {"mask": everything, "seed": -1}, "bad_request"),
        ("recolor_selection", {"mask": everything}, "nothing_known"),
        ("recolor_selection", {"mask": everything, "image": lambda photo: photo[..., :1]}, "gray_image"),
        ("extend_canvas", {}, "no_alpha"),
        ("extend_canvas", {"image": lambda photo: np.dstack([photo, everything(photo)])}, "nothing_transparent"),
        ("extend_canvas", {"image": lambda photo: np.dstack([photo, everything(photo) * 0])}, "all_transparent"),
    ],
)
def test_what_cannot_be_done_is_said(photo: np.ndarray, task: str, fields: dict[str, Any], code: str) -> None:
    kind, run = registry.load(task)
    values = {name: value(photo) if callable(value) else value for name, value in fields.items()}
    with pytest.raises(HuefillError) as caught:
        run(kind(**{"image": photo, **values}), Context())
    assert caught.value.code == code
    assert caught.value.message.endswith(".")


def test_an_unknown_task_is_said() -> None:
    with pytest.raises(HuefillError, match="no task 'paint'"):
        registry.load("paint")
