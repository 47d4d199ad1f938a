"""Colorize with Points, Match Colors and palette as tasks, on real photographs and on what a person may do wrong."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from huefill.errors import Cancelled, HuefillError
from huefill.imaging.color_spaces import ciede2000, rgb_to_lab
from huefill.imaging.gamut import clip_to_gamut
from huefill.runtime.progress import Progress
from huefill.tasks.colorization import colorize as colorize_points
from huefill.tasks.colorization import live as colorize_live
from huefill.tasks.colorization import match_colors, palette
from huefill.tasks.contract import ColorPoint, Context, request_from_wire, request_to_wire

PARROTS = Path(__file__).parents[2] / "examples" / "photos" / "parrots.png"
CPU = Context(device="cpu")
POINTS = (
    ColorPoint(60, 70, (150.0, 60.0, 50.0), 3),
    ColorPoint(180, 40, (70.0, 90.0, 50.0), 0),
    ColorPoint(130.4, 100.7, (90.0, 90.0, 140.0), 5),
)


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    """H W 3 uint8, in color."""
    return np.asarray(Image.open(PARROTS).convert("RGB").resize((240, 160), Image.Resampling.BOX))


@pytest.fixture(scope="module")
def gray(photo: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(photo).convert("L"))[..., None]


def lab(rgb: np.ndarray) -> np.ndarray:
    full = 1.0 if rgb.dtype == np.float32 else np.iinfo(rgb.dtype).max
    return rgb_to_lab(np.asarray(rgb[..., :3] / np.float32(full), np.float32))


def deep(gray: np.ndarray, dtype: type) -> np.ndarray:
    return (gray / 255).astype(np.float32) if dtype is np.float32 else gray.astype(dtype) * (257 if dtype is np.uint16 else 1)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_luminance_stays_in_every_depth_and_with_every_kind_of_channels(gray: np.ndarray, dtype: type, channels: int) -> None:
    image = deep(gray, dtype)
    top = 1.0 if dtype is np.float32 else np.iinfo(dtype).max
    image = np.repeat(image, 3, 2) if channels >= 3 else image
    if channels % 2 == 0:
        image = np.concatenate([image, np.full((*image.shape[:2], 1), top, image.dtype)], 2)
    result = colorize_points.run(colorize_points.Request(image, POINTS), CPU)
    assert result.layers[0].image.shape == (160, 240, 3) and result.layers[0].image.dtype == image.dtype
    error = np.abs(lab(result.layers[0].image)[..., 0] - lab(np.repeat(deep(gray, dtype), 3, 2))[..., 0])
    # An 8-bit gray has steps of about 0.39 in L*: half of one is a rounding; deeper documents keep it far more exactly.
    assert error.max() < (0.3 if dtype is np.uint8 else 0.02)


def test_the_gray_of_an_8_bit_photo_comes_back_bit_for_bit(gray: np.ndarray) -> None:
    result = colorize_points.run(colorize_points.Request(gray, POINTS), CPU)
    lightness = lab(result.layers[0].image)[..., 0]
    steps = rgb_to_lab(np.repeat(np.arange(256, dtype=np.float32)[:, None, None] / 255, 3, 2))[:, 0, 0]
    nearest = np.abs(lightness[..., None] - steps).argmin(-1)
    assert np.array_equal(nearest, gray[..., 0])


def test_hints_have_their_color_in_the_final_image(gray: np.ndarray) -> None:
    result = colorize_points.run(colorize_points.Request(gray, POINTS), CPU)
    assert result.recipe["out_of_gamut"] == []
    for point in POINTS:
        here = lab(result.layers[0].image)[round(point.y), round(point.x)]
        wanted = rgb_to_lab(np.array([[point.rgb]], np.float32) / 255)[0, 0]
        assert float(ciede2000(here, np.array([here[0], *wanted[1:]], np.float32))) <= 2.0


def test_a_hint_that_the_luminance_cannot_show_is_named_and_pulled_into_the_gamut(gray: np.ndarray) -> None:
    white = gray.copy()
    white[10:20, 10:20] = 250
    result = colorize_points.run(colorize_points.Request(white, (POINTS[0], ColorPoint(15, 15, (200.0, 20.0, 20.0), 2))), CPU)
    assert result.recipe["out_of_gamut"] == [1]
    here = lab(result.layers[0].image)[15, 15]
    assert abs(here[0] - lab(np.full((1, 1, 3), 250, np.uint8))[0, 0, 0]) < 0.5


def test_points_color_their_surroundings(photo: np.ndarray, gray: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    places = [(int(x), int(y)) for x, y in zip(rng.integers(4, 236, 60), rng.integers(4, 156, 60), strict=True)]
    points = tuple(ColorPoint(x, y, tuple(float(v) for v in photo[y, x]), 2) for x, y in places)

    def error(image: np.ndarray) -> float:
        return float(np.abs(lab(image)[..., 1:] - lab(photo)[..., 1:]).mean())

    plain = colorize_points.run(colorize_points.Request(gray), CPU).layers[0].image
    assert error(colorize_points.run(colorize_points.Request(gray, points), CPU).layers[0].image) < 0.6 * error(plain)


def test_a_mirrored_photo_gets_mirrored_colors(gray: np.ndarray) -> None:
    image = colorize_points.run(colorize_points.Request(gray), CPU).layers[0].image
    mirrored = colorize_points.run(colorize_points.Request(np.ascontiguousarray(gray[:, ::-1])), CPU).layers[0].image
    assert lab(image)[..., 1:].std() > 2
    assert np.abs(image.astype(int) - mirrored[:, ::-1]).max() <= 1


def test_a_hint_layers_strokes_count_like_points(gray: np.ndarray) -> None:
    hints = np.zeros((*gray.shape[:2], 4), np.uint8)
    hints[60:64, 40:100] = (150, 60, 50, 255)
    result = colorize_points.run(colorize_points.Request(gray, hints=hints), CPU)
    drawn = lab(result.layers[0].image)[60:64, 40:100, 1:]
    wanted = rgb_to_lab(np.array([[[150, 60, 50]]], np.float32) / 255)[0, 0, 1:]
    lightness = lab(np.repeat(gray, 3, 2))[60:64, 40:100, 0]
    allowed = clip_to_gamut(lightness, np.broadcast_to(wanted, (*lightness.shape, 2)))
    assert np.abs(drawn - allowed).max() < 2.5
    assert result.recipe["hint_pixels"] == 240


def test_a_reference_and_a_saturation_move_the_colors(gray: np.ndarray) -> None:
    warm = np.zeros((50, 50, 3), np.uint8) + np.array([200, 120, 60], np.uint8)
    cold = np.zeros((50, 50, 3), np.uint8) + np.array([60, 110, 200], np.uint8)
    one = match_colors.run(match_colors.Request(gray, reference=warm), CPU).layers[0].image
    other = match_colors.run(match_colors.Request(gray, reference=cold), CPU).layers[0].image
    assert lab(one)[..., 2].mean() > lab(other)[..., 2].mean() + 3

    def chroma(image: np.ndarray) -> float:
        return float(np.hypot(*lab(image)[..., 1:].transpose(2, 0, 1)).mean())

    pale = match_colors.run(match_colors.Request(gray, saturation=0.05), CPU).layers[0].image
    vivid = match_colors.run(match_colors.Request(gray, saturation=0.8), CPU).layers[0].image
    assert chroma(vivid) > chroma(pale) + 2


@pytest.mark.parametrize("wanted", [0.0, 0.1, 0.3, 0.6])
def test_the_saturation_that_is_asked_for_is_the_pictures(gray: np.ndarray, wanted: float) -> None:
    image = match_colors.run(match_colors.Request(gray, saturation=wanted), CPU).layers[0].image.astype(np.float32)
    greatest = image.max(2)
    assert float(((greatest - image.min(2)) / np.maximum(greatest, 1)).mean()) == pytest.approx(wanted, abs=0.03)


def test_global_and_local_hints_work_together(gray: np.ndarray) -> None:
    cold = np.zeros((50, 50, 3), np.uint8) + np.array([60, 110, 200], np.uint8)
    result = match_colors.run(match_colors.Request(gray, reference=cold, points=POINTS), CPU)
    here = lab(result.layers[0].image)[70, 60]
    wanted = rgb_to_lab(np.array([[POINTS[0].rgb]], np.float32) / 255)[0, 0]
    assert float(ciede2000(here, np.array([here[0], *wanted[1:]], np.float32))) <= 2.0


def test_one_point_does_not_redden_what_is_far_from_it(gray: np.ndarray) -> None:
    red = ColorPoint(20, 20, (190.0, 40.0, 40.0), 3)
    plain = colorize_points.run(colorize_points.Request(gray), CPU).layers[0].image
    pointed = colorize_points.run(colorize_points.Request(gray, (red,)), CPU).layers[0].image

    def moved(rows: slice, columns: slice) -> float:
        return float((lab(pointed) - lab(plain))[rows, columns, 1].mean())

    assert moved(slice(10, 30), slice(10, 30)) > 20
    assert abs(moved(slice(100, 160), slice(140, 240))) < 4


def test_one_point_does_not_drown_the_reference(gray: np.ndarray) -> None:
    cold = np.zeros((50, 50, 3), np.uint8) + np.array([60, 110, 200], np.uint8)
    red = ColorPoint(20, 20, (170.0, 60.0, 50.0), 3)
    alone = match_colors.run(match_colors.Request(gray, reference=cold), CPU).layers[0].image
    both = match_colors.run(match_colors.Request(gray, reference=cold, points=(red,)), CPU).layers[0].image
    point = colorize_points.run(colorize_points.Request(gray, (red,)), CPU).layers[0].image
    far = (slice(100, 160), slice(140, 240))

    def apart(one: np.ndarray, other: np.ndarray) -> float:
        return float(np.abs(lab(one)[far] - lab(other)[far])[..., 1:].mean())

    assert apart(both, alone) < 0.4 * apart(point, alone)
    assert lab(both)[20, 20, 1] > 20 > lab(alone)[20, 20, 1]


def test_nine_likely_colors_of_the_pixels_own_luminance(gray: np.ndarray) -> None:
    result = palette.run(palette.Request(gray, 60, 70), CPU)
    found = result.recipe["palette"]
    assert result.layers[0].image.shape == (1, 9, 3) and len(found) == 9
    chances = [item["probability"] for item in found]
    assert chances == sorted(chances, reverse=True) and 0.9 < sum(chances) < 1.01
    lightness = lab(np.repeat(gray, 3, 2))[70, 60, 0]
    assert np.abs(lab(result.layers[0].image)[0, :, 0] - lightness).max() < 1.0


def test_a_live_photo_gives_what_the_task_gives(gray: np.ndarray) -> None:
    live = colorize_live.open_live(colorize_points.Request(gray), "cpu")
    preview = live.preview(colorize_live.Hints(POINTS, longest=240, palette_at=(60, 70)), Progress())
    whole = colorize_points.run(colorize_points.Request(gray, POINTS), CPU)
    # The preview's arithmetic is quicker and rounder.
    assert np.abs(preview.tensors["preview"].astype(int) - whole.layers[0].image).max() <= 6
    assert len(preview.values["palette"]) == 9
    assert live.preview(colorize_live.Hints(longest=64), Progress()).tensors["preview"].shape == (43, 64, 3)
    applied = live.apply(colorize_live.Hints(POINTS))(CPU)
    assert np.array_equal(applied.layers[0].pixels, whole.layers[0].pixels) and applied.recipe == whole.recipe


def test_the_recipe_tells_the_pictures_and_the_network(gray: np.ndarray) -> None:
    hints, reference = np.zeros((*gray.shape[:2], 4), np.uint8), np.full((9, 9, 3), 90, np.uint8)
    hints[5:9, 5:9] = (90, 20, 20, 255)
    recipe = match_colors.run(match_colors.Request(gray, hints=hints, reference=reference), CPU).recipe
    assert recipe["task"] == "match_colors"
    pictures = {"hints": hints, "reference": reference}
    assert recipe["pictures"] == {name: {"sha256": hashlib.sha256(one.tobytes()).hexdigest()} for name, one in pictures.items()}
    (network,) = recipe["networks"]
    assert network["name"] == recipe["request"]["model"] and len(network["sha256"]["decoder"]) == 64


def test_a_request_survives_the_wire(gray: np.ndarray) -> None:
    request = colorize_points.Request(gray, POINTS, saturation=0.5)
    again = request_from_wire(colorize_points.Request, *request_to_wire(request))
    assert again.points == request.points and again.saturation == 0.5 and np.array_equal(again.image, gray)


def test_cancel_ends_the_work(gray: np.ndarray) -> None:
    calls = iter(range(10**6))
    with pytest.raises(Cancelled):
        colorize_points.run(colorize_points.Request(gray), Context(Progress(stopped=lambda: next(calls) > 2), "cpu"))


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (90, 1), (7, 5), (33, 301)])
def test_any_size_gets_colors(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 255, (*shape, 1), np.uint8)
    result = colorize_points.run(colorize_points.Request(image, (ColorPoint(0, 0, (120.0, 90.0, 90.0), 1),)), CPU)
    assert result.layers[0].image.shape == (*shape, 3)


def test_a_thousand_points_are_heeded(gray: np.ndarray) -> None:
    rng = np.random.default_rng(1)
    spots = sorted({(int(x), int(y)) for x, y in zip(rng.integers(0, 240, 1200), rng.integers(0, 160, 1200), strict=True)})[:1000]
    points = tuple(ColorPoint(x, y, (100.0 + x % 60, 90.0, 100.0)) for x, y in spots)
    result = colorize_points.run(colorize_points.Request(gray, points), CPU)
    x, y = spots[500]
    wanted = rgb_to_lab(np.array([[points[500].rgb]], np.float32) / 255)[0, 0]
    here = lab(result.layers[0].image)[y, x]
    reachable = clip_to_gamut(here[None, :1], wanted[None, None, 1:])[0, 0]
    assert float(np.abs(here[1:] - reachable).max()) < 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"points": (ColorPoint(500, 10, (1.0, 2.0, 3.0)),)}, "point_outside"),
        ({"points": (ColorPoint(5, 10, (1.0, 2.0, 3.0)), ColorPoint(5.2, 10, (200.0, 2.0, 3.0)))}, "points_contradict"),
        ({"saturation": 1.5}, "bad_saturation"),
        ({"reference": np.zeros((4, 4), np.uint8)}, "bad_reference"),
        ({"reference": np.zeros((4, 4, 4), np.uint8)}, "bad_reference"),
        ({"hints": np.zeros((4, 4, 4), np.uint8)}, "bad_hints"),
        ({"model": "nothing"}, "unknown_model"),
        ({"model": "gatedconv_mono"}, "unknown_model"),
        ({"transfer": "log"}, "bad_request"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(gray: np.ndarray, change: dict, code: str) -> None:
    with pytest.raises(HuefillError) as told:
        colorize_points.run(colorize_points.Request(gray, **change), CPU)
    assert told.value.code == code and told.value.message.endswith(".")


def test_a_layer_of_nothing_but_transparency_is_refused(gray: np.ndarray) -> None:
    empty = np.concatenate([gray, gray * 0], 2)
    with pytest.raises(HuefillError) as told:
        colorize_points.run(colorize_points.Request(empty), CPU)
    assert told.value.code == "transparent"


def test_neither_reference_nor_saturation_is_nothing_to_match(gray: np.ndarray) -> None:
    with pytest.raises(HuefillError) as told:
        match_colors.run(match_colors.Request(gray), CPU)
    assert told.value.code == "nothing_to_match"


def test_numbers_that_are_none_do_not_spread() -> None:
    image = np.full((40, 60, 1), 0.4, np.float32)
    image[3, 4] = np.nan
    image[5, 6] = np.inf
    result = colorize_points.run(colorize_points.Request(image), CPU)
    assert np.isfinite(result.layers[0].image).all()
    alpha = np.ones_like(image)
    alpha[10, 10] = np.nan
    layer = colorize_points.run(colorize_points.Request(np.concatenate([image, alpha], 2)), CPU).layers[0]
    assert np.isfinite(layer.pixels).all() and layer.alpha[10, 10] == 0


def test_a_photo_too_large_for_the_memory_is_refused_before_it_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    from huefill.runtime import memory

    monkeypatch.setattr(memory, "available_memory", lambda: 1 << 30)
    image = np.broadcast_to(np.zeros((1, 1, 1), np.uint8), (10_000, 10_000, 1))
    with pytest.raises(HuefillError) as told:
        colorize_points.run(colorize_points.Request(image), CPU)
    assert told.value.code == "memory" and "10000 x 10000" in told.value.message


def test_a_hundred_megapixels_are_colored() -> None:
    image = np.tile(np.arange(250, dtype=np.uint8)[None, :, None], (10_000, 40, 1))
    result = colorize_points.run(colorize_points.Request(image, (ColorPoint(9000, 9000, (120.0, 100.0, 90.0), 20),)), CPU)
    assert result.layers[0].image.shape == (10_000, 10_000, 3)
    strip = result.layers[0].image[9000, 8990:9010]
    assert np.abs(lab(strip[None])[..., 0] - lab(np.repeat(image[9000:9001, 8990:9010], 3, 2))[..., 0]).max() < 0.35
