"""Edges first, then the picture (Nazeri et al. 2019, EdgeConnect), also with a monochromic bottleneck (Wang et al. 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from huefill_models.architecture import Published
from huefill_models.card import Sizes
from huefill_models.inpainting import inpainting

if TYPE_CHECKING:
    from torch import Tensor, nn

# The published checkpoint's files, by the part of the network that each holds.
FILES = {"edges": "EdgeModel_gen.pth", "picture": "InpaintingModel_gen.pth"}


def _build(variant: str = "mono", *, width: int = 24) -> nn.Module:
    from huefill_models.edgeconnect.network import build

    return build(variant, width)


def _load_published(states: Mapping[str, Mapping[str, Tensor]]) -> tuple[nn.Module, str]:
    from huefill_models.edgeconnect.published import from_states

    return from_states(states), "rgb"


ARCHITECTURE = inpainting(
    "edgeconnect",
    _build,
    # As the other networks that are trained here: on crops of up to 192 pixels.
    Sizes(minimum=64, multiple=4, best_area=256 * 256, reach=56),
    # The paper's losses beside L1; what its edges cost the network knows itself.
    training={"width": 24, "perceptual": 0.05, "style": 0.02, "adversarial": 0.02},
    load_published=_load_published,
    published=(
        Published(
            "edgeconnect",
            "Edges first, then the picture (EdgeConnect: EdgeModel_gen.pth with InpaintingModel_gen.pth beside it)",
            "CC BY-NC 4.0 (the authors' code and weights)",
            "Nazeri et al. 2019, imported from two files of the user's",
            "Places2, CelebA or Paris StreetView, as published",
            files=FILES,
        ),
    ),
)
