"""Published DeepFill v2 weights into `network.Generator` (parameter names of nipponjo's two PyTorch ports, width 48).

``blocks``  keys such as ``stage1.down_block1.conv1_downsample.conv.weight``; PyTorch padding, score fusion.
``flat``    keys such as ``conv2_downsample.conv.weight``; the converted official TensorFlow weights; SAME padding, no fusion.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from huefill_models.deepfill.network import Generator

_ENCODER_BLOCKS = ("conv1", "down_block1.conv1_downsample", "down_block1.conv2", "down_block2.conv1_downsample", "down_block2.conv2")
_DECODER_BLOCKS = ("up_block1.conv1_upsample.conv", "up_block1.conv2", "up_block2.conv1_upsample.conv", "up_block2.conv2", "conv_to_rgb")


def load_published(path: Path) -> Generator:
    """The published-width network from a checkpoint file: a dict with the state under "G", or the state itself.

    Input: masked RGB, ones, hole. Read with ``weights_only=True``: a file that would run code is refused (`pickle.UnpicklingError`).
    """
    stored = torch.load(path, map_location="cpu", weights_only=True)
    return from_state(stored.get("G", stored))


def from_state(state: Mapping[str, Tensor]) -> Generator:
    """The network from a state with either port's keys; raises KeyError naming what is missing or left over."""
    flat = "conv1.conv.weight" in state
    names = _flat_names() if flat else _block_names()
    weight = state["conv17.conv.weight" if flat else "stage1.conv_to_rgb.conv.weight"]
    width, outputs = 4 * weight.shape[1], weight.shape[0]
    inputs = state["conv1.conv.weight" if flat else "stage1.conv1.conv.weight"].shape[1]
    options = {"padding": "tensorflow", "fuse": False, "halve": "align_corners"} if flat else {}
    generator = Generator(inputs, outputs, width, **options)
    ours = {f"{our}.conv.{part}": f"{their}.conv.{part}" for our, their in names.items() for part in ("weight", "bias")}
    # A constant of the attention, not a weight: the 3x3 identity that sums along diagonals.
    ignored = set() if flat else {"stage2.contextual_attention.fuse_weight"}
    if wrong := set(ours.values()) ^ (set(state) - ignored):
        raise KeyError(f"not a DeepFill v2 checkpoint of a known layout: {', '.join(sorted(wrong)[:5])}")
    generator.load_state_dict({our: state[their] for our, their in ours.items()})
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
