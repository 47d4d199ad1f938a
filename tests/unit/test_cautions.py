"""What a person is told of a selection, a photo or a color, and the way of that from a task to the editors."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from huefill.imaging.surroundings import has_colors
from huefill.runtime.progress import Progress, Update
from huefill.server.wire import body_from_result
from huefill.tasks.colorization import cautions as of_colors
from huefill.tasks.colorization import colorize, match_colors
from huefill.tasks.colorization.colorizers.protocol import Distribution
from huefill.tasks.contract import Context
from huefill.tasks.inpainting import cautions as of_selections
from huefill.tasks.inpainting import recolor_selection, remove_object
from huefill_client.sentences import Sentence, done, told
from huefill_protocol.wire import RGBA, unpack

Array = np.ndarray


def texture(seed: int, color: tuple[int, int, int], size: tuple[int, int] = (160, 200)) -> Array:
    noise = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 60, (*size, 1)), (0, 0), 2)
    return np.clip(np.array(color) + noise[..., None], 0, 255).astype(np.uint8)


@pytest.fixture
def photo() -> Array:
    """A brown thing on a green ground."""
    ground, thing = texture(1, (90, 140, 80)), texture(2, (170, 90, 60))
    return np.where(disc()[..., None] > 0, thing, ground)


def disc(grown: int = 0) -> Array:
    mask = np.zeros((160, 200), np.uint8)
    return cv2.circle(mask, (100, 80), 32 + grown, 255, -1)


def left_half() -> Array:
    mask = disc(2)
    mask[:, 105:] = 0
    return mask


def test_a_selection_that_cuts_a_thing_is_warned_of_and_a_whole_one_is_not(photo: Array) -> None:
    assert of_selections.of_removal(photo, left_half(), "srgb") == [of_selections.CUT]
    for grown in (0, 3, 12):
        assert of_selections.of_removal(photo, disc(grown), "srgb") == []


def test_depth_gray_and_transparency_make_no_difference_to_what_is_warned_of(photo: Array) -> None:
    deep = photo.astype(np.uint16) * 257
    seen = np.concatenate([photo, np.full((160, 200, 1), 255, np.uint8)], 2)
    for image in (deep, photo.astype(np.float32) / 255, seen):
        assert of_selections.of_removal(image, left_half(), "srgb") == [of_selections.CUT]
        assert of_selections.of_removal(image, disc(2), "srgb") == []
    assert of_selections.of_removal(photo[..., :1], disc(2), "srgb") == []


def test_a_scratch_lies_on_things_and_is_not_warned_of(photo: Array) -> None:
    scratch = cv2.line(np.zeros((160, 200), np.uint8), (20, 20), (180, 140), 255, 4)
    assert of_selections.of_removal(photo, scratch, "srgb") == []


def test_a_piece_of_even_ground_is_not_warned_of(photo: Array) -> None:
    spot = cv2.circle(np.zeros((160, 200), np.uint8), (30, 30), 14, 255, -1)
    assert of_selections.of_removal(photo, spot, "srgb") == []


def test_more_than_half_of_the_photo_is_warned_of_and_less_is_not(photo: Array) -> None:
    mask = np.zeros((160, 200), np.uint8)
    mask[:, :120] = 255
    assert of_selections.of_removal(photo, mask, "srgb") == [of_selections.LARGE]
    mask[:, 90:] = 0
    assert of_selections.LARGE not in of_selections.of_removal(photo, mask, "srgb")


def test_what_is_transparent_does_not_count_as_photo(photo: Array) -> None:
    alpha = np.zeros((160, 200, 1), np.uint8)
    alpha[:, :60] = 255
    mask = np.zeros((160, 200), np.uint8)
    mask[:, :40] = 255
    assert of_selections.of_size(np.concatenate([photo, alpha], 2), mask) == [of_selections.LARGE]


def test_a_removal_warns_before_its_work_begins_and_with_its_result(photo: Array) -> None:
    updates: list[Update] = []
    context = Context(Progress(updates.append), "cpu")
    result = remove_object.run(remove_object.Request(photo, left_half(), engine="patch"), context)
    assert result.warnings == (of_selections.CUT,)
    assert updates[0].fraction == 0 and all(update.warnings == (of_selections.CUT,) for update in updates)
    assert remove_object.run(remove_object.Request(photo, disc(2), engine="patch"), Context(device="cpu")).warnings == ()


def test_repair_colors_warns_of_a_large_selection(photo: Array) -> None:
    mask = np.full((160, 200), 255, np.uint8)
    mask[:, 140:] = 0
    result = recolor_selection.run(recolor_selection.Request(photo, mask), Context(device="cpu"))
    assert result.warnings == (of_selections.LARGE,)


def test_a_photo_with_colors_is_told_from_gray_sepia_and_yellowed_ones(photo: Array) -> None:
    gray = np.repeat(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    light = gray.astype(np.float32) / 255
    sepia = light ** np.float32([0.85, 1, 1.25])
    yellowed = sepia * (1 - np.linspace(0, 0.06, 200, dtype=np.float32)[None, :, None] * np.float32([0, 0.5, 1]))
    assert has_colors(photo.astype(np.float32) / 255)
    assert not any(has_colors(np.asarray(one, np.float32)) for one in (light, sepia, yellowed))
    assert of_colors.of_photo(photo, "srgb") == [of_colors.COLORED]
    assert of_colors.of_photo(gray, "srgb") == [] == of_colors.of_photo(gray[..., :1], "srgb")


def test_colorize_warns_of_colors_that_are_there_and_match_colors_does_not(photo: Array) -> None:
    assert colorize.run(colorize.Request(photo), Context(device="cpu")).warnings == (of_colors.COLORED,)
    assert match_colors.run(match_colors.Request(photo, saturation=0.5), Context(device="cpu")).warnings == ()


def test_a_network_that_finds_very_different_colors_likely_is_unsure() -> None:
    apart = np.array([[60, 0], [-60, 0], [0, 60], [0, -60]], np.float32)
    even = np.full(4, 0.25, np.float32)
    assert of_colors.of_color(Distribution(apart, even), 50) == [of_colors.UNSURE]
    assert of_colors.of_color(Distribution(apart / 10, even), 50) == []
    assert of_colors.of_color(None, 50) == []


def test_black_and_white_places_are_told_of_before_doubts_on_their_colors() -> None:
    apart = np.array([[60, 0], [-60, 0], [0, 60], [0, -60]], np.float32)
    likely = Distribution(apart, np.full(4, 0.25, np.float32))
    assert of_colors.of_color(likely, 100) == [of_colors.TOO_LIGHT, of_colors.UNSURE]
    assert of_colors.of_color(likely, 0) == [of_colors.TOO_DARK, of_colors.UNSURE]
    gray = Distribution(np.zeros((1, 2), np.float32), np.ones(1, np.float32))
    assert of_colors.of_color(gray, 100) == []


def test_warnings_travel_to_the_client_with_the_result(photo: Array) -> None:
    result = remove_object.run(remove_object.Request(photo, left_half(), engine="patch"), Context(device="cpu"))
    _, values = unpack(b"".join(bytes(buffer) for buffer in body_from_result(result, RGBA)))
    cut = of_selections.CUT
    assert told(values["warnings"]) == (Sentence(cut.code, cut.message, cut.remedy),)
    _, without = unpack(b"".join(bytes(buffer) for buffer in body_from_result(replace(result, warnings=()), RGBA)))
    assert told(without["warnings"]) == () == told(None)


def test_done_says_what_is_to_be_known() -> None:
    assert done("Remove Object", (), "It took 2 s.") == Sentence("done", "Remove Object: done.", "It took 2 s.")
    one, other = Sentence("a", "One thing.", "Do this."), Sentence("b", "Another thing.", "Do that.")
    said = done("Remove Object", (one, other), "It took 2 s.")
    assert said == Sentence("done", "Remove Object: done. One thing.", "Do this. Another thing. Do that. It took 2 s.")
