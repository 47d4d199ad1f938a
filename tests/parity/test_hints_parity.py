"""The hints network is the published one: same names, same arithmetic, so that published checkpoints load (Zhang et al. 2017)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from huefill_models.architecture import NotThatNetwork
from huefill_models.gamut import bins
from huefill_models.harness.export import largest_difference, write
from huefill_models.hints.graphs import LocalOnly
from huefill_models.hints.published import from_state
from huefill_models.published import read_state
from tests.parity.published import FOLDER, MARKS, state_of

pytestmark = MARKS


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as the published ones are: the plain state."""
    path = tmp_path_factory.mktemp("published") / "siggraph17.pth"
    torch.save(state_of("siggraph17"), path)
    return path


@pytest.fixture(scope="module")
def network(checkpoint: Path) -> LocalOnly:
    return from_state(read_state(checkpoint))


def every_place(height: int, width: int) -> torch.Tensor:
    """1 K 2: all places of the quarter-size grid, row by row."""
    rows, columns = torch.meshgrid(torch.arange(height // 4), torch.arange(width // 4), indexing="ij")
    return torch.stack([columns.flatten(), rows.flatten()], 1)[None]


def reference(part: str) -> tuple[dict[str, float], dict[str, torch.Tensor]]:
    facts, arrays = json.loads((FOLDER / f"{part}.json").read_text()), np.load(FOLDER / f"{part}.npz")
    tolerances = {key: value["atol"] for key, value in facts["outputs"].items()}
    return tolerances, {key: torch.from_numpy(arrays[key]) for key in arrays.files}


def test_the_bins_computed_from_the_gamut_are_the_published_ones_in_their_order() -> None:
    assert np.array_equal(bins(), np.load(FOLDER / "gamut_ab_313.npy"))


def test_siggraph17_gives_the_published_colors(network: LocalOnly) -> None:
    tolerance, z = reference("siggraph17")
    with torch.no_grad():
        ab, _ = network(z["in_L"], z["in_ab"], z["in_mask"], every_place(64, 96))
    assert (ab - z["out_0"]).abs().max() <= tolerance["0"]


def test_the_pytorch_port_gives_the_published_colors_and_classes() -> None:
    tolerance, z = reference("siggraph_pytorch")
    network = from_state(state_of("siggraph_pytorch"))
    with torch.no_grad():
        out, features = network.trunk(z["in_A"], z["in_B"], z["in_M"])
        logits = network.classes(features[-1])
    assert (logits - z["out_0"]).abs().max() <= tolerance["0"]
    assert (out - z["out_1"]).abs().max() <= tolerance["1"]


def test_a_retrained_file_gets_its_mask_centred(network: LocalOnly) -> None:
    tolerance, z = reference("siggraph_pytorch")
    centred = from_state(state_of("siggraph_pytorch"), centre=0.5)
    with torch.no_grad():
        ab, _ = centred(z["in_A"] * 100 + 50, z["in_B"] * 110, z["in_M"] + 0.5, every_place(32, 48))
    # Undoing and doing the scaling again rounds a little more than the reference did.
    assert (ab / 110 - z["out_1"]).abs().max() <= 2 * tolerance["1"]


def test_the_suggested_colors_are_those_of_the_published_tool() -> None:
    tolerance, z = reference("ideepcolor_dist")
    network = from_state(state_of("siggraph_pytorch"))
    with torch.no_grad():
        ab, probability = network(z["in_Lc"][None] + 50, z["in_ab"][None], z["in_mask"][None], every_place(32, 48))
    assert (ab * 110 - z["out_0"]).abs().max() <= tolerance["0"]
    published = z["out_1"][:, :, ::4, ::4].flatten(2).transpose(1, 2)
    assert (probability - published).abs().max() <= tolerance["1"]


def test_the_published_network_becomes_an_onnx_file_that_computes_the_same(network: LocalOnly, tmp_path: Path) -> None:
    write(network, tmp_path / "siggraph17.onnx")
    assert largest_difference(network, tmp_path / "siggraph17.onnx", 72, 40) < 1e-4


def test_another_network_is_refused_by_name() -> None:
    state = state_of("siggraph17")
    del state["model8up.0.bias"]
    with pytest.raises(NotThatNetwork, match=r"model8up\.0\.bias"):
        from_state(state)


def test_a_file_that_would_run_code_is_not_read(tmp_path: Path) -> None:
    class Nasty:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (print, ("harm",))

    torch.save({"model1.0.weight": Nasty()}, tmp_path / "nasty.pth")
    with pytest.raises(NotThatNetwork, match="run code"):
        read_state(tmp_path / "nasty.pth")
