"""`huefill find scratches` and `huefill restore`, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from huefill.files import read_mask, read_photo
from tests.cli.command import PHOTOS, RECORD, huefill
from tests.scans import scratched, share


@pytest.fixture
def scans(tmp_path: Path) -> tuple[Path, np.ndarray]:
    """A folder with two scans, and where their damage is."""
    photo = np.asarray(Image.open(PHOTOS / "parrots.png").convert("RGB"))[30:286, 260:516]
    damaged, damage = scratched(photo)
    for name in ("one", "two"):
        Image.fromarray(damaged).save(tmp_path / f"{name}.png")
    return tmp_path, damage


def test_a_mask_is_written_beside_the_photo_where_remove_finds_it(scans: tuple[Path, np.ndarray]) -> None:
    folder, damage = scans
    done = huefill("find", "scratches", folder / "one.png", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert set(record) == RECORD and record["layers"] == [] and record["layer"] is None
    assert min(share(read_mask(folder / "one_mask.png") > 0, damage)) > 0.9
    removed = huefill("remove", folder / "one.png", "-o", folder / "out.png", "--json")
    assert removed.returncode == 0, removed.stderr
    assert json.loads(removed.stdout)["engine"] == ["strokes"]
    assert read_photo(folder / "out.png").pixels[damage].mean() < 200


def test_a_mask_that_is_there_is_not_written_over_unless_it_is_named(scans: tuple[Path, np.ndarray]) -> None:
    folder, _ = scans
    own = np.full((256, 256), 7, np.uint8)
    Image.fromarray(own).save(folder / "one_mask.png")
    refused = huefill("find", "scratches", folder / "one.png")
    assert refused.returncode == 2 and "There is a mask" in refused.stderr and "Traceback" not in refused.stderr
    whole = huefill("find", "scratches", folder)
    assert whole.returncode == 0 and "1 done, 1 were done already" in whole.stdout
    assert np.array_equal(np.asarray(Image.open(folder / "one_mask.png")), own)
    assert (folder / "two_mask.png").exists()
    named = huefill("find", "scratches", folder / "one.png", "--out", folder / "one_mask.png", "--sensitivity", "0.2", "--kinds", "bright")
    assert named.returncode == 0
    assert not np.array_equal(np.asarray(Image.open(folder / "one_mask.png")), own)


def test_masks_of_a_folder_go_into_a_folder(scans: tuple[Path, np.ndarray], tmp_path: Path) -> None:
    folder, damage = scans
    done = huefill("find", "scratches", folder, "--out", folder / "masks", "--width", "4")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (folder / "masks").iterdir()) == ["one_mask.png", "two_mask.png"]
    assert share(read_mask(folder / "masks" / "two_mask.png") > 0, damage)[1] > 0.8


def test_restore_writes_the_repaired_and_colored_photo_and_its_layers(scans: tuple[Path, np.ndarray]) -> None:
    folder, damage = scans
    done = huefill("restore", folder / "one.png", "-o", folder / "out.png", "--layer", folder / "layer.png", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert [layer["name"] for layer in record["layers"]] == ["scratches removed", "color", "scratches found"]
    made = read_photo(folder / "out.png").pixels
    assert made.shape == (256, 256, 3) and made[damage].mean() < 200
    assert np.ptp(made.astype(int), axis=2).max() > 10
    assert np.array_equal(read_photo(folder / "layer-color.png").pixels[..., :3], made)
    assert all(Path(layer["file"]).exists() for layer in record["layers"])


def test_restore_takes_a_mask_instead_of_what_would_be_found(scans: tuple[Path, np.ndarray]) -> None:
    folder, _ = scans
    mask = np.zeros((256, 256), np.uint8)
    mask[40:50, 40:50] = 255
    Image.fromarray(mask).save(folder / "mask.png")
    done = huefill("restore", folder / "one.png", "--mask", folder / "mask.png", "-o", folder / "out.png", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert not record["recipe"]["found"] and record["layer"]["width"] <= 18


def test_a_sensitivity_that_is_none_is_one_line_and_status_2(scans: tuple[Path, np.ndarray]) -> None:
    done = huefill("find", "scratches", scans[0] / "one.png", "--sensitivity", "7")
    assert done.returncode == 2 and "Traceback" not in done.stderr
