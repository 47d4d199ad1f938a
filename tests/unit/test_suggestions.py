"""Suggested colors: weighted K-means of a distribution, on distributions whose answer is known and on real photographs."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from huefill.imaging.color_spaces import ciede2000, rgb_to_lab
from huefill.runtime.progress import Progress
from huefill.tasks.colorization import cautions, colorize, live, palette
from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.colorization.colorizers.protocol import Distribution
from huefill.tasks.colorization.guidance import Guidance
from huefill.tasks.colorization.prepared_photo import PreparedPhoto
from huefill.tasks.colorization.suggestions import clusters, suggested_colors
from huefill.tasks.contract import ColorPoint, Context

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


def test_two_heaps_give_two_centers_at_their_weighted_means() -> None:
    places = np.array([[-50, 0], [-40, 0], [60, 20], [60, 30]], np.float32)
    weights = np.array([0.3, 0.1, 0.4, 0.2], np.float32)
    centers, shares = clusters(places, weights, 2)
    np.testing.assert_allclose(centers, [[60, 20 + 10 / 3], [-47.5, 0]], rtol=1e-5)
    np.testing.assert_allclose(shares, [0.6, 0.4], rtol=1e-5)


def test_what_has_no_weight_moves_no_center() -> None:
    places = np.array([[0, 0], [10, 0], [100, 100]], np.float32)
    centers, shares = clusters(places, np.array([0.5, 0.5, 0], np.float32), 1)
    np.testing.assert_allclose(centers, [[5, 0]])
    np.testing.assert_allclose(shares, [1])


def test_no_more_centers_than_places() -> None:
    places = np.array([[0, 0], [10, 0]], np.float32)
    assert len(clusters(places, np.array([0.5, 0.5], np.float32), 9)[0]) == 2


def test_suggestions_keep_the_pixels_lightness_and_are_colors_that_srgb_has() -> None:
    ab = np.array([[90, 80], [-90, 60], [0, -110]], np.float32)
    found = suggested_colors(Distribution(ab, np.array([0.2, 0.5, 0.3], np.float32)), 62.0, 3)
    assert [item["probability"] for item in found] == [0.5, 0.3, 0.2]
    for item in found:
        assert all(0 <= value <= 255 for value in item["rgb"])
        assert abs(rgb_to_lab(np.array([[item["rgb"]]], np.float32) / 255)[0, 0, 0] - 62) < 0.5


def photo(name: str, exposed: float = 1.0) -> np.ndarray:
    """H W 1 uint8; ``exposed`` 2 is twice the values, clipped as a burnt-out sky is."""
    gray = cv2.resize(cv2.imread(str(PHOTOS / name), cv2.IMREAD_GRAYSCALE), (384, 256), interpolation=cv2.INTER_AREA)
    return np.clip(gray.astype(np.float32) * exposed, 0, 255).astype(np.uint8)[..., None]


def suggested(image: np.ndarray, x: float, y: float) -> tuple[list[dict[str, Any]], list[str]]:
    result = palette.run(palette.Request(image, x, y), Context(device="cpu"))
    return result.recipe["palette"], [warning.code for warning in result.warnings]


def closest(colors: list[dict[str, Any]]) -> float:
    """CIEDE2000 between the two most alike."""
    lab = rgb_to_lab(np.array([item["rgb"] for item in colors], np.float32)[None] / 255)
    return min(float(ciede2000(lab[:, i], lab[:, j])[0]) for i, j in combinations(range(len(colors)), 2))


@pytest.mark.parametrize("warmer", [0, 10, 40])
@pytest.mark.parametrize("lightness", [0.0, 3.0, 10.0, 50.0, 90.0, 97.0, 98.5, 100.0])
def test_any_two_suggestions_are_distinct_to_the_eye(lightness: float, warmer: int) -> None:
    axis = np.arange(-60, 61, 10, dtype=np.float32)
    ab = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    weight = np.exp(-((ab - [0, warmer]) ** 2).sum(1) / (2 * 20.0**2)).astype(np.float32)
    found = suggested_colors(Distribution(ab, weight / weight.sum()), lightness, 9)
    assert 4 <= len(found) <= 9
    assert closest(found) > 2.5  # 3 before they were rounded to bytes
    chances = [item["probability"] for item in found]
    assert chances == sorted(chances, reverse=True) and 0.95 < sum(chances) < 1.01


def test_colors_that_look_alike_at_this_lightness_make_room_for_the_next_likely_ones() -> None:
    # sRGB ends at the same yellow for the first two; a tenth color waits.
    ab = np.array([[-12, 95], [-12, 105], [0, 10], [0, 30], [-20, 10], [-20, 30], [-10, -4], [-20, 50], [0, 0], [-35, 20]], np.float32)
    weight = np.array([0.2, 0.2, 0.1, 0.1, 0.08, 0.08, 0.06, 0.06, 0.06, 0.06], np.float32)
    found = suggested_colors(Distribution(ab, weight), 90.0, 9)
    assert len(found) == 9 and closest(found) > 2.5
    assert found[0]["probability"] == 0.4 and found[0]["lightness"] == 90


def test_where_there_are_no_more_distinct_colors_fewer_are_offered() -> None:
    ab = np.array([[0, 0], [1, 0], [0, 1], [40, 30]], np.float32)
    found = suggested_colors(Distribution(ab, np.array([0.4, 0.2, 0.2, 0.2], np.float32)), 50.0, 9)
    assert [item["probability"] for item in found] == [0.8, 0.2]


@pytest.mark.parametrize("place", [(40, 200), (200, 130), (330, 60), (100, 100), (300, 220)])
def test_in_the_mid_tones_of_a_photo_the_nine_likeliest_are_offered_in_their_order(place: tuple[int, int]) -> None:
    image = photo("parrots-gray.jpg")
    prepared = PreparedPhoto(image, "srgb")
    assert 25 < prepared.lightness_at(*place) < 75
    likely = prepared.suggestions(registry.choose("auto", "cpu"), Guidance(), place)
    assert likely is not None
    centers, shares = clusters(likely.ab, likely.probability, 9)
    found, warned = suggested(image, *place)
    assert [item["probability"] for item in found] == [round(float(share), 4) for share in shares]
    assert all(np.hypot(*item["ab"]) <= np.hypot(*center) + 0.1 for item, center in zip(found, centers, strict=True))
    assert not {"too_light", "too_dark"} & set(warned)


def test_a_white_sky_is_told_of_and_offered_what_it_would_be_a_little_darker() -> None:
    image = photo("beach.png", 1.7)
    assert (image[20, 190] == 255).all()
    found, warned = suggested(image, 190, 20)
    assert warned[0] == "too_light" and len(found) == 9 and closest(found) > 2.5
    assert all(70 < item["lightness"] <= 90 for item in found)
    lightness = rgb_to_lab(np.array([item["rgb"] for item in found], np.float32)[None] / 255)[..., 0]
    assert np.abs(lightness - found[0]["lightness"]).max() < 1


def test_a_black_coat_is_told_of_and_offered_what_it_would_be_a_little_lighter() -> None:
    image = 255 - photo("beach.png", 1.7)
    found, warned = suggested(image, 190, 20)
    assert warned[0] == "too_dark" and len(found) == 9 and closest(found) > 2.5
    assert all(20 <= item["lightness"] < 40 for item in found)


def test_a_white_place_stays_white_and_what_is_darker_around_it_takes_the_color_as_the_caution_says() -> None:
    image = photo("beach.png", 1.7)
    opened = live.open_live(colorize.Request(image), "cpu")
    bare = opened.preview(live.Hints(palette_at=(190, 20), longest=384), Progress())
    offered = max(bare.values["palette"], key=lambda item: -item["ab"][1])  # the bluest
    point = ColorPoint(190, 20, tuple(map(float, offered["rgb"])), 8)
    pointed = opened.preview(live.Hints((point,), longest=384), Progress())
    before, after = (preview.tensors["preview"].astype(int) for preview in (bare, pointed))
    assert (after[20, 190] >= 253).all()
    near = (slice(0, 90), slice(100, 280))
    darker = (image[near][..., 0] > 190) & (image[near][..., 0] < 245)
    bluer = (after[near] - before[near])[darker] @ [-0.5, -0.5, 1]
    assert darker.sum() > 50 and bluer.mean() > 2
    assert pointed.values["out_of_gamut"] == [0]


def test_live_says_of_a_white_place_what_the_task_says() -> None:
    image = photo("beach.png", 1.7)
    values = live.open_live(colorize.Request(image), "cpu").preview(live.Hints(palette_at=(190, 20)), Progress()).values
    found, warned = suggested(image, 190, 20)
    assert values["palette"] == found
    assert [item["code"] for item in values["warnings"]] == warned
    assert values["warnings"][0] == cautions.TOO_LIGHT.to_wire()
