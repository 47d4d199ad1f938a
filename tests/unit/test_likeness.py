"""Colors by likeness: on maps whose answer is known, and what a reference keeps for it."""

from __future__ import annotations

import numpy as np
import pytest

from huefill.imaging.likeness import Matched, Places, matched
from huefill.tasks.colorization.guidance import Reference

SKY, GRASS = (4.0, -40.0), (-30.0, 40.0)


def maps(kinds: np.ndarray, channels: int = 130, seed: int = 3) -> list[np.ndarray]:
    """Two maps C h w in which each kind (h w of numbers) has a look of its own, the coarser at half the size, a little noisy."""
    rng = np.random.default_rng(seed)
    looks = rng.normal(0, 1, (8, channels)).astype(np.float32)
    noise = np.random.default_rng(seed + int(kinds.sum())).normal(0, 0.2, (channels, *kinds.shape)).astype(np.float32)
    fine = np.moveaxis(looks[kinds], 2, 0) + noise
    return [fine, np.ascontiguousarray(fine[:, ::2, ::2])]


def two(first: int, second: int, sideways: bool = False) -> np.ndarray:
    kinds = np.full((16, 16), first)
    kinds[8:] = second
    return np.ascontiguousarray(kinds.T) if sideways else kinds


def seen(kinds: np.ndarray, lightness: float = 50.0) -> Places:
    return Places.of(np.full((128, 128), lightness, np.float32), maps(kinds))


def colors(kinds: np.ndarray) -> np.ndarray:
    return np.array([SKY, GRASS], np.float32)[kinds.ravel() % 2]


def test_each_place_takes_the_colors_of_what_is_like_it_wherever_that_lies() -> None:
    reference = two(0, 1)
    for target in (two(0, 1), two(1, 0), two(1, 0, sideways=True)):
        found = matched(seen(target), seen(reference), colors(reference), np.ones(256, bool))
        assert found.ab.shape == (16, 16, 2) and found.share.shape == (16, 16)
        inner = np.abs(np.gradient(target.astype(float))).sum(0) == 0
        error = np.abs(found.ab - colors(target).reshape(16, 16, 2)).max(2)
        assert error[inner].max() < 8


def test_a_reference_that_shows_something_else_is_trusted_less() -> None:
    alike, other = (matched(seen(two(0, 1)), seen(kinds), colors(kinds), np.ones(256, bool)) for kinds in (two(0, 1), two(4, 5)))
    assert alike.share.min() > 0.8
    assert other.share.max() < 0.5 * alike.share.min()


def test_what_is_transparent_gives_no_color() -> None:
    reference = two(0, 1)
    found = matched(seen(two(0, 1)), seen(reference), colors(reference), (reference == 1).ravel())
    np.testing.assert_allclose(found.ab, np.broadcast_to(np.array(GRASS, np.float32), (16, 16, 2)), atol=1e-3)
    with pytest.raises(ValueError, match="no place"):
        matched(seen(two(0, 1)), seen(reference), colors(reference), np.zeros(256, bool))


def test_of_two_that_look_alike_the_one_of_the_same_lightness_counts() -> None:
    kinds = two(0, 1, sideways=True)
    shade = np.repeat(np.repeat(np.where(two(0, 1) == 0, 85.0, 25.0), 8, 0), 8, 1).astype(np.float32)
    reference = Places.of(shade, maps(kinds))
    found = matched(seen(kinds, 85.0), reference, colors(two(0, 1)), np.ones(256, bool))
    assert found.ab[..., 1].mean() < -30


def test_the_same_pictures_give_the_same_bits() -> None:
    reference = two(0, 1)
    one, other = (matched(seen(two(1, 0)), seen(reference), colors(reference), np.ones(256, bool)) for _ in range(2))
    assert np.array_equal(one.ab, other.ab) and np.array_equal(one.share, other.share)


def test_mixing_goes_as_far_as_the_share_or_all_the_way() -> None:
    ab = np.zeros((4, 4, 2), np.float32)
    found = Matched(np.full((4, 4, 2), 20.0, np.float32), np.full((4, 4), 0.25, np.float32))
    assert np.all(found.mixed(ab) == 5) and np.all(found.mixed(ab, alone=True) == 20)


def test_lifting_follows_the_edges_of_the_photo() -> None:
    lightness = np.full((128, 96), 30, np.float32)
    lightness[60:] = 70
    small = np.zeros((16, 12, 2), np.float32)
    small[:7, :, 0], small[7, :, 0] = 20, 10
    found = Matched(small, np.full((16, 12), 0.5, np.float32)).lifted(lightness)
    assert found.ab.shape == (128, 96, 2) and found.share.shape == (128, 96)
    assert found.ab[59, 40, 0] > 13 and found.ab[60, 40, 0] < 7
    assert np.allclose(found.share, 0.5, atol=1e-5)


def test_a_reference_is_seen_once_by_each_network() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (300, 500, 3), np.uint8)
    reference, calls = Reference.of(picture), list[str]()

    def see(lightness: np.ndarray) -> Places:
        calls.append("x")
        return Places.of(lightness, [np.zeros((3, 4, 4), np.float32)])

    before = reference.bytes
    assert reference.places("a", see) is reference.places("a", see) and len(calls) == 1
    assert reference.bytes > before
    reference.places("b", see)
    assert len(calls) == 2


def test_a_reference_keeps_a_small_picture_and_where_it_is_transparent() -> None:
    picture = np.full((600, 900, 4), 200, np.uint8)
    picture[..., 3] = 255
    picture[:, :450, 3] = 0
    reference = Reference.of(picture)
    height, width = reference.visible.shape
    assert reference.lab.shape == (height, width, 3) and height * width < 1.01 * 256 * 256
    assert not reference.visible[:, : width // 2 - 1].any() and reference.visible[:, width // 2 + 1 :].all()
