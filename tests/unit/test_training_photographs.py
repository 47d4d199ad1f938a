"""The photographs that networks learn from: decoded once, chosen by name, and large enough for the crop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from huefill_models.harness import packed as packing
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.packed import INDEX, PIXELS, packed

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("parrots.png", "beach.png", "jetty.jpg"):
        (folder / name).write_bytes((PHOTOS / name).read_bytes())
    return folder


def test_the_cache_holds_what_the_files_hold_and_is_read_without_them_being_decoded_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded, first = PhotoSet(folder), packed(folder, tmp_path / "cache")
    monkeypatch.setattr(packing, "decoded_photos", lambda *_, **__: pytest.fail("decoded again"))
    second = packed(folder, tmp_path / "cache")
    for photos in (first, second):
        assert photos.names == decoded.names
        assert all(np.array_equal(one, other) for one, other in zip(photos.photos, decoded.photos, strict=True))
        assert np.array_equal(photos.crop(np.random.default_rng(3), 64), decoded.crop(np.random.default_rng(3), 64))


@pytest.mark.parametrize("spoil", ["new file", "other size", "pixels cut short", "no index", "index is nonsense"])
def test_a_cache_of_other_files_or_a_broken_one_is_made_anew(folder: Path, tmp_path: Path, spoil: str) -> None:
    cache = tmp_path / "cache"
    packed(folder, cache)
    largest = 288
    if spoil == "new file":
        Image.new("RGB", (80, 90), (200, 10, 10)).save(folder / "a.png")
    elif spoil == "other size":
        largest = 100
    elif spoil == "pixels cut short":
        (cache / PIXELS).write_bytes((cache / PIXELS).read_bytes()[:-1])
    elif spoil == "no index":
        (cache / INDEX).unlink()
    else:
        (cache / INDEX).write_text("{")
    decoded, photos = PhotoSet(folder, largest=largest), packed(folder, cache, largest=largest)
    assert photos.names == decoded.names
    assert all(np.array_equal(one, other) for one, other in zip(photos.photos, decoded.photos, strict=True))


def test_photographs_are_chosen_by_the_beginning_of_their_names(folder: Path, tmp_path: Path) -> None:
    assert packed(folder, tmp_path / "cache", only=("beach", "jetty")).names == ["beach.png", "jetty.jpg"]
    assert PhotoSet(folder).named(("par",)).names == ["parrots.png"]
    with pytest.raises(SystemExit, match="begins with wolf"):
        packed(folder, tmp_path / "cache", only=("wolf",))


def test_small_photographs_are_not_enlarged_for_a_crop_that_others_are_large_enough_for() -> None:
    black, white = np.zeros((70, 90, 3), np.uint8), np.full((130, 140, 3), 255, np.uint8)
    photos = PhotoSet.of(["small", "large"], [black, white])
    drawn = [photos.crop(np.random.default_rng(seed), 128, enlarged=1.1).mean() > 100 for seed in range(30)]
    assert all(drawn)
    assert not all(photos.crop(np.random.default_rng(seed), 128).mean() > 100 for seed in range(30))
    assert PhotoSet.of(["small"], [black]).crop(np.random.default_rng(0), 128, enlarged=1.1).shape == (128, 128, 3)
