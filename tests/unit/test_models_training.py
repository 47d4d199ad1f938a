"""The training harness: masks by seed, photographs from folders and shards, slices that resume to the very same state."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest
import torch

from huefill.runtime.store import ModelStore, shipped_folders
from huefill_models.architecture import architectures
from huefill_models.card import Card
from huefill_models.harness import checkpoint, masks
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.export import export, from_checkpoints
from huefill_models.harness.start import arguments_of, begin
from huefill_models.harness.train import main

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
SHAPES = (masks.free_form, masks.blob, masks.polygon, masks.ellipses, masks.rectangle, masks.border, masks.lines)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    for name in ("parrots.png", "beach.png", "jetty.jpg"):
        (folder / name).write_bytes((PHOTOS / name).read_bytes())
    return folder


@hypothesis.settings(deadline=None, max_examples=25)
@hypothesis.given(st.sampled_from(SHAPES), st.integers(0, 10_000), st.integers(32, 120), st.integers(32, 120))
def test_a_mask_is_zeros_and_ones_of_its_size_and_follows_its_seed(make: object, seed: int, height: int, width: int) -> None:
    first = make(np.random.default_rng(seed), height, width)  # type: ignore[operator]
    assert first.shape == (height, width) and set(np.unique(first)) <= {0, 1}
    assert np.array_equal(first, make(np.random.default_rng(seed), height, width))  # type: ignore[operator]


def test_photographs_come_from_a_folder_and_from_a_shard_alike(folder: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "shard.tar", "w") as shard:
        for path in sorted(folder.iterdir()):
            data = path.read_bytes()
            entry = tarfile.TarInfo(path.name)
            entry.size = len(data)
            shard.addfile(entry, io.BytesIO(data))
    loose, packed = PhotoSet(folder), PhotoSet(tmp_path)
    assert len(loose) == len(packed) == 3
    crops = [photos.crop(np.random.default_rng(4), 64) for photos in (loose, packed)]
    assert np.array_equal(crops[0], crops[1])


def train(folder: Path, out: Path, *more: str) -> dict[str, object]:
    fixed = [
        "--device",
        "cpu",
        "--precision",
        "fp32",
        "--threads",
        "1",
        "--width",
        "8",
        "--size",
        "64",
        "--batch",
        "2",
        "--perceptual",
        "0",
    ]
    main(["deepfill", "--data", str(folder), "--out", str(out), *fixed, *more])
    return checkpoint.load(out / "checkpoint.pt")


def test_a_run_in_two_slices_ends_in_the_very_state_of_a_run_in_one(folder: Path, tmp_path: Path) -> None:
    # The adversarial part sets in between the slices, so that both networks and both optimizers have to come back.
    schedule = ("--total-steps", "6", "--adversarial", "0.1", "--adversarial-from", "0.3", "--late-size", "64")
    whole = train(folder, tmp_path / "whole", *schedule)
    half = train(folder, tmp_path / "sliced", *schedule, "--steps", "3")
    sliced = train(folder, tmp_path / "sliced", *schedule)
    assert (half["step"], whole["step"], sliced["step"]) == (3, 6, 6)
    assert not same_tensors(half["models"], whole["models"])
    for part in ("models", "average", "optimizers"):
        assert same_tensors(sliced[part], whole[part])


def same_tensors(one: object, other: object) -> bool:
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_tensors(value, other[key]) for key, value in one.items())
    return one == other


TINY: dict[str, tuple[str, ...]] = {
    "deepfill": ("--width", "8", "--size", "64", "--late-size", "64", "--batch", "2", "--perceptual", "0"),
    "hints": ("--encoder", "lite0", "--photos", "4", "--hinted", "2", "--places", "4"),
}
RUNS = [("deepfill", "mono"), ("deepfill", "rgb"), ("hints", "")]


def slice_of(architecture: str, variant: str, folder: Path, out: Path, *more: str) -> dict[str, Any]:
    chosen = ("--variant", variant) if variant else ()
    fixed = ["--device", "cpu", "--precision", "fp32", "--threads", "1", "--total-steps", "4", *TINY[architecture], *chosen, *more]
    main([architecture, "--data", str(folder), "--out", str(out), *fixed])
    return checkpoint.load(out / "checkpoint.pt")


@dataclass(frozen=True)
class Exported:
    """A network trained for two steps: the checkpoint's state, the folder with its ONNX file and card."""

    state: dict[str, Any]
    card: Card


@pytest.fixture(scope="module")
def exported(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Exported]:
    """Each is trained and exported once: the exporter takes its time. The RGB one is measured, too."""

    @cache
    def make(architecture: str, variant: str) -> Exported:
        place = tmp_path_factory.mktemp(f"{architecture}{variant}")
        state = slice_of(architecture, variant, folder, place / "run", "--steps", "2")
        data = [folder] if variant == "rgb" else []
        return Exported(state, export([place / "run" / "checkpoint.pt"], place / "net" / "mine.onnx", data=data))

    return make


@pytest.mark.parametrize(("architecture", "variant"), RUNS)
def test_training_starts_again_from_the_exported_network(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    exported: Callable[[str, str], Exported],
    architecture: str,
    variant: str,
) -> None:
    trained, made = exported(architecture, variant).state, exported(architecture, variant).card
    assert (made.architecture, made.variant, made.name) == (architecture, variant, "mine")
    assert made.facts["training"]["steps"] == 2 and made.facts["difference_from_torch"] < 0.05
    ModelStore([made.folder.parent]).verify(made)
    recipe = architectures()[architecture].recipe()(architecture, **arguments_of(made.folder))  # type: ignore[misc]
    assert "anew" not in begin(recipe, made.folder)
    again = recipe.models[recipe.averaged].state_dict()
    for key, value in trained["average"].items():
        if value.is_floating_point():
            assert torch.equal(again[key], value) or torch.equal(again[key], value.half().float()), key
    capsys.readouterr()
    after = slice_of(
        architecture,
        variant,
        folder,
        tmp_path / "second",
        "--steps",
        "1",
        "--start",
        str(made.file() if "network" in made.files else made.folder),
    )
    assert "starting from" in capsys.readouterr().out
    assert after["step"] == 1
    moved = max(float((after["average"][key] - value).abs().max()) for key, value in trained["average"].items() if value.ndim == 4)
    assert moved < 0.02  # one small step away, and not a network drawn anew


def test_the_shipped_networks_are_a_start_too(folder: Path, tmp_path: Path) -> None:
    for card in ModelStore(shipped_folders()).cards():
        recipe = architectures()[card.architecture].recipe()(card.architecture, **arguments_of(card.folder))  # type: ignore[misc]
        before = {key: value.clone() for key, value in recipe.models[recipe.averaged].state_dict().items()}
        begin(recipe, card.folder)
        after = recipe.models[recipe.averaged].state_dict()
        weights = [key for key, value in before.items() if value.ndim == 4]
        assert sum(not torch.equal(before[key], after[key]) for key in weights) > 0.95 * len(weights)


def test_weights_of_another_network_are_no_start(folder: Path, tmp_path: Path, exported: Callable[[str, str], Exported]) -> None:
    mine = exported("deepfill", "mono").card.folder
    for start, words in ((mine, "another width"), (tmp_path / "nothing.pt", "no file"), (tmp_path, r"no card\.json")):
        with pytest.raises(SystemExit, match=words):
            slice_of("deepfill", "mono", folder, tmp_path / "other", "--steps", "1", "--width", "16", "--start", str(start))
    assert not (tmp_path / "other" / "checkpoint.pt").exists()


def test_several_checkpoints_of_a_training_are_exported_as_their_mean(folder: Path, tmp_path: Path) -> None:
    paths = [tmp_path / name / "checkpoint.pt" for name in ("one", "two")]
    states = [slice_of("deepfill", "mono", folder, path.parent, "--steps", str(1 + number)) for number, path in enumerate(paths)]
    key = "coarse.encoder.0.conv.weight"
    network, _ = from_checkpoints(paths)
    expected = torch.stack([state["average"][key].double() for state in states]).mean(0).float()
    assert torch.equal(network.state_dict()[f"backbone.{key}"], expected)
    assert not torch.equal(expected, states[1]["average"][key])


def test_an_exported_network_is_measured_on_photographs_for_its_card(exported: Callable[[str, str], Exported]) -> None:
    made = exported("deepfill", "rgb").card
    assert made.rank == made.score["hole_psnr"] > 0
    assert set(made.facts["scores"]["holes"]["object"]) == {"network", "flat", "telea", "navier_stokes"}
    assert exported("deepfill", "mono").card.score == {}


def test_every_architecture_can_be_trained_or_exported_by_its_name_alone() -> None:
    assert set(architectures()) >= {"deepfill", "hints"}
    for name, described in architectures().items():
        assert described.name == name and described.variants
