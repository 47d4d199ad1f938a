"""Published DeepFill v2 weights into `network.Generator` (parameter names of nipponjo's two PyTorch ports, width 48).

``blocks``  keys such as ``stage1.down_block1.conv1_downsample.conv.weight``; PyTorch padding, score fusion.
``flat``    keys such as ``conv2_downsample.conv.weight``; the converted official TensorFlow weights; SAME padding, no fusion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from huefill_models.architecture import NotThatNetwork, matched
from huefill_models.deepfill.network import Generator

_WHAT = "a DeepFill v2 checkpoint of a known layout"
_ENCODER_BLOCKS = ("conv1", "down_block1.conv1_downsample", "down_block1.conv2", "down_block2.conv1_downsample", "down_block2.conv2")
_DECODER_BLOCKS = ("up_block1.conv1_upsample.conv", "up_block1.conv2", "up_block2.conv1_upsample.conv", "up_block2.conv2", "conv_to_rgb")


def from_state(state: Mapping[str, Tensor]) -> Generator:
    """The network from a state with either port's keys; raises `NotThatNetwork` naming what is missing or left over."""
    flat = "conv1.conv.weight" in state
    names = _flat_names() if flat else _block_names()
    last = state.get("conv17.conv.weight" if flat else "stage1.conv_to_rgb.conv.weight")
    first = state.get("conv1.conv.weight" if flat else "stage1.conv1.conv.weight")
    if last is None or first is None or last.ndim != 4 or first.ndim != 4 or (last.shape[0], first.shape[1]) != (3, 5):
        raise NotThatNetwork(f"it is not {_WHAT}: its first or last convolution is missing or of another shape")
    options: dict[str, Any] = {"padding": "tensorflow", "fuse": False, "halve": "align_corners"} if flat else {}
    generator = Generator(5, 3, 4 * last.shape[1], **options)
    theirs = {f"{our}.conv.{part}": f"{their}.conv.{part}" for our, their in names.items() for part in ("weight", "bias")}
    own = generator.state_dict()
    # A constant of the attention, not a weight: the 3x3 identity that sums along diagonals.
    ignored = frozenset() if flat else frozenset({"stage2.contextual_attention.fuse_weight"})
    matched(state, {their: own[our] for our, their in theirs.items()}, _WHAT, ignored)
    generator.load_state_dict({our: state[their] for our, their in theirs.items()})
    return generator.eval()


def _numbered(prefix: str, names: list[str]) -> dict[str, str]:
    return {f"{prefix}.{index}": name for index, name in enumerate(names)}


def _block_names() -> dict[str, str]:
    def bottleneck(prefix: str, numbers: range) -> list[str]:
        return [f"{prefix}conv_bn{number}" for number in numbers]

    def all_under(prefix: str, names: list[str] | tuple[str, ...]) -> list[str]:
        return [prefix + name for name in names]

    return {
        **_numbered("coarse.encoder", [*all_under("stage1.", _ENCODER_BLOCKS), *bottleneck("stage1.", range(1, 6))]),
        **_numbered("coarse.decoder", [*bottleneck("stage1.", range(6, 8)), *all_under("stage1.", _DECODER_BLOCKS)]),
        **_numbered("refinement.convolutions", [*all_under("stage2.conv_", _ENCODER_BLOCKS), *bottleneck("stage2.conv_", range(1, 6))]),
        **_numbered("refinement.before_attention", [*all_under("stage2.ca_", _ENCODER_BLOCKS), "stage2.ca_conv_bn1"]),
        **_numbered("refinement.after_attention", bottleneck("stage2.ca_", range(4, 6))),
        **_numbered("refinement.decoder", [*bottleneck("stage2.", range(6, 8)), *all_under("stage2.", _DECODER_BLOCKS)]),
    }


def _flat_names() -> dict[str, str]:
    def encoder(prefix: str) -> list[str]:
        plain = ("1", "2_downsample", "3", "4_downsample", "5", "6")
        return [f"{prefix}conv{name}" for name in plain]

    def dilated(prefix: str) -> list[str]:
        return [f"{prefix}conv{number}_atrous" for number in range(7, 11)]

    def decoder(prefix: str) -> list[str]:
        return [f"{prefix}conv{name}" for name in ("11", "12", "13_upsample.conv", "14", "15_upsample.conv", "16", "17")]

    return {
        **_numbered("coarse.encoder", encoder("") + dilated("")),
        **_numbered("coarse.decoder", decoder("")),
        **_numbered("refinement.convolutions", encoder("x") + dilated("x")),
        **_numbered("refinement.before_attention", encoder("pm")),
        **_numbered("refinement.after_attention", ["pmconv9", "pmconv10"]),
        **_numbered("refinement.decoder", decoder("all")),
    }
