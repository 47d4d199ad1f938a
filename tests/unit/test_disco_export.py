"""The network of anchors as three files: what ONNX Runtime makes of them, one after another, is what torch makes of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

from huefill.runtime.store import ModelStore
from huefill_models import card
from huefill_models.architecture import architectures
from huefill_models.disco.anchors import beginning
from huefill_models.disco.network import Disco
from huefill_models.disco.recipe import Anchored
from huefill_models.harness import checkpoint
from huefill_models.harness.export import export, from_checkpoints
from huefill_models.harness.start import arguments_of, begin
from huefill_models.harness.train import main

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
PARTS = ("features", "anchors", "generation")


@dataclass(frozen=True)
class Trained:
    """A network after two steps: its checkpoint, its card."""

    checkpoint: Path
    card: card.Card


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder, photos = tmp_path_factory.mktemp("disco"), tmp_path_factory.mktemp("photos")
    for name in ("parrots.png", "beach.png"):
        (photos / name).write_bytes((PHOTOS / name).read_bytes())
    fixed = ["--device", "cpu", "--precision", "fp32", "--threads", "1", "--size", "64", "--batch", "2", "--total-steps", "4"]
    try:
        main(["disco", "--data", str(photos), "--out", str(folder / "run"), *fixed, "--steps", "3"])
    except ModuleNotFoundError as missing:
        pytest.skip(str(missing))
    stored = folder / "run" / "checkpoint.pt"
    return Trained(stored, export([stored], folder / "net" / "mine.onnx"))


class InOnnx:
    """The parts of a card, run one after another as their tensors' names say."""

    def __init__(self, described: card.Card) -> None:
        self.sessions = {
            part: onnxruntime.InferenceSession(str(described.file(part)), providers=["CPUExecutionProvider"]) for part in described.files
        }
        self.known: dict[str, np.ndarray] = {}

    def run(self, part: str, **given: np.ndarray) -> dict[str, np.ndarray]:
        session = self.sessions[part]
        self.known |= given
        out = session.run(None, {item.name: self.known[item.name] for item in session.get_inputs()})
        found = dict(zip([item.name for item in session.get_outputs()], out, strict=True))
        self.known |= found
        return found


def lightness_of(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(0, 100, (1, 1, height, width)).astype(np.float32)


def test_the_card_lists_three_whole_files_of_at_most_16_mb_and_says_what_goes_in_and_out(trained: Trained) -> None:
    made = trained.card
    assert {part: item.file for part, item in made.files.items()} == {part: f"mine_{part}.onnx" for part in PARTS}
    assert (made.name, made.role, made.architecture, made.facts["options"]) == ("mine", "anchors", "disco", {"configuration": "compact"})
    ModelStore([made.folder.parent]).verify(made)
    assert made.bytes <= 16 << 20
    assert set(made.inputs) == {"lightness", "start", "ab", "mask"} and {"anchors", "colors", "ab_out"} <= set(made.outputs)
    assert made.sizes == architectures()["disco"].sizes and len(made.facts["bins"]) == 313
    assert made.facts["difference_from_torch"] < 0.05
    runs = InOnnx(made).sessions
    stated = {*made.inputs, *made.outputs}
    assert all({item.name for item in (*run.get_inputs(), *run.get_outputs())} <= stated for run in runs.values())


@pytest.mark.parametrize(("height", "width", "count"), [(64, 64, 8), (96, 224, 3)])
def test_a_photo_goes_through_the_three_files_as_through_the_network(trained: Trained, height: int, width: int, count: int) -> None:
    whole, _ = from_checkpoints([trained.checkpoint])
    network = whole.graphs["features"].network  # type: ignore[union-attr]
    assert isinstance(network, Disco)
    files = InOnnx(trained.card)
    lightness, cells = lightness_of(height, width), (height // 16) * (width // 16)
    files.run("features", lightness=lightness)
    mask, ab = np.zeros((1, 1, height // 16, width // 16), np.float32), np.zeros((1, 2, height // 16, width // 16), np.float32)
    # How likely colors are before any anchor is what the last file says without one.
    files.run("generation", ab=ab, mask=mask)
    start = beginning(1, count, cells)[None].numpy()
    found = files.run("anchors", start=start)
    assert all(np.array_equal(found[name], value) for name, value in files.run("anchors", start=start).items())
    assert found["members"].sum() == cells and found["groups"].shape == (1, height // 16, width // 16)
    x, y = found["anchors"][0].T
    assert len({*zip(x.tolist(), y.tolist(), strict=True)}) == count and (found["groups"][0, y, x] == np.arange(count)).all()
    none_mask, none_ab = mask.copy(), ab.copy()
    mask[0, 0, y, x] = 1
    ab[0, :, y, x] = found["colors"][0, 1][:, y, x].T
    out = files.run("generation", ab=ab, mask=mask)
    with torch.no_grad():
        centered = (torch.from_numpy(lightness) - 50) / 50
        seen = network.see(centered)
        _, before = network.generate(centered, seen, torch.from_numpy(none_ab), torch.from_numpy(none_mask))
        expected, after = network.generate(centered, seen, torch.from_numpy(ab), torch.from_numpy(mask))
    # The files hold the weights in half precision.
    assert np.abs(out["ab_out"] - 110 * expected.numpy()).max() < 0.5
    assert np.abs(found["probability"] - torch.softmax(before, 1).numpy()).max() < 1e-3
    assert np.abs(out["probability_out"] - torch.softmax(after, 1).numpy()).max() < 1e-3


def test_a_changed_anchor_needs_the_last_file_alone(trained: Trained) -> None:
    files = InOnnx(trained.card)
    files.run("features", lightness=lightness_of(64, 96))
    mask, ab = np.zeros((1, 1, 4, 6), np.float32), np.zeros((1, 2, 4, 6), np.float32)
    mask[0, 0, 2, 2] = 1
    results = []
    for color in ((60, 40), (10, -60)):
        ab[0, :, 2, 2] = color
        results.append(files.run("generation", ab=ab, mask=mask)["probability_out"])
    assert np.abs(results[0] - results[1]).max() > 1e-6


def test_training_starts_again_from_the_three_files(trained: Trained) -> None:
    recipe = Anchored("disco", **arguments_of(trained.card.folder))
    _, _, missing = begin(recipe, trained.card.folder).partition("begun anew: ")
    # The modeler's own colors are in no file: the hints network's decoder tells how likely colors are.
    anew = missing.split(", ")
    assert anew == ["modeler.colors.weight"]
    state: dict[str, Any] = checkpoint.load(trained.checkpoint)
    for name, value in recipe.models["network"].state_dict().items():
        stored = state["average"][name]
        if value.is_floating_point() and name not in anew:
            assert torch.equal(value, stored) or torch.equal(value, stored.half().float()), name
