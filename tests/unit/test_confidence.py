"""The picture says where its colors are unsure: softly, more where they are wrong, and not where a person has said them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from scipy.stats import spearmanr

from huefill.imaging.color_spaces import rgb_to_lab
from huefill.runtime.progress import Progress
from huefill.tasks.colorization import colorize, live
from huefill.tasks.colorization.colorizers.confidence import steadiness, with_hints
from huefill.tasks.contract import ColorPoint

EXAMPLES = Path(__file__).parents[2] / "examples" / "photos"
PHOTOS = ("parrots.png", "beach.png", "jetty.jpg")
METHODS = ("hints", "anchors")
RED = (200, 40, 40)


def read(name: str) -> np.ndarray:
    image = Image.open(EXAMPLES / name).convert("RGB")
    image.thumbnail((480, 480))
    return np.asarray(image)


def sure_of(gray: np.ndarray, method: str, *points: ColorPoint, longest: int = 480) -> tuple[np.ndarray, np.ndarray]:
    photo = live.open_live(colorize.Request(gray), "cpu")
    shown = photo.preview(live.Hints(points, method=method, confidence=True, longest=longest), Progress())
    return shown.tensors["confidence"].astype(int), shown.tensors["preview"]


def test_the_wider_the_likely_colors_lie_apart_the_less_sure_is_the_place() -> None:
    ab = np.array([[0, 0], [10, 0], [60, 0], [-60, 0]], np.float32)
    chances = np.array([[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.5, 0, 0.5, 0], [0, 0, 0.5, 0.5]], np.float32)
    sure = steadiness(ab, chances)
    assert sure[0] == 1 and sure[0] > sure[1] > 0.9 and sure[1] > sure[2] > sure[3] and sure[3] < 0.01


@pytest.mark.parametrize("method", METHODS)
def test_colors_are_wronger_where_the_network_is_less_sure(method: str) -> None:
    found = []
    for name in PHOTOS:
        photo = read(name)
        sure, shown = sure_of(np.asarray(Image.fromarray(photo).convert("L"))[..., None], method)
        assert sure.shape == photo.shape[:2] and np.ptp(sure) > 30
        error = np.linalg.norm((rgb_to_lab(shown / np.float32(255)) - rgb_to_lab(photo / np.float32(255)))[..., 1:], axis=2)
        found.append(spearmanr(255 - sure.ravel(), error.ravel()).statistic)
    assert np.mean(found) > 0.1, found


@pytest.mark.parametrize("method", METHODS)
def test_where_the_photo_is_soft_the_map_is_soft(method: str) -> None:
    soft = cv2.GaussianBlur(np.asarray(Image.open(EXAMPLES / "jetty.jpg").convert("L").resize((480, 320))), (0, 0), 12)[..., None]
    sure, _ = sure_of(soft, method)
    steps = max(int(np.abs(np.diff(sure, axis=axis)).max()) for axis in (0, 1))
    assert np.ptp(sure) > 20 and steps <= 5


@pytest.mark.parametrize("method", METHODS)
def test_a_person_who_says_a_color_is_sure_of_it_and_no_place_becomes_less_sure(method: str) -> None:
    gray = np.asarray(Image.fromarray(read("parrots.png")).convert("L"))[..., None]
    before, _ = sure_of(gray, method)
    after, _ = sure_of(gray, method, ColorPoint(240.0, 130.0, RED, 6.0))
    assert before[130, 240] < 200 and after[130, 240] > 245
    assert (after - before).min() > -25  # what rises beside an edge may swing a little


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(40, 300), (300, 33), (20, 20)])
def test_a_map_comes_for_any_shape_and_for_a_preview_smaller_than_what_the_network_sees(method: str, shape: tuple[int, int]) -> None:
    gray = np.random.default_rng(0).integers(0, 256, (*shape, 1), np.uint8)
    for longest in (16, 480):
        sure, shown = sure_of(gray, method, longest=longest)
        assert sure.shape == shown.shape[:2]


def test_without_a_map_of_what_is_alike_the_hints_alone_are_sure() -> None:
    mask = np.zeros((64, 96), bool)
    mask[20, 30] = True
    raised = with_hints(np.full((16, 24), 0.3, np.float32), None, np.zeros((64, 96, 2), np.float32), mask)
    assert raised[5, 7] == 1 and (raised == np.float32(0.3)).sum() == raised.size - 1
