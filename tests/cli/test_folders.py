"""Folders of photos: each photo with its own mask, points and hints, what is done skipped, nothing lost and nothing mistaken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from huefill.commands.companions import Companion
from huefill.commands.folders import photos_in, target_names
from huefill.commands.photo import Job
from huefill.files import WRITABLE, read_photo
from tests.cli.command import PHOTOS, huefill


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return Image.open(PHOTOS / "parrots.png").resize((120, 80))


@pytest.fixture
def folder(tmp_path: Path, photo: Image.Image) -> Path:
    """Two photos, one of them in a folder of its own, with masks beside them."""
    (tmp_path / "in" / "deeper").mkdir(parents=True)
    for name, at in (("in/one.png", 20), ("in/deeper/two.jpg", 60)):
        photo.save(tmp_path / name, quality=95)
        mask = np.zeros((80, 120), np.uint8)
        mask[30:44, at : at + 18] = 255
        target = tmp_path / name
        Image.fromarray(mask).save(target.with_name(f"{target.stem}_mask.png"))
    return tmp_path


def changed(before: Path, after: Path) -> np.ndarray:
    """The columns that differ by more than a JPEG does."""
    difference = np.abs(read_photo(before).pixels.astype(int) - read_photo(after).pixels).max(2)
    return np.flatnonzero((difference > 40).any(0))


def test_remove_takes_the_mask_beside_each_photo(folder: Path) -> None:
    done = huefill("remove", folder / "in", "-o", folder / "out", "--layer", folder / "layers", "--engine", "patch", "--json")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(record["input"]).name for record in records] == ["two.jpg", "one.png"]
    assert sorted(p.relative_to(folder / "out").as_posix() for p in (folder / "out").rglob("*.*")) == ["deeper/two.jpg", "one.png"]
    assert sorted(p.relative_to(folder / "layers").as_posix() for p in (folder / "layers").rglob("*.*")) == ["deeper/two.png", "one.png"]
    first, second = (
        changed(folder / "in/one.png", folder / "out/one.png"),
        changed(folder / "in/deeper/two.jpg", folder / "out/deeper/two.jpg"),
    )
    assert first.min() >= 10 and first.max() < 50 and second.min() >= 50 and second.max() < 90
    assert read_photo(folder / "layers/one.png").pixels.shape[2] == 4
    again = huefill("remove", folder / "in", "-o", folder / "out", "--engine", "patch")
    assert "0 done, 2 were done already, 0 failed" in again.stdout


def test_remove_takes_masks_from_a_folder_of_the_same_names_and_lists_what_has_none(folder: Path) -> None:
    (folder / "masks" / "deeper").mkdir(parents=True)
    shutil.move(folder / "in/deeper/two_mask.png", folder / "masks/deeper/two.png")
    (folder / "in/one_mask.png").unlink()
    done = huefill("remove", folder / "in", "--mask", folder / "masks", "-o", folder / "out", "--engine", "patch")
    assert done.returncode == 2
    assert "one.png: There is no mask for 'one.png'" in done.stderr and "1 of 2" in done.stderr
    assert (folder / "out/deeper/two.jpg").is_file() and not (folder / "out/one.png").exists()


def test_recolor_and_extend_go_over_folders(folder: Path) -> None:
    points = folder / "points"
    points.mkdir()
    (points / "one.json").write_text(json.dumps([{"x": 29, "y": 37, "rgb": [30, 60, 220], "radius": 3}]))
    done = huefill("recolor", folder / "in", "--points", points, "-o", folder / "out")
    assert done.returncode == 0, done.stderr
    red, _, blue = (int(v) for v in read_photo(folder / "out/one.png").pixels[37, 29])
    assert blue > red + 20
    wide = huefill("extend", folder / "in/deeper", "--left", "8", "-o", folder / "wide", "--engine", "patch")
    assert wide.returncode == 0, wide.stderr
    assert read_photo(folder / "wide/two.jpg").pixels.shape == (80, 128, 3)


def test_points_and_hints_of_one_photo_are_not_given_to_a_folder(folder: Path, photo: Image.Image) -> None:
    (folder / "points.json").write_text("[]")
    photo.convert("RGBA").save(folder / "hints.png")
    for command, option, file in (
        ("colorize", "--points", "points.json"),
        ("colorize", "--hints", "hints.png"),
        ("match", "--points", "points.json"),
        ("remove", "--points", "points.json"),
        ("recolor", "--gray", "hints.png"),
    ):
        done = huefill(command, folder / "in", option, folder / file, "-o", folder / "out")
        assert done.returncode == 2 and "belongs to one photo" in done.stderr and len(done.stderr.splitlines()) == 1
        assert not (folder / "out").exists()


def test_points_of_a_folder_go_to_the_photo_of_their_name(folder: Path) -> None:
    points = folder / "points"
    points.mkdir()
    (points / "one.json").write_text(json.dumps([{"x": 60, "y": 40, "rgb": [60, 60, 200], "radius": 4}]))
    done = huefill("colorize", folder / "in", "--points", points, "-o", folder / "out", "--json")
    assert done.returncode == 0, done.stderr
    given = {Path(r["input"]).name: len(r["recipe"]["request"]["points"]) for r in map(json.loads, done.stdout.splitlines())}
    assert given["one.png"] == 1 and given["two.jpg"] == 0


def test_a_reference_is_read_once_for_a_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from huefill.cli import main
    from huefill.commands import color

    read: list[Path] = []

    def counted(path: Path) -> object:
        read.append(path)
        return read_photo(path)

    monkeypatch.setattr(color, "read_photo", counted)
    arguments = ["match", folder / "in", "--reference", PHOTOS / "beach.png", "-o", folder / "out"]
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    assert read == [PHOTOS / "beach.png"] and len(list((folder / "out").rglob("*.*"))) == 4  # the masks are photos to this command


@pytest.mark.parametrize("fault", ["zlib", "index", "empty"])
def test_a_damaged_tiff_does_not_end_the_folder(folder: Path, fault: str) -> None:
    import io

    import tifffile

    whole = io.BytesIO()
    tifffile.imwrite(whole, np.zeros((64, 64, 3), np.uint16), photometric="rgb", compression="zlib")
    data = bytearray(whole.getvalue())
    with tifffile.TiffFile(io.BytesIO(bytes(data))) as file:
        page = file.pages.first
        tags = page.tags
        at = {"zlib": page.dataoffsets[0], "index": tags["BitsPerSample"].offset + 4, "empty": tags["ImageLength"].valueoffset}[fault]
    data[at : at + 4] = b"\xff\xff\xff\xff" if fault == "zlib" else bytes(4)
    (folder / "in/deeper/bad.tif").write_bytes(bytes(data))
    done = huefill("extend", folder / "in/deeper", "--left", 4, "-o", folder / "out", "--engine", "patch")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "bad.tif" in done.stderr and "1 of 3" in done.stderr
    assert (folder / "out/two.jpg").is_file() and (folder / "out/two_mask.png").is_file()


def test_photos_that_would_share_a_result_get_one_each(folder: Path, photo: Image.Image) -> None:
    (folder / "twins").mkdir()
    photo.convert("L").save(folder / "twins/a.png")
    photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT).convert("L").save(folder / "twins/a.bmp")
    photo.convert("L").save(folder / "twins/b.bmp")
    done = huefill("colorize", folder / "twins", "-o", folder / "out")
    assert done.returncode == 0 and "3 done, 0 were done already" in done.stdout
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["a.bmp.png", "a.png", "b.png"]
    light = [read_photo(folder / "out" / name).pixels.mean(2) for name in ("a.png", "a.bmp.png")]
    assert np.abs(light[0] - light[1][:, ::-1]).max() < 25 < np.abs(light[0] - light[1]).max()


def test_target_names_never_meet(tmp_path: Path) -> None:
    names = ["a.bmp", "a.png", "a.bmp.png", "B.BMP", "b.PNG", "c.bmp", "c.jpg", "deeper/a.bmp"]
    photos = [tmp_path / name for name in names]
    for formats in (WRITABLE, (".png",)):
        targets = target_names(photos, tmp_path, formats)
        assert len({str(target).casefold() for target in targets.values()}) == len(names)
    kept = target_names(photos, tmp_path, WRITABLE)
    assert str(kept[tmp_path / "a.png"]) == "a.png" and str(kept[tmp_path / "deeper/a.bmp"]) == str(Path("deeper/a.png"))


def test_masks_beside_and_hidden_files_are_no_photos(folder: Path) -> None:
    shutil.copy(folder / "in/one.png", folder / "in/._one.png")
    shutil.copy(folder / "in/one.png", folder / "in/lone_mask.png")  # the mask of no photo here
    masks = Companion("mask", None, lambda path, photo: None, needed=True)
    job = Job("remove_object", "cpu", {}, (masks,))
    assert [path.name for path in photos_in(folder / "in", job, [])] == ["two.jpg", "lone_mask.png", "one.png"]


def test_a_new_mask_makes_a_photo_be_done_again(folder: Path) -> None:
    import os

    assert huefill("remove", folder / "in", "-o", folder / "out", "--engine", "patch").returncode == 0
    later = (folder / "out/one.png").stat().st_mtime + 10
    os.utime(folder / "in/one_mask.png", (later, later))
    assert "1 done, 1 were done already" in huefill("remove", folder / "in", "-o", folder / "out", "--engine", "patch").stdout
