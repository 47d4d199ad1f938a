"""``huefill colorize`` by anchors on real files: variants, lists of anchors out and in, a strength; one photo and a folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from huefill.files import read_photo
from tests.anchors import NAME, install
from tests.cli.command import PHOTOS, RECORD, huefill


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, anchors_network: Path) -> Path:
    place = tmp_path_factory.mktemp("home")
    install(anchors_network, place)
    return place


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("gray") / "in"
    (place / "deeper").mkdir(parents=True)
    photo = Image.open(PHOTOS / "parrots.png").resize((150, 100)).convert("L")
    photo.save(place / "one.png")
    photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(place / "deeper" / "two.jpg")
    return place


def pixels(path: Path) -> np.ndarray:
    return read_photo(path).pixels.astype(int)


def test_variants_have_files_of_their_own_and_each_comes_back_from_its_anchors(folder: Path, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    files = ("-o", out, "--layer", tmp_path / "layer.png", "--anchors-out", tmp_path / "anchors.json")
    done = huefill("colorize", folder / "one.png", "--model", NAME, "--variants", 3, *files, "--json", home=home)
    assert done.returncode == 0, done.stderr
    names = [f"{kind}-{number}.{end}" for kind, end in (("anchors", "json"), ("layer", "png"), ("out", "png")) for number in (1, 2, 3)]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    record = json.loads(done.stdout)
    assert set(record) == RECORD and record["method"] == "anchors"
    assert record["output"] == str(tmp_path / "out-1.png") and record["anchors"] == str(tmp_path / "anchors-1.json")
    assert [variant["output"] for variant in record["variants"]] == [str(tmp_path / f"out-{number}.png") for number in (2, 3)]
    assert record["variants"][1]["layers"][0]["file"] == str(tmp_path / "layer-3.png")
    second = pixels(tmp_path / "out-2.png")
    assert np.abs(second - pixels(tmp_path / "out-1.png")).max() > 2
    again = huefill(
        "colorize", folder / "one.png", "--anchors", tmp_path / "anchors-2.json", "-o", tmp_path / "again.png", "--model", NAME, home=home
    )
    assert again.returncode == 0, again.stderr
    assert "(anchors)" in again.stdout
    assert np.array_equal(pixels(tmp_path / "again.png"), second)


def test_the_line_names_the_files_and_the_method(folder: Path, home: Path, tmp_path: Path) -> None:
    done = huefill("colorize", folder / "one.png", "--variants", 2, "-o", tmp_path / "out.png", home=home)
    assert done.returncode == 0, done.stderr
    assert "out-1.png to " in done.stdout and "out-2.png: done in" in done.stdout and "(anchors)" in done.stdout
    hints = huefill("colorize", folder / "one.png", "--method", "hints", "-o", tmp_path / "out.png", home=home)
    assert "out.png: done in" in hints.stdout and "(hints)" in hints.stdout


def test_changed_anchors_and_lists_of_points_are_taken(folder: Path, home: Path, tmp_path: Path) -> None:
    files = ("-o", tmp_path / "out.png", "--anchors-out", tmp_path / "anchors.json")
    assert huefill("colorize", folder / "one.png", "--seed", 4, *files, home=home).returncode == 0
    found = json.loads((tmp_path / "anchors.json").read_text())
    assert 2 <= len(found) <= 8 and all(anchor["kind"] == "anchor" for anchor in found)
    changed = [{"x": item["x"], "y": item["y"], "rgb": [40, 70, 220]} for item in found[:2]]
    changed.append({"x": 60, "y": 50, "rgb": [120, 80, 70], "radius": 3, "kind": "point"})
    (tmp_path / "changed.json").write_text(json.dumps(changed))
    options = ("--anchors", tmp_path / "changed.json", "-o", tmp_path / "changed.png", "--json")
    done = huefill("colorize", folder / "one.png", *options, home=home)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)["recipe"]
    assert [point["kind"] for point in said["request"]["points"]] == ["anchor", "anchor", "point"] and len(said["anchors"]) == 2
    red, green, blue = pixels(tmp_path / "changed.png")[50, 60]
    assert red > green and red > blue


def test_a_folder_gets_numbered_files_and_is_done_only_when_all_are_there(folder: Path, home: Path, tmp_path: Path) -> None:
    def run(*options: object) -> str:
        done = huefill("colorize", folder, "-o", tmp_path / "out", "--anchors-out", tmp_path / "lists", *options, home=home)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "2 done, 0 were done already" in run("--variants", 2)
    for name in ("out/one-1.png", "out/one-2.png", "out/deeper/two-1.jpg", "lists/one.png-2.json", "lists/deeper/two.jpg-1.json"):
        assert (tmp_path / name).is_file(), name
    assert "0 done, 2 were done already" in run("--variants", 2)
    (tmp_path / "out" / "one-2.png").unlink()
    assert "1 done, 1 were done already" in run("--variants", 2)
    assert "2 done" in run()
    again = huefill("colorize", folder, "-o", tmp_path / "again", "--anchors", tmp_path / "lists", "--json", home=home)
    assert again.returncode == 0, again.stderr
    records = [json.loads(line) for line in again.stdout.splitlines()]
    assert all(record["method"] == "anchors" and record["recipe"]["request"]["anchored"] for record in records)
    assert np.array_equal(pixels(tmp_path / "again/one.png"), pixels(tmp_path / "out/one.png"))


def test_a_strength_in_percent_makes_colors_weaker(folder: Path, home: Path, tmp_path: Path) -> None:
    for percent in (0, 100):
        done = huefill("colorize", folder / "one.png", "--strength", percent, "-o", tmp_path / f"{percent}.png", home=home)
        assert done.returncode == 0, done.stderr
    assert np.ptp(pixels(tmp_path / "0.png"), axis=2).max() <= 1 < np.ptp(pixels(tmp_path / "100.png"), axis=2).max()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--method", "hints", "--variants", 2), "one picture"),
        (("--method", "hints", "--anchors-out", "anchors.json"), "no anchors to write"),
        (("--anchors", "none.json"), "no file"),
        (("--anchors-out", "nowhere/anchors.json"), "does not exist"),
        (("--anchors-out", "out.png"), "another result"),
        (("--strength", 151), "151"),
        (("--variants", 10), "10"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_written(
    folder: Path, home: Path, tmp_path: Path, options: tuple[object, ...], words: str
) -> None:
    done = huefill("colorize", folder / "one.png", *options, "-o", "out.png", home=home, cwd=tmp_path)
    assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_list_of_networks_has_those_of_anchors(home: Path) -> None:
    (line,) = [line for line in huefill("models", "list", home=home).stdout.splitlines() if line.startswith(NAME)]
    assert " anchors " in line
