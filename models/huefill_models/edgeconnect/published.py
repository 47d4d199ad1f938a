"""Published EdgeConnect weights (parameter names of the authors' code, width 64) into `network.EdgeConnect`.

They are two files, ``EdgeModel_gen.pth`` and ``InpaintingModel_gen.pth``. The convolutions of the first have a spectral norm, which is
folded into their weights.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from huefill_models.architecture import NotThatNetwork, matched
from huefill_models.edgeconnect import FILES
from huefill_models.edgeconnect.network import BLOCKS, REC709, EdgeConnect, Generator

_LAYERS = {
    "first": "encoder.1",
    "down.0": "encoder.4",
    "down.1": "encoder.7",
    **{f"blocks.{index}.wide": f"middle.{index}.conv_block.1" for index in range(BLOCKS)},
    **{f"blocks.{index}.near": f"middle.{index}.conv_block.5" for index in range(BLOCKS)},
    "up.0": "decoder.0",
    "up.1": "decoder.3",
    "last": "decoder.7",
}


def from_states(states: Mapping[str, Mapping[str, Tensor]]) -> EdgeConnect:
    """The network from the states of both `FILES`; raises `NotThatNetwork` naming the file and what is missing or left over."""
    widths = {part: _width(states[part], file) for part, file in FILES.items()}
    if len(set(widths.values())) > 1:
        raise NotThatNetwork(f"its two files are not of one size: {widths['edges']} and {widths['picture']} channels")
    network = EdgeConnect(4, 3, widths["picture"], gray=REC709)
    load_edges(network.edges, states["edges"])
    load_picture(network.picture, states["picture"])
    return network.eval()


def load_edges(generator: Generator, state: Mapping[str, Tensor]) -> None:
    """The first network's weights, their spectral norm folded in; there is no bias in the residual blocks, where a norm would undo it."""
    own = generator.state_dict()
    wanted: dict[str, Tensor] = {}
    for our, their in _LAYERS.items():
        weight = own[f"{our}.weight"]
        if not our.startswith("blocks"):
            wanted[f"{their}.bias"] = own[f"{our}.bias"]
        if our == "last":
            wanted[f"{their}.weight"] = weight
            continue
        rows = weight.transpose(0, _normed(our)).flatten(1)
        wanted |= {f"{their}.weight_orig": weight, f"{their}.weight_u": rows[:, 0], f"{their}.weight_v": rows[0]}
    matched(state, wanted, f"the edge network of EdgeConnect ({FILES['edges']})")
    for our, their in _LAYERS.items():
        plain = state.get(f"{their}.weight")
        own[f"{our}.weight"] = _folded(state, their, _normed(our)) if plain is None else plain
        own[f"{our}.bias"] = state.get(f"{their}.bias", torch.zeros_like(own[f"{our}.bias"]))
    generator.load_state_dict(own)


def load_picture(generator: Generator, state: Mapping[str, Tensor]) -> None:
    """The second network's weights."""
    own = generator.state_dict()
    theirs = {f"{our}.{part}": f"{their}.{part}" for our, their in _LAYERS.items() for part in ("weight", "bias")}
    wanted = {their: own[our] for our, their in theirs.items()}
    matched(state, wanted, f"the inpainting network of EdgeConnect ({FILES['picture']})")
    generator.load_state_dict({our: state[their] for our, their in theirs.items()})


def _normed(layer: str) -> int:
    """The dimension of a weight that its spectral norm takes for the rows: the outputs."""
    return 1 if layer.startswith("up") else 0


def _folded(state: Mapping[str, Tensor], layer: str, rows: int) -> Tensor:
    weight = state[f"{layer}.weight_orig"]
    matrix = weight.transpose(0, rows).flatten(1)
    return weight / torch.dot(state[f"{layer}.weight_u"], matrix @ state[f"{layer}.weight_v"])


def _width(state: Mapping[str, Tensor], file: str) -> int:
    bias = state.get("encoder.1.bias")
    if bias is None or bias.ndim != 1:
        raise NotThatNetwork(f"{file} is no network of EdgeConnect: its first convolution is missing")
    return bias.shape[0]
