"""The internal colorizer through its door: every preset, points, degenerate pictures, seeds, progress and cancel."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from huefill import internal
from huefill.errors import Cancelled, HuefillError
from huefill.imaging.color_spaces import monochrome, to_chroma
from huefill.imaging.metrics import psnr
from huefill.runtime.progress import Progress, Update

PARROTS = Path(__file__).parents[2] / "examples" / "photos" / "parrots.png"
PRESETS = tuple(internal.PRESETS)


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    rgb: tuple[float, float, float]
    radius: float = 0.0


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The schedules cut short: their behaviour is tested here, their quality by the benchmark."""
    for name in ("paper", "published"):
        chosen = internal.PRESETS[name]
        few = {height: (3,) * height for height in range(1, 6)}
        monkeypatch.setitem(internal.PRESETS, name, replace(chosen, iterations=few))
    for name in ("fast", "best"):
        monkeypatch.setitem(internal.PRESETS, name, replace(internal.PRESETS[name], iterations=20))


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    image = Image.open(PARROTS).convert("RGB").resize((192, 128), Image.Resampling.BOX)
    return np.asarray(image, np.float32) / 255


def hole_in(shape: tuple[int, ...], top: int, bottom: int, left: int, right: int) -> np.ndarray:
    hole = np.zeros(shape[:2], bool)
    hole[top:bottom, left:right] = True
    return hole


def test_importing_it_loads_no_torch() -> None:
    check = "import sys, huefill.internal; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_fast_gives_a_photograph_colors_nearer_to_the_truth_than_gray(photo: np.ndarray) -> None:
    hole = hole_in(photo.shape, 30, 90, 60, 130)
    gray = monochrome(photo)
    out = internal.recolor(gray, photo, hole)
    assert psnr(out.rgb, photo, hole) > psnr(np.repeat(gray[..., None], 3, 2), photo, hole) + 3
    assert out.iterations > 0


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("preset", PRESETS)
def test_known_pixels_and_the_luminance_stay(photo: np.ndarray, preset: str) -> None:
    piece = photo[:61, :83]
    hole = hole_in(piece.shape, 0, 30, 20, 83) | hole_in(piece.shape, 40, 61, 0, 9)
    out = internal.recolor(monochrome(piece), piece, hole, preset=preset)
    assert np.array_equal(out.rgb[~hole], piece[~hole])
    np.testing.assert_allclose(monochrome(out.rgb), monochrome(piece), atol=2e-3)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("preset", PRESETS)
def test_what_the_hole_held_does_not_matter(photo: np.ndarray, preset: str) -> None:
    piece = photo[40:88, :64]
    hole = hole_in(piece.shape, 10, 40, 10, 50)
    spoilt = np.where(hole[..., None], np.float32(1), piece)
    one, other = (internal.recolor(monochrome(piece), rgb, hole, preset=preset).rgb for rgb in (piece, spoilt))
    assert np.array_equal(one, other)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("preset", PRESETS)
def test_a_seed_gives_the_same_pixels(photo: np.ndarray, preset: str) -> None:
    piece = photo[40:88, :64]
    hole = hole_in(piece.shape, 10, 40, 10, 50)
    one, other = (internal.recolor(monochrome(piece), piece, hole, preset=preset, seed=7).rgb for _ in range(2))
    assert np.array_equal(one, other)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("shape", [(1, 40), (40, 1), (7, 5), (33, 47)])
def test_any_size_gives_a_picture(preset: str, shape: tuple[int, int]) -> None:
    random = np.random.default_rng(0)
    rgb = random.random((*shape, 3), np.float32)
    hole = np.zeros(shape, bool)
    hole.reshape(-1)[: hole.size // 2] = True
    out = internal.recolor(monochrome(rgb), rgb, hole, preset=preset).rgb
    assert out.shape == rgb.shape
    assert np.isfinite(out).all()
    assert 0 <= out.min() <= out.max() <= 1


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("preset", PRESETS)
def test_one_known_pixel_is_enough_for_a_picture(preset: str) -> None:
    rgb = np.full((20, 26, 3), (0.6, 0.4, 0.3), np.float32)
    hole = np.ones((20, 26), bool)
    hole[3, 4] = False
    out = internal.recolor(monochrome(rgb), rgb, hole, preset=preset).rgb
    assert np.isfinite(out).all()
    assert np.array_equal(out[3, 4], rgb[3, 4])


@pytest.mark.parametrize("preset", PRESETS)
def test_nothing_known_is_told_in_a_sentence(preset: str) -> None:
    with pytest.raises(HuefillError, match="no color outside the selection"):
        internal.recolor(np.zeros((8, 8), np.float32), np.zeros((8, 8, 3), np.float32), np.ones((8, 8), bool), preset=preset)


def test_an_unknown_preset_is_told_in_a_sentence() -> None:
    with pytest.raises(HuefillError, match="Choose one of fast, best, paper, published"):
        internal.recolor(np.zeros((8, 8), np.float32), np.zeros((8, 8, 3), np.float32), np.zeros((8, 8), bool), preset="quick")


def test_no_hole_gives_the_picture_back(photo: np.ndarray) -> None:
    assert np.array_equal(internal.recolor(monochrome(photo), photo, np.zeros(photo.shape[:2], bool)).rgb, photo)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("value", [(0.5, 0.5, 0.5), (0.8, 0.3, 0.2)])
def test_a_uniform_picture_stays_uniform(preset: str, value: tuple[float, float, float]) -> None:
    rgb = np.full((40, 50, 3), value, np.float32)
    out = internal.recolor(monochrome(rgb), rgb, hole_in(rgb.shape, 10, 30, 10, 40), preset=preset).rgb
    np.testing.assert_allclose(out, rgb, atol=0.01)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_gray_photograph_stays_gray(photo: np.ndarray, preset: str) -> None:
    rgb = np.repeat(monochrome(photo)[..., None], 3, 2)
    out = internal.recolor(monochrome(rgb), rgb, hole_in(rgb.shape, 30, 90, 60, 130), preset=preset).rgb
    assert np.ptp(out, axis=2).max() < 2 / 255


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("preset", PRESETS)
def test_a_point_is_obeyed_where_it_is_given(photo: np.ndarray, preset: str) -> None:
    rgb = photo[:60, :80]
    gray = np.full(rgb.shape[:2], 0.5, np.float32)
    hole = hole_in(rgb.shape, 10, 50, 10, 70)
    wanted = (90.0, 140.0, 163.0)  # its monochrome is near 0.5, so that its chroma fits
    out = internal.recolor(gray, rgb, hole, preset=preset, points=[Point(40, 30, wanted, 3)]).rgb
    here = to_chroma(out[28:33, 38:43])
    np.testing.assert_allclose(here, np.broadcast_to(to_chroma(np.array(wanted, np.float32) / 255), here.shape), atol=2e-3)


def test_a_point_spreads_over_the_flat_area_that_it_belongs_to() -> None:
    rgb = np.full((64, 64, 3), 0.5, np.float32)
    gray = np.full((64, 64), 0.5, np.float32)
    gray[16:48, 16:48] = 0.7
    hole = hole_in(rgb.shape, 8, 56, 8, 56)
    out = to_chroma(internal.recolor(gray, rgb, hole, points=[Point(32, 32, (230, 165, 120), 2)]).rgb)
    assert out[20:44, 20:44, 0].min() > 0.1
    assert np.abs(out[9:12, 9:55]).max() < 0.05


def test_only_points_known_are_enough(photo: np.ndarray) -> None:
    piece = photo[:40, :50]
    out = internal.recolor(monochrome(piece), piece, np.ones((40, 50), bool), points=[Point(10, 10, (200, 90, 60), 2)]).rgb
    assert to_chroma(out)[..., 0].mean() > 0.02


@pytest.mark.parametrize("preset", PRESETS)
def test_cancel_ends_the_work(photo: np.ndarray, preset: str) -> None:
    big = np.asarray(Image.fromarray((photo * 255).astype(np.uint8)).resize((480, 320)), np.float32) / 255
    hole = hole_in(big.shape, 60, 260, 80, 400)
    stop = threading.Event()

    def sink(update: Update) -> None:
        if not stop.is_set() and update.fraction > 0:
            stop.set()

    with pytest.raises(Cancelled):
        internal.recolor(monochrome(big), big, hole, preset=preset, progress=Progress(sink, stop.is_set))
    assert stop.is_set()


def test_progress_rises_to_the_end(photo: np.ndarray) -> None:
    seen: list[float] = []
    hole = hole_in(photo.shape, 30, 90, 60, 130)
    internal.recolor(monochrome(photo), photo, hole, progress=Progress(lambda update: seen.append(update.fraction)))
    assert seen == sorted(seen)
    assert seen[-1] > 0.8
