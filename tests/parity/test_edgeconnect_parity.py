"""Published-width EdgeConnect weights, from their two files, load into both networks and give the published outputs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from huefill_models.architecture import NotThatNetwork
from huefill_models.edgeconnect.network import Generator
from huefill_models.edgeconnect.published import from_states, load_edges, load_picture
from huefill_models.published import read_state
from tests.parity.published import FOLDER, MARKS, state_of

pytestmark = MARKS
EDGES, PICTURE = "edgeconnect_edge", "edgeconnect_inpaint"
Load = Callable[[Generator, Mapping[str, Tensor]], None]
NETWORKS: dict[str, tuple[tuple[int, int], Load, Callable[[Tensor], Tensor]]] = {
    EDGES: ((3, 1), load_edges, torch.sigmoid),
    PICTURE: ((4, 3), load_picture, lambda made: (torch.tanh(made) + 1) / 2),
}


@pytest.mark.parametrize("part", NETWORKS)
def test_each_network_agrees_with_the_published_one(part: str, tmp_path: Path) -> None:
    facts, arrays = json.loads((FOLDER / f"{part}.json").read_text()), np.load(FOLDER / f"{part}.npz")
    torch.save({"iteration": 2_000_000, "generator": state_of(part)}, tmp_path / "gen.pth")
    (inputs, outputs), load, activation = NETWORKS[part]
    generator = Generator(inputs, outputs, 64).eval()
    load(generator, read_state(tmp_path / "gen.pth"))
    with torch.no_grad():
        out = activation(generator(torch.from_numpy(arrays["in_x"])))
    assert np.abs(out.numpy() - arrays["out_0"]).max() <= facts["outputs"]["0"]["atol"]


def test_both_run_one_after_the_other_and_see_what_the_published_ones_see() -> None:
    network = from_states({"edges": state_of(EDGES), "picture": state_of(PICTURE)})
    photo, hole = torch.rand(1, 3, 64, 96), torch.zeros(1, 1, 64, 96)
    hole[..., 20:40, 30:60] = 1
    x = torch.cat([(photo * 2 - 1) * (1 - hole), torch.ones_like(hole), hole], dim=1)
    gray = (photo * torch.tensor((0.2125, 0.7154, 0.0721)).view(1, 3, 1, 1)).sum(1, keepdim=True)
    with torch.no_grad():
        own = network.known_edges(x, hole)
        said = torch.sigmoid(network.edges(torch.cat([gray * (1 - hole) + hole, own * (1 - hole), hole], dim=1)))
        edges = said * hole + own * (1 - hole)
        picture = torch.tanh(network.picture(torch.cat([photo * (1 - hole) + hole, edges], dim=1)))
        drawn = network.draw(x, hole)
    torch.testing.assert_close(drawn.edges, edges)
    torch.testing.assert_close(drawn.picture, picture, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(("part", "lacking"), [("edges", "middle.3.conv_block.5.weight_v"), ("picture", "middle.3.conv_block.5.bias")])
def test_a_state_that_lacks_a_tensor_is_refused_and_its_file_named(part: str, lacking: str) -> None:
    states = {"edges": state_of(EDGES), "picture": state_of(PICTURE)}
    del states[part][lacking]
    with pytest.raises(NotThatNetwork, match=rf"({'EdgeModel' if part == 'edges' else 'InpaintingModel'}_gen\.pth).*{lacking}"):
        from_states(states)


def test_files_that_were_confused_are_refused() -> None:
    with pytest.raises(NotThatNetwork, match="the edge network of EdgeConnect"):
        from_states({"edges": state_of(PICTURE), "picture": state_of(EDGES)})
