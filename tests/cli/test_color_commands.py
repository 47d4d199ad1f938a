"""``huefill colorize``, ``match``, ``palette`` and ``models`` on real files: one, a folder, bad ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from huefill.files import read_photo
from huefill_models.hints.trunk import PUBLISHED, Trunk
from tests.cli.command import PHOTOS, RECORD, huefill


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("gray")
    photo = Image.open(PHOTOS / "parrots.png").resize((150, 100)).convert("L")
    (place / "in" / "deeper").mkdir(parents=True)
    photo.save(place / "in" / "one.png")
    photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(place / "in" / "deeper" / "two.jpg")
    (place / "in" / "broken.png").write_bytes(b"\x89PNG broken")
    (place / "points.json").write_text(json.dumps([{"x": 60, "y": 50, "rgb": [150, 60, 50], "radius": 3}]))
    Image.open(PHOTOS / "parrots.png").save(place / "reference.png")
    deep = (np.asarray(photo, np.uint16) * 257)[..., None]
    Image.fromarray(deep[..., 0]).save(place / "deep.png")
    return place


def test_a_gray_photo_gets_colors_where_the_points_say(folder: Path, tmp_path: Path) -> None:
    done = huefill("colorize", folder / "in/one.png", "--points", folder / "points.json", "-o", tmp_path / "out.png", "--json")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert set(record) == RECORD
    assert record["size"] == [150, 100] and [network["name"] for network in record["networks"]] == ["hints_compact"]
    assert record["recipe"]["request"]["model"] == "hints_compact"
    red, green, blue = (int(v) for v in read_photo(tmp_path / "out.png").pixels[50, 60])
    assert red > green + 20 and red > blue + 20


def test_a_gray_photo_of_16_bits_stays_one_of_16_bits(folder: Path, tmp_path: Path) -> None:
    done = huefill("colorize", folder / "deep.png", "-o", tmp_path / "out.png", "--layer", tmp_path / "layer.png")
    assert done.returncode == 0, done.stderr
    pixels = read_photo(tmp_path / "out.png").pixels
    assert pixels.dtype == np.uint16 and pixels.shape == (100, 150, 3)
    assert read_photo(tmp_path / "layer.png").pixels.shape == (100, 150, 4)


def test_match_takes_the_colors_of_a_reference(folder: Path, tmp_path: Path) -> None:
    done = huefill("match", folder / "in/one.png", "--reference", folder / "reference.png", "-o", tmp_path / "out.png")
    assert done.returncode == 0, done.stderr
    assert np.ptp(read_photo(tmp_path / "out.png").pixels.astype(int), axis=2).max() > 10
    amounts = huefill(
        "match", folder / "in/one.png", "--reference", folder / "reference.png", "--match", "histogram", "-o", tmp_path / "h.png"
    )
    assert amounts.returncode == 0, amounts.stderr
    assert (read_photo(tmp_path / "h.png").pixels != read_photo(tmp_path / "out.png").pixels).any()
    nothing = huefill("match", folder / "in/one.png", "-o", tmp_path / "no.png")
    assert nothing.returncode == 2 and "reference" in nothing.stderr and not (tmp_path / "no.png").exists()


def test_palette_prints_nine_colors_with_their_probabilities(folder: Path) -> None:
    done = huefill("palette", folder / "in/one.png", "--at", "60,50", "--json")
    found = json.loads(done.stdout)["palette"]
    assert len(found) == 9 and all(len(item["rgb"]) == 3 for item in found)
    words = huefill("palette", folder / "in/one.png", "--at", "60,50").stdout.splitlines()
    assert len(words) == 9 and words[0].startswith("#") and words[0].endswith("%")
    assert huefill("palette", folder / "in/one.png", "--at", "600,50").returncode == 2
    assert "not a place" in huefill("palette", folder / "in/one.png", "--at", "here").stderr


def test_a_folder_goes_into_a_folder_past_what_is_broken_and_what_is_done(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = huefill("colorize", folder / "in", "-o", out)
    assert first.returncode == 2
    assert "broken.png" in first.stderr and "1 of 3" in first.stderr
    assert "2 done, 0 were done already, 1 failed" in first.stdout
    assert (out / "one.png").is_file() and (out / "deeper" / "two.jpg").is_file() and not (out / "broken.png").exists()
    before = (out / "one.png").stat().st_mtime_ns
    second = huefill("colorize", folder / "in", "-o", out)
    assert "0 done, 2 were done already, 1 failed" in second.stdout
    assert (out / "one.png").stat().st_mtime_ns == before


def test_a_folder_is_never_written_over_itself(folder: Path, tmp_path: Path) -> None:
    assert "overwrite" in huefill("colorize", folder / "in", "-o", folder / "in").stderr
    (tmp_path / "empty").mkdir()
    assert "no photos" in huefill("colorize", tmp_path / "empty", "-o", tmp_path / "out").stderr


def test_models_are_listed_described_and_verified() -> None:
    listed = json.loads(huefill("models", "list", "--json").stdout)["models"]
    assert {"hints_compact", "gatedconv_mono"} <= {item["name"] for item in listed}
    facts = json.loads(huefill("models", "info", "hints_compact", "--json").stdout)
    assert set(facts["inputs"]) == {"lightness", "ab", "mask", "histogram", "saturation", "given", "at"}
    assert len(facts["bins"]) == 313
    whole = huefill("models", "verify")
    assert whole.returncode == 0 and "hints_compact: whole" in whole.stdout
    assert huefill("models", "info", "nothing").returncode == 2


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the published layout, with weights of no meaning."""
    import torch.nn as nn

    from huefill_models.hints.published import published_name

    torch.manual_seed(0)
    state = {published_name(key): value for key, value in Trunk(PUBLISHED).state_dict().items()}
    classes = nn.Conv2d(256, 529, 1)
    state |= {"model_class.0.weight": classes.weight.detach(), "model_class.0.bias": classes.bias.detach()}
    path = tmp_path_factory.mktemp("published") / "siggraph17.pth"
    torch.save(state, path)
    return path


def test_a_published_checkpoint_becomes_a_network_to_choose(checkpoint: Path, folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = huefill("models", "import", "siggraph17", checkpoint, home=home)
    assert done.returncode == 0, done.stderr
    assert "not the published file" in done.stdout
    assert huefill("models", "verify", "siggraph17", home=home).returncode == 0
    used = huefill("colorize", folder / "in/one.png", "--model", "siggraph17", "-o", tmp_path / "out.png", home=home)
    assert used.returncode == 0, used.stderr
    refused = huefill("match", folder / "in/one.png", "--saturation", "0.5", "--model", "siggraph17", "-o", tmp_path / "no.png", home=home)
    assert refused.returncode == 2 and "'siggraph17' takes neither" in refused.stderr
    assert huefill("models", "remove", "siggraph17", home=home).returncode == 0
    assert huefill("models", "info", "siggraph17", home=home).returncode == 2
    assert "part of Huefill" in huefill("models", "remove", "hints_compact", home=home).stderr
    alone = huefill("models", "import", "siggraph17", checkpoint, "-o", tmp_path / "alone.onnx", home=home)
    assert alone.returncode == 0 and (tmp_path / "alone.onnx").is_file()


def test_what_is_no_such_checkpoint_leaves_the_store_alone(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    for kind, file in (
        ("siggraph17", folder / "reference.png"),
        ("siggraph17", tmp_path / "missing.pth"),
        ("nonsense", folder / "reference.png"),
    ):
        told = huefill("models", "import", kind, file, home=home)
        assert told.returncode == 2 and told.stderr.startswith("huefill: ")
    assert not list(home.rglob("*.onnx"))
