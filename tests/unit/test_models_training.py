"""The training harness: masks by seed, photographs from folders and shards, slices that resume to the very same state."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest
import torch

from huefill_models.harness import checkpoint, masks
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.train import main

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
SHAPES = (masks.free_form, masks.blob, masks.polygon, masks.ellipses, masks.rectangle, masks.mixed)


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


def test_mixed_masks_keep_to_their_area() -> None:
    shares = [masks.mixed(np.random.default_rng(seed), 96, 96, area=(0.05, 0.4)).mean() for seed in range(30)]
    assert min(shares) >= 0.05 and max(shares) <= 0.4


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
    fixed = ["--device", "cpu", "--precision", "fp32", "--threads", "1", "--width", "8", "--size", "64", "--batch", "2"]
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
