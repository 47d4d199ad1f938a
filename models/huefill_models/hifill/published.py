"""The authors' TensorFlow variables by our names: "Hifill-tensorflow", checkpoint and graph of Places2."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from huefill_models.architecture import matched
from huefill_models.hifill.network import HiFill

WIDTH = 32
# What the checkpoint holds beside the generator.
_OTHERS = ("discriminator/", "beta1_power", "beta2_power", "global_step")


def from_state(state: Mapping[str, Tensor]) -> HiFill:
    """The published network from its variables by their TensorFlow names, as stored; `NotThatNetwork` where it is another."""
    theirs = {name.removesuffix(":0"): value for name, value in state.items()}
    generator = {name: value for name, value in theirs.items() if not name.startswith(_OTHERS) and "/Adam" not in name}
    network = HiFill(4, 3, WIDTH)
    own = network.state_dict()
    wanted = {name: _tensorflow(own[ours]) for ours, name in names().items()}
    matched(generator, wanted, "HiFill (variables of the generator in the authors' TensorFlow checkpoint)")
    network.load_state_dict({ours: _torch(generator[name]) for ours, name in names().items()}, strict=True)
    return network


def names() -> dict[str, str]:
    """Our names of all weights and biases, each with the TensorFlow variable's."""
    coarse = {
        **_numbered("coarse.encoder", ["c_en_down_128", "c_en_conv_128", "c_en_down_64", *(f"c_en_conv{n}_64" for n in (1, 2, 3))]),
        **_numbered("coarse.dilated", [f"c_dil_d{n}" for n in range(1, 15)]),
        **_numbered(
            "coarse.decoder",
            [
                *(f"c_de_conv{n}_64" for n in (1, 2, 3)),
                "c_de_up_128/c_de_up_128_conv",
                "c_de_conv_128",
                "c_de_toRGB/c_de_toRGB_conv",
            ],
        ),
    }
    fine = {
        **{
            f"refinement.levels.{level}.{part}": f"re_en_{their}_{size}"
            for level, size in enumerate((256, 128, 64))
            for part, their in (("down", "down"), ("plain", "conv"))
        },
        **_numbered("refinement.dilated", [f"re_dil_d{rate}" for rate in (1, 2, 4, 8, 16)]),
        "refinement.attended": "re_att_64_att1",
        "refinement.joined": "re_att_64_att3",
        **{
            f"refinement.rises.{rise}.{part}": their.format(size)
            for rise, size in enumerate((128, 256))
            for part, their in (
                ("up", "re_de_up__{0}/re_de_up__{0}_conv"),
                ("plain", "re_de_conv_{0}"),
                ("attended.0", "re_de_att_{0}_1"),
                ("attended.1", "re_de_att_{0}_2"),
            )
        },
        "refinement.last": "re_de_toRGB__256/re_de_toRGB__256_conv",
    }
    found = {}
    for ours, their in coarse.items():
        for part, suffix in (("feature", "feat"), ("gate", "gate")):
            found[f"{ours}.{part}.conv.weight"] = f"generator/{their}_{suffix}/w"
            found[f"{ours}.{part}.conv.bias"] = f"generator/{their}_{suffix}/biases"
    for ours, their in fine.items():
        found[f"{ours}.feature.conv.weight"] = f"generator/{their}/w"
        found[f"{ours}.feature.conv.bias"] = f"generator/{their}/biases"
        found[f"{ours}.gate.weight"] = f"generator/{their}/pw"
        found[f"{ours}.gate.bias"] = f"generator/{their}/ds_biases"
    return found


def _numbered(prefix: str, theirs: list[str]) -> dict[str, str]:
    return {f"{prefix}.{number}": name for number, name in enumerate(theirs)}


def _torch(variable: Tensor) -> Tensor:
    """Height, width, in, out to out, in, height, width."""
    return (variable.permute(3, 2, 0, 1) if variable.ndim == 4 else variable).contiguous().to(torch.float32)


def _tensorflow(weight: Tensor) -> Tensor:
    return weight.permute(2, 3, 1, 0) if weight.ndim == 4 else weight
