"""What is shipped: every card describes its file, the store says what is wrong with one that is not whole, the network runs at any size."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from huefill.errors import Cancelled, HuefillError
from huefill.runtime.devices import Device, choose_device
from huefill.runtime.store import ModelStore, shipped_folders
from huefill_models import card as cards
from huefill_models.architecture import architectures
from huefill_models.harness.export import Exportable, largest_difference, write

CPU = Device("cpu", 1)
CARDS = [path for folder in shipped_folders() for path in sorted(folder.glob("*/card.json"))]


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.parent.name)
def test_every_shipped_card_describes_the_very_file_beside_it(path: Path) -> None:
    store = ModelStore([path.parent.parent])
    card = store.card(json.loads(path.read_text())["name"])
    store.verify(card)
    assert card.bytes <= 16 << 20
    assert {"licence", "spdx", "source", "data", "training", "score", "scores", "sizes"} <= set(card.facts) and card.score
    assert "research-licensed photographs" in (path.parent / "card.md").read_text()


def test_a_reconstruction_network_is_shipped_and_completes_a_gradient() -> None:
    store = ModelStore(shipped_folders())
    names = [card.name for card in store.cards("inpainting")]
    assert names
    session = store.session(names[0], choose_device("cpu"))
    rows, columns = np.mgrid[:96, :136].astype(np.float32)
    gray = 0.2 + 0.5 * columns / 136 + 0.1 * rows / 96
    hole = ((rows - 48) ** 2 + (columns - 70) ** 2 < 300).astype(np.float32)
    image = np.repeat(np.where(hole > 0, 0.9, gray)[None], 3, 0)[None].astype(np.float32)
    out = session.run({"image": image, "hole": hole[None, None]})["gray"][0, 0]
    inside = hole > 0
    assert np.abs(out - gray)[inside].mean() < 0.4 * np.abs(gray[~inside].mean() - gray)[inside].mean() + 0.02


def untrained(variant: str = "mono") -> Exportable:
    described = architectures()["deepfill"]
    return described.wrap(described.build(variant, width=8), variant).eval()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store folder with one small untrained network."""
    place = tmp_path / "tiny"
    write(untrained(), place / "tiny.onnx")
    cards.write(place, {"name": "tiny", "role": "test"}, {"network": "tiny.onnx"})
    return tmp_path


@pytest.mark.parametrize("variant", ["mono", "rgb"])
def test_the_exported_network_agrees_with_torch_at_several_sizes(tmp_path: Path, variant: str) -> None:
    network = untrained(variant)
    write(network, tmp_path / "a.onnx")
    for height, width in ((64, 64), (96, 200), (256, 136)):
        assert largest_difference(network, tmp_path / "a.onnx", height, width) < 1e-5


def test_what_is_wrong_with_a_network_is_said(folder: Path) -> None:
    store = ModelStore([folder])
    assert store.session("tiny", CPU).provider == "cpu" and store.loaded() == ["tiny"]
    store.release()
    assert store.loaded() == []
    with pytest.raises(HuefillError) as unknown:
        store.card("nobody")
    with (folder / "tiny" / "tiny.onnx").open("r+b") as file:
        file.seek(1000)
        file.write(b"damage")
    with pytest.raises(HuefillError) as damaged:
        ModelStore([folder]).session("tiny", CPU)
    (folder / "tiny" / "tiny.onnx").unlink()
    with pytest.raises(HuefillError) as missing:
        ModelStore([folder]).session("tiny", CPU)
    (folder / "tiny" / "card.json").write_text("{")
    with pytest.raises(HuefillError) as unreadable:
        ModelStore([folder]).card("tiny")
    codes = [caught.value.code for caught in (unknown, damaged, missing, unreadable)]
    assert codes == ["unknown_model", "damaged_model", "missing_model", "damaged_model"]


def test_a_network_dropped_in_later_takes_the_place_of_a_shipped_one(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder / "tiny", other / "mine")
    assert ModelStore([folder, other]).card("tiny").file() == other / "mine" / "tiny.onnx"


def test_a_running_network_can_be_stopped(folder: Path) -> None:
    session = ModelStore([folder]).session("tiny", CPU)

    def stop() -> None:
        raise Cancelled

    picture = {"image": np.zeros((1, 3, 512, 512), np.float32), "hole": np.ones((1, 1, 512, 512), np.float32)}
    with pytest.raises(Cancelled):
        session.run(picture, stop)
