"""Published GMCNN weights (parameter names of the authors' PyTorch code, width 32) into `network.Columns`."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from huefill_models.architecture import NotThatNetwork, matched
from huefill_models.gmcnn.network import Columns

_WHAT = "a GMCNN checkpoint"
_FIRST, _LAST = "EB1.0.weight", "decoding_layers.1.weight"
# Twelve convolutions a column; behind them, numbered on, upsamplings (which have no weights) and two convolutions after each.
_DOWN, _UP = 12, (13, 16)


def from_state(state: Mapping[str, Tensor]) -> Columns:
    """The network from the authors' state; raises `NotThatNetwork` naming what is missing or left over."""
    first, last = state.get(_FIRST), state.get(_LAST)
    if first is None or last is None or first.ndim != 4 or last.ndim != 4 or (first.shape[1], last.shape[0]) != (4, 3):
        raise NotThatNetwork(f"it is not {_WHAT}: its first or last convolution is missing or of another shape")
    network = Columns(4, 3, 2 * last.shape[1], padding="reflect")
    own = network.state_dict()
    theirs = {name: _their_name(name) for name in own}
    matched(state, {theirs[name]: value for name, value in own.items()}, _WHAT)
    network.load_state_dict({name: state[their] for name, their in theirs.items()})
    return network.eval()


def _their_name(name: str) -> str:
    kind, *places, _, part = name.split(".")
    if kind in ("merge", "last"):
        return f"decoding_layers.{('merge', 'last').index(kind)}.{part}"
    column, way, *place = places
    index = int(place[0]) if way == "down" else _UP[int(place[0])] + int(place[1])
    return f"EB{int(column) + 1}.{index}.{part}"
