"""Match Colors by likeness, by the networks that are shipped, on the two halves of a photograph: the truth is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from huefill.errors import HuefillError
from huefill.imaging.color_spaces import rgb_to_lab
from huefill.imaging.metrics import psnr
from huefill.runtime.progress import Progress
from huefill.tasks.colorization import colorize, live, match_colors
from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.colorization.colorizers.hints_network import HintsNetwork
from huefill.tasks.colorization.guidance import Guidance, Reference
from huefill.tasks.colorization.pictures import Picture
from huefill.tasks.contract import ColorPoint, Context

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


def two_halves(name: str) -> tuple[np.ndarray, np.ndarray]:
    """The right half, which is to be colored, and the left one."""
    photo = np.asarray(Image.open(PHOTOS / name).convert("RGB").resize((480, 320), Image.Resampling.BOX))
    return np.ascontiguousarray(photo[:, 240:]), np.ascontiguousarray(photo[:, :240])


@pytest.fixture(scope="module")
def halves() -> tuple[np.ndarray, np.ndarray]:
    return two_halves("beach.png")


@pytest.fixture(scope="module")
def gray(halves: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    return np.asarray(Image.fromarray(halves[0]).convert("L"))[..., None]


@pytest.fixture
def network() -> HintsNetwork:
    chosen = registry.choose("auto", "cpu", "hints")
    assert isinstance(chosen, HintsNetwork)
    return chosen


def made(gray: np.ndarray, reference: np.ndarray, **more: Any) -> np.ndarray:
    return match_colors.run(match_colors.Request(gray, reference=reference, **more), Context(device="cpu")).layers[0].image


def lab(rgb: np.ndarray) -> np.ndarray:
    return rgb_to_lab(rgb.astype(np.float32) / 255)


def counted(network: HintsNetwork, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The shapes of the pictures that the encoder sees from now on."""
    seen: list[tuple[int, ...]] = []
    see: Callable[..., Any] = network._see

    def watched(lightness: np.ndarray) -> Any:
        seen.append(lightness.shape)
        return see(lightness)

    monkeypatch.setattr(network, "_see", watched)
    return seen


@pytest.mark.parametrize("name", ["beach.png", "jetty.jpg"])
def test_the_other_half_of_a_photo_gives_truer_colors_where_likeness_counts_than_by_histogram_alone(name: str) -> None:
    truth, reference = two_halves(name)
    image = np.asarray(Image.fromarray(truth).convert("L"))[..., None]
    both, histogram = (psnr(made(image, reference, match=way) / np.float32(255), truth / np.float32(255)) for way in ("auto", "histogram"))
    assert both > histogram + 0.5


def test_likeness_keeps_the_luminance_and_repeats_bit_for_bit(halves: tuple[np.ndarray, np.ndarray], gray: np.ndarray) -> None:
    one, other = (made(gray, halves[1]) for _ in range(2))
    assert np.array_equal(one, other)
    assert np.abs(lab(one)[..., 0] - lab(np.repeat(gray, 3, 2))[..., 0]).max() < 1


def test_a_reference_is_seen_once_for_two_photos_and_a_photo_once_for_two_references(
    halves: tuple[np.ndarray, np.ndarray], network: HintsNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (Reference.of(half) for half in halves)
    seen = counted(network, monkeypatch)
    states = [network.prepare(lab(half)[..., 0]) for half in halves]
    network.chroma(states[0], Guidance(reference=one))
    before = len(seen)
    network.chroma(states[0], Guidance(reference=one, saturation=0.4))
    network.chroma(states[1], Guidance(reference=one))
    assert len(seen) == before
    network.chroma(states[1], Guidance(reference=other))
    assert len(seen) == before + 1


@pytest.mark.parametrize(("asked", "used"), [("auto", "likeness"), ("likeness", "likeness"), ("histogram", "histogram")])
def test_the_recipe_says_how_the_reference_was_used_beside_what_was_asked_for(
    halves: tuple[np.ndarray, np.ndarray], gray: np.ndarray, asked: str, used: str
) -> None:
    recipe = match_colors.run(match_colors.Request(gray, reference=halves[1], match=asked), Context(device="cpu")).recipe
    assert (recipe["request"]["match"], recipe["matched"]) == (asked, used)


def test_without_a_reference_the_recipe_says_that_none_was_matched(gray: np.ndarray) -> None:
    assert match_colors.run(match_colors.Request(gray, saturation=0.4), Context(device="cpu")).recipe["matched"] is None


def test_points_are_exact_beside_a_reference_and_overrule_what_is_alike(halves: tuple[np.ndarray, np.ndarray], gray: np.ndarray) -> None:
    point = ColorPoint(120, 40, (200.0, 90.0, 160.0), 6)
    bare, pointed = made(gray, halves[1]), made(gray, halves[1], points=(point,))
    wanted = rgb_to_lab(np.array([[point.rgb]], np.float32) / 255)[0, 0, 1:]
    near = (slice(25, 55), slice(100, 140))
    assert np.abs(lab(pointed)[40, 120, 1:] - wanted).max() < 12  # as far as sRGB has it there
    assert (lab(pointed)[near][..., 1] - lab(bare)[near][..., 1]).mean() > 8
    far = (slice(260, 320), slice(180, 240))
    assert np.abs(lab(pointed)[far][..., 1:] - lab(bare)[far][..., 1:]).mean() < 2.5


def test_a_network_without_an_encoder_goes_by_the_histogram_alone_and_says_so_where_likeness_is_asked_for(
    halves: tuple[np.ndarray, np.ndarray], network: HintsNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, reference = network.prepare(lab(halves[0])[..., 0]), Reference.of(halves[1])
    histogram = network.chroma(state, Guidance(reference=reference, match="histogram")).ab
    assert not np.array_equal(network.chroma(state, Guidance(reference=reference)).ab, histogram)
    monkeypatch.setattr(network, "_encoder", None)
    state.alone.clear()
    made = network.chroma(state, Guidance(reference=reference))
    assert np.array_equal(made.ab, histogram) and made.matched == "histogram"
    with pytest.raises(HuefillError, match="cannot tell what is alike"):
        network.chroma(state, Guidance(reference=reference, match="likeness"))


def test_a_reference_that_is_almost_transparent_gives_the_colors_that_are_seen(gray: np.ndarray) -> None:
    reference = np.zeros((200, 300, 4), np.uint8)
    reference[90:110, 140:160] = (180, 60, 50, 255)
    assert lab(made(gray, reference, match="likeness"))[..., 1].mean() > 10


def test_live_gives_what_the_task_gives_for_each_way_to_match(halves: tuple[np.ndarray, np.ndarray], gray: np.ndarray) -> None:
    opened = live.open_live(colorize.Request(gray), "cpu")
    name = opened.add_picture(Picture(reference=halves[1]))
    for way in ("likeness", "auto", "histogram", "auto"):
        preview = opened.preview(live.Hints(reference=name, match=way, longest=320), Progress()).tensors["preview"]
        assert np.abs(preview.astype(int) - made(gray, halves[1], match=way)).max() <= 8
        assert np.array_equal(
            opened.apply(live.Hints(reference=name, match=way))(Context(device="cpu")).layers[0].image, made(gray, halves[1], match=way)
        )
