"""Published weights of Zhang et al. 2017 into `trunk.Trunk` (parameter names of richzhang's two repositories and ideepcolor's).

``siggraph17-df00044c.pth``, ``latest_net_G.pth`` (retrained: its mask is centred) and ``caffemodel.pth`` share their keys.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

from huefill_models.architecture import matched
from huefill_models.hints.graphs import LocalOnly
from huefill_models.hints.trunk import PUBLISHED, Trunk

_CLASSES = 529


def from_state(state: Mapping[str, Tensor], *, centre: float = 0.0) -> LocalOnly:
    """The network from a state with the published keys, ``centre`` as in `LocalOnly`; raises `NotThatNetwork` for another state."""
    trunk, classes = Trunk(PUBLISHED), nn.Conv2d(PUBLISHED.eighth, _CLASSES, 1)
    theirs = {published_name(key): key for key in trunk.state_dict()}
    own, last = trunk.state_dict(), {f"model_class.0.{key}": value for key, value in classes.state_dict().items()}
    matched(state, {**{their: own[our] for their, our in theirs.items()}, **last}, "a published hints network")
    trunk.load_state_dict({our: state[their] for their, our in theirs.items()})
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
