"""Published weights of Zhang et al. 2017 into `network.Trunk` (parameter names of richzhang's two repositories and ideepcolor's).

``siggraph17-df00044c.pth``, ``latest_net_G.pth`` (retrained: its mask is centred) and ``caffemodel.pth`` share their keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from huefill_models.hints.export import LocalOnly
from huefill_models.hints.network import PUBLISHED, Trunk

_CLASSES = 529


def load_published(path: Path, *, centre: float = 0.0) -> LocalOnly:
    """The published network from a checkpoint file; ``centre`` as in `LocalOnly`.

    Read with ``weights_only=True``: a file that would run code is refused (`pickle.UnpicklingError`). Raises KeyError or RuntimeError
    for another network.
    """
    stored = torch.load(path, map_location="cpu", weights_only=True)
    return from_state(stored.get("state_dict", stored), centre=centre)


def from_state(state: Mapping[str, Tensor], *, centre: float = 0.0) -> LocalOnly:
    """The network from a state with the published keys; raises KeyError naming what is missing or left over."""
    trunk, classes = Trunk(PUBLISHED), nn.Conv2d(PUBLISHED.eighth, _CLASSES, 1)
    expected = {published_name(key): key for key in trunk.state_dict()}
    wanted = set(expected) | {"model_class.0.weight", "model_class.0.bias"}
    if wrong := wanted ^ set(state):
        raise KeyError(f"not a published hints network: {', '.join(sorted(wrong)[:5])}")
    trunk.load_state_dict({ours: state[theirs] for theirs, ours in expected.items()})
    classes.load_state_dict({"weight": state["model_class.0.weight"], "bias": state["model_class.0.bias"]})
    return LocalOnly(trunk, classes, centre).eval()


def published_name(key: str) -> str:
    """A trunk parameter's name in the published files.

    ``block1.0.weight`` to ``model1.0.weight``, ``up8.weight`` to ``model8up.0.weight``, ``short8.bias`` to ``model3short8.0.bias``.
    """
    name, _, rest = key.partition(".")
    if name.startswith("block"):
        return f"model{name[5:]}.{rest}"
    if name.startswith("up"):
        return f"model{name[2:]}up.0.{rest}"
    if name.startswith("short"):
        return f"model{11 - int(name[5:])}short{name[5:]}.0.{rest}"
    return f"model_{name}.0.{rest}"
