"""Lightness of 8-bit colors, bit for bit: every color keeps the gray step that was meant."""

from __future__ import annotations

import numpy as np

from huefill.imaging.color_spaces import lab_to_light, lightness, linear_to_srgb, rgb_to_lab
from huefill.imaging.gamut import clip_to_gamut
from huefill.imaging.gray_levels import keep_gray_levels

GRAYS = lightness(np.repeat(np.arange(256, dtype=np.float32)[:, None] / np.float32(255), 3, 1))


def steps(values: np.ndarray) -> np.ndarray:
    return np.abs(values[..., None] - GRAYS).argmin(-1)


def test_no_color_of_the_gamut_crosses_to_another_gray() -> None:
    rng = np.random.default_rng(0)
    gray = rng.integers(0, 256, (400, 250))
    wanted = GRAYS[gray]
    angle, reach = rng.uniform(0, 2 * np.pi, gray.shape), rng.uniform(0, 130, gray.shape)
    ab = clip_to_gamut(wanted, np.stack([reach * np.cos(angle), reach * np.sin(angle)], -1).astype(np.float32))
    planes = np.rint(255 * linear_to_srgb(lab_to_light(wanted, ab))).astype(np.uint8)
    pixels = np.moveaxis(planes, 0, -1)
    before = pixels.copy()
    assert (steps(lightness(before / np.float32(255))) != gray).any()
    keep_gray_levels(planes, wanted)
    assert np.array_equal(steps(lightness(pixels / np.float32(255))), gray)
    # What was right stays, what was not moves by a step of a channel or two.
    right = steps(lightness(before / np.float32(255))) == gray
    assert np.array_equal(pixels[right], before[right])
    assert np.abs(pixels.astype(int) - before).max() == 1
    moved = np.abs(rgb_to_lab(pixels / np.float32(255)) - rgb_to_lab(before / np.float32(255)))[..., 1:]
    assert moved.max() < 8
