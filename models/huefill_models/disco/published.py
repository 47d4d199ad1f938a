"""The published checkpoint (``disco-beta.pth.rar``, a PyTorch file in spite of its name) into `network.Disco`, by its tensors' names.

Its spectrally normalised convolutions keep torch's former names, ``weight_orig``, ``weight_u`` and ``weight_v``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from torch import Tensor

from huefill_models.architecture import matched
from huefill_models.disco.network import CONFIGURATIONS, Disco

# Ours to theirs, the first pattern that fits a name.
_NAMES = (
    (r"spixnet\.down\.(\d)\.0\.(.*)", r"segnet.net.conv\1a.\2"),
    (r"spixnet\.down\.(\d)\.1\.(.*)", r"segnet.net.conv\1b.\2"),
    (r"spixnet\.up\.(\d)\.(.*)", r"segnet.net.deconv<3-\1>.\2"),
    (r"spixnet\.join\.(\d)\.(.*)", r"segnet.net.conv<3-\1>_1.\2"),
    (r"spixnet\.out\.(.*)", r"segnet.net.pred_mask0.\1"),
    (r"backbone\.blocks\.0\.(.*)", r"repnet.conv1_2.\1"),
    (r"backbone\.blocks\.(\d)\.(.*)", r"repnet.conv<1+\1>_3.\2"),
    (r"backbone\.short\.(.*)", r"repnet.conv3short8.0.\1"),
    (r"backbone\.up\.(\d)\.(.*)", r"repnet.conv<8+\1>up.1.\2"),
    (r"backbone\.joined\.0\.(.*)", r"repnet.conv8_3.\1"),
    (r"backbone\.joined\.(\d)\.(.*)", r"repnet.conv<8+\1>_2.\2"),
    (r"modeler\.transformer\.(.*)", r"wildpath.\1"),
    (r"modeler\.colors\.(.*)", r"mid_word_prj.\1"),
    (r"generator\.transformer\.(.*)", r"hintpath.\1"),
    (r"generator\.embed\.(.*)", r"trg_word_emb.\1"),
    (r"generator\.colors\.(.*)", r"trg_word_prj.\1"),
    (r"refinenet\.first\.0\.(.*)", r"enhanceNet.inConv.inConv.0.\1"),
    (r"refinenet\.first\.2\.(.*)", r"enhanceNet.inConv.conv.0.\1"),
    (r"refinenet\.first\.4\.(.*)", r"enhanceNet.inConv.conv.2.\1"),
    (r"refinenet\.down\.(\d)\.(.*)", r"enhanceNet.down<1+\1>.conv.\2"),
    (r"refinenet\.residual\.(\d)\.layers\.(.*)", r"enhanceNet.residual.\1.conv.\2"),
    (r"refinenet\.up\.(\d)\.before\.(.*)", r"enhanceNet.up<2-\1>.conv1.\2"),
    (r"refinenet\.up\.(\d)\.join\.(.*)", r"enhanceNet.up<2-\1>.combine.\2"),
    (r"refinenet\.up\.(\d)\.after\.(.*)", r"enhanceNet.up<2-\1>.conv2.\2"),
    (r"refinenet\.out\.(.*)", r"enhanceNet.outConv.\1"),
)
# Of a transformer's layer, and of a spectrally normalised convolution.
_PARTS = {
    ".inputs.weight": ".self_attn.in_proj_weight",
    ".inputs.bias": ".self_attn.in_proj_bias",
    ".out.weight": ".self_attn.out_proj.weight",
    ".out.bias": ".self_attn.out_proj.bias",
    ".widen.": ".linear1.",
    ".narrow.": ".linear2.",
    ".norms.0.": ".norm1.",
    ".norms.1.": ".norm2.",
}
_SPECTRAL = {
    ".parametrizations.weight.original": ".weight_orig",
    ".parametrizations.weight.0._u": ".weight_u",
    ".parametrizations.weight.0._v": ".weight_v",
}


def from_state(state: Mapping[str, Tensor]) -> Disco:
    """The network from a state with the published names; raises `NotThatNetwork` naming what is missing, too many or of another shape."""
    network = Disco(CONFIGURATIONS["published"])
    own = network.state_dict()
    theirs = {ours: published_name(ours) for ours in own}
    matched(state, {name: own[ours] for ours, name in theirs.items()}, "the published network of Xia et al. 2022")
    network.load_state_dict({ours: state[name] for ours, name in theirs.items()})
    return network.eval()


def published_name(ours: str) -> str:
    """A tensor's name in the published file: ``modeler.colors.weight`` to ``mid_word_prj.weight``."""
    for pattern, name in _NAMES:
        if found := re.fullmatch(pattern, ours):
            theirs = re.sub(r"<(\d)([+-])(\d)>", _number, found.expand(name))
            parts = _PARTS if ".layers." in theirs and "path." in theirs else _SPECTRAL
            for our_part, their_part in parts.items():
                theirs = theirs.replace(our_part, their_part)
            return theirs
    raise KeyError(ours)


def _number(match: re.Match[str]) -> str:
    first, second = int(match[1]), int(match[3])
    return str(first + second if match[2] == "+" else first - second)
