"""Scratches and dust are found by what they are; what belongs to the photo is left alone."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from huefill.errors import Cancelled
from huefill.imaging.scratches import default_width, find_scratches
from tests.scans import scratched, share

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    whole = np.asarray(Image.open(ROOT / "examples/photos/parrots.png").convert("RGB"))
    return whole[30:286, 260:516]


def plain(shape: tuple[int, int] = (300, 400)) -> np.ndarray:
    """A soft gradient with grain."""
    across = np.linspace(70, 170, shape[1])[None] + np.random.default_rng(0).normal(0, 2, shape)
    return np.clip(across, 0, 255).astype(np.uint8)


def test_scratches_and_specks_are_found_where_they_are(photo: np.ndarray) -> None:
    damaged, truth = scratched(photo)
    precision, recall = share(find_scratches(np.ascontiguousarray(damaged[..., 0])) > 0, truth)
    assert precision > 0.9 and recall > 0.9


def test_more_is_found_the_more_sensitive_the_search(photo: np.ndarray) -> None:
    gray = np.ascontiguousarray(scratched(photo)[0][..., 0])
    found = [int((find_scratches(gray, sensitivity=value) > 0).sum()) for value in (0.0, 0.5, 1.0)]
    assert 0 < found[0] < found[1] < found[2]


@pytest.mark.parametrize(("tone", "kind", "other"), [(250, "bright", "dark"), (10, "dark", "bright")])
def test_bright_and_dark_are_told_apart(tone: int, kind: str, other: str) -> None:
    scan = plain()
    cv2.line(scan, (50, 20), (90, 280), tone, 2)
    line = np.abs(scan.astype(int) - tone) == 0
    assert (find_scratches(scan, kinds=kind) > 0)[line].mean() > 0.9
    assert not find_scratches(scan, kinds=other).any()


def test_a_faint_line_over_all_of_the_height_is_found_as_a_whole_although_no_pixel_of_it_stands_out() -> None:
    scan = plain()
    scan[:, 200:202] += 12
    found = find_scratches(scan, sensitivity=0.75) > 0
    assert found[:, 198:204].any(axis=1).mean() > 0.8
    found[:, 190:212] = False
    assert found.mean() < 0.005


def test_what_is_wider_than_asked_is_none() -> None:
    scan = plain()
    scan[140:152, 40:360] = 250
    assert (find_scratches(scan, width=5) > 0).mean() < 0.003  # the corners of a bar may be taken for specks
    assert find_scratches(scan, width=14)[144:148, 60:340].all()


def test_edges_and_texture_are_left_alone() -> None:
    scan = plain()
    scan[100:220, 150:300] = 220  # a wall before it
    assert (find_scratches(scan) > 0).mean() < 0.003
    rng = np.random.default_rng(1)
    grass = plain()
    for _ in range(2500):
        x, y = int(rng.integers(400)), int(rng.integers(300))
        cv2.line(grass, (x, y), (x + int(rng.integers(-5, 6)), y - 12), int(rng.integers(40, 220)), 1)
    assert (find_scratches(grass) > 0).mean() < 0.03


def test_a_large_scan_is_searched_in_pieces_that_do_not_show(photo: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    from huefill.imaging.scratches import finder

    damaged = np.ascontiguousarray(cv2.resize(scratched(photo)[0][..., 0], None, fx=2.5, fy=2.5))
    whole = find_scratches(damaged)
    monkeypatch.setattr(finder, "_TILE", 256)
    pieces = find_scratches(damaged, threads=2)
    assert (whole != pieces).mean() < 0.005
    assert (pieces > 0).sum() > 0.9 * (whole > 0).sum()


def test_the_search_stops_at_once_when_asked() -> None:
    def stop(_: float) -> None:
        raise Cancelled

    begun = time.monotonic()
    with pytest.raises(Cancelled):
        find_scratches(np.zeros((6000, 6000), np.uint8), check=stop)
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("shape", [(1, 1), (3, 400), (400, 2), (40, 40)])
def test_the_smallest_pictures_are_searched_too(shape: tuple[int, int]) -> None:
    assert find_scratches(np.full(shape, 99, np.uint8)).shape == shape


def test_damage_is_as_wide_as_the_scan_is_large() -> None:
    assert default_width((600, 800)) == 5
    assert default_width((3000, 4000)) == 13
    assert default_width((9000, 12000)) == 16
