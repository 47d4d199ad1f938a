"""The command line on real photographs: results, one JSON object, one line and status 2 for what a person can mend."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from huefill.files import Photo, read_mask, read_photo, write_photo
from tests.cli.command import PHOTOS, RECORD, huefill


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small photo and a mask over a part of it."""
    folder = tmp_path_factory.mktemp("cli")
    photo = Image.open(PHOTOS / "parrots.png").resize((240, 160))
    photo.save(folder / "photo.png")
    mask = np.zeros((160, 240), np.uint8)
    mask[60:90, 100:150] = 255
    Image.fromarray(mask).save(folder / "mask.png")
    Image.fromarray(mask[:50]).save(folder / "short.png")
    Image.fromarray(mask * 0).save(folder / "empty.png")
    photo.convert("L").save(folder / "gray.png")
    (folder / "broken.png").write_bytes(b"\x89PNG broken")
    (folder / "points.json").write_text(json.dumps([{"x": 125, "y": 75, "rgb": [200, 30, 40], "radius": 4}]))
    (folder / "bad.json").write_text("[{]")
    return folder


def test_remove_writes_the_photo_without_the_object_and_tells_what_it_did(small: Path, tmp_path: Path) -> None:
    done = huefill("remove", small / "photo.png", "--mask", small / "mask.png", "-o", tmp_path / "out.png", "--engine", "patch", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert set(record) == RECORD
    assert record["engine"] == ["patch"]
    assert set(record["stages"]) >= {"reconstruction", "color"}
    before, after, mask = read_photo(small / "photo.png").pixels, read_photo(tmp_path / "out.png").pixels, read_mask(small / "mask.png")
    assert (before[mask > 0] != after[mask > 0]).any()
    reach = record["recipe"]["rim"] + record["recipe"]["band"] + 1
    far = np.ones(mask.shape, bool)
    far[60 - reach : 90 + reach, 100 - reach : 150 + reach] = False
    assert np.array_equal(before[far], after[far])


def test_what_a_person_should_know_is_on_standard_error_and_in_the_object(small: Path, tmp_path: Path) -> None:
    large = np.zeros((160, 240), np.uint8)
    large[:100] = 255
    Image.fromarray(large).save(tmp_path / "large.png")
    done = huefill("recolor", small / "photo.png", "--mask", tmp_path / "large.png", "-o", tmp_path / "out.png", "--json")
    assert done.returncode == 0, done.stderr
    (warning,) = json.loads(done.stdout)["warnings"]
    assert warning["code"] == "large_selection"
    assert f"huefill: {small / 'photo.png'}: More than half of the photo is selected" in done.stderr
    assert (tmp_path / "out.png").exists(), "a warning stops nothing"


def test_recolor_keeps_the_luminance_and_takes_points(small: Path, tmp_path: Path) -> None:
    done = huefill(
        "recolor",
        small / "photo.png",
        "--mask",
        small / "mask.png",
        "--points",
        small / "points.json",
        "-o",
        tmp_path / "out.png",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    weights = np.array([0.30, 0.59, 0.11])
    before, after = read_photo(small / "photo.png").pixels, read_photo(tmp_path / "out.png").pixels
    assert np.abs(before @ weights - after @ weights).max() < 1.5
    assert after[75, 125, 0].astype(int) > after[75, 125, 1].astype(int) + 20


def test_recolor_uses_a_given_monochrome(small: Path, tmp_path: Path) -> None:
    gray = np.full((160, 240), 90, np.uint8)
    Image.fromarray(gray).save(tmp_path / "given.png")
    done = huefill(
        "recolor", small / "photo.png", "--mask", small / "mask.png", "--gray", tmp_path / "given.png", "-o", tmp_path / "out.png"
    )
    assert done.returncode == 0, done.stderr
    inside = read_photo(tmp_path / "out.png").pixels[65:85, 105:145] @ np.array([0.30, 0.59, 0.11])
    assert np.abs(inside - 90).max() < 1.5


def test_extend_fills_added_canvas(small: Path, tmp_path: Path) -> None:
    done = huefill("extend", small / "photo.png", "--left", 24, "-o", tmp_path / "out.png", "--engine", "patch", "--json")
    assert done.returncode == 0, done.stderr
    before, after = read_photo(small / "photo.png").pixels, read_photo(tmp_path / "out.png").pixels
    assert after.shape == (160, 264, 3)
    assert np.array_equal(after[:, 24 + 8 :], before[:, 8:])
    assert after[:, :20].std() > 5


def test_the_same_seed_gives_the_same_pixels(small: Path, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        assert huefill("remove", small / "photo.png", "--mask", small / "mask.png", "-o", tmp_path / name, "--seed", 3).returncode == 0
    assert np.array_equal(read_photo(tmp_path / "a.png").pixels, read_photo(tmp_path / "b.png").pixels)


def test_sixteen_bit_photos_keep_their_depth_and_their_untouched_pixels(small: Path, tmp_path: Path) -> None:
    eight = read_photo(small / "photo.png").pixels.astype(np.uint16)
    noise = np.random.default_rng(0).integers(-100, 100, eight.shape)
    deep = np.clip(eight.astype(np.int64) * 257 + noise, 0, 65535).astype(np.uint16)
    write_photo(tmp_path / "deep.tif", Photo(deep))
    done = huefill("remove", tmp_path / "deep.tif", "--mask", small / "mask.png", "-o", tmp_path / "out.tif", "--engine", "patch")
    assert done.returncode == 0, done.stderr
    after = read_photo(tmp_path / "out.tif").pixels
    assert after.dtype == np.uint16
    assert np.array_equal(after[:40], deep[:40])
    assert (after[62:88, 102:148] % 257 != 0).mean() > 0.5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["remove", "gone.png", "--mask", "mask.png", "-o", "o.png"], "no file 'gone.png'"),
        (["remove", "photo.png", "--mask", "gone.png", "-o", "o.png"], "no file 'gone.png'"),
        (["remove", "photo.png", "--mask", "short.png", "-o", "o.png"], "240 x 50"),
        (["remove", "photo.png", "--mask", "empty.png", "-o", "o.png"], "mask is empty"),
        (["remove", "broken.png", "--mask", "mask.png", "-o", "o.png"], "broken.png"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "nowhere/o.png"], "folder"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "o.xyz"], "format"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "o.png", "--points", "bad.json"], "bad.json"),
        (["remove", "photo.png", "--mask", "mask.png", "-o", "o.png", "--points", "gone.json"], "no file 'gone.json'"),
        (["recolor", "gray.png", "--mask", "mask.png", "-o", "o.png"], "gray"),
        (["recolor", "photo.png", "--mask", "mask.png", "--gray", "short.png", "-o", "o.png"], "monochrome"),
        (["extend", "photo.png", "-o", "o.png"], "transparen"),
        (["remove", ".", "--mask", "mask.png", "-o", "o.png"], "folder"),
    ],
)
def test_bad_input_gives_one_line_and_status_2_and_writes_nothing(small: Path, arguments: list[str], words: str) -> None:
    before = sorted(small.iterdir())
    done = huefill(*arguments, cwd=small)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(small.iterdir()) == before
