"""Gated convolutions with contextual attention (Yu et al. 2019, DeepFill v2), also with a monochromic bottleneck (Wang et al. 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from huefill_models.architecture import Published
from huefill_models.card import Sizes
from huefill_models.inpainting import inpainting

if TYPE_CHECKING:
    from torch import Tensor, nn


def _build(variant: str = "mono", *, width: int = 24) -> nn.Module:
    from huefill_models.deepfill.network import build

    return build(variant, width)


def _load_published(state: Mapping[str, Tensor]) -> tuple[nn.Module, str]:
    from huefill_models.deepfill.published import from_state

    return from_state(state), "rgb"


ARCHITECTURE = inpainting(
    "deepfill",
    _build,
    # Seen small: trained on crops of up to 192 pixels, it knows holes of their size, and a depth of half the width of its training holes.
    Sizes(minimum=64, multiple=8, best_area=256 * 256, reach=56),
    load_published=_load_published,
    published=(
        Published(
            "deepfillv2",
            "Free-form inpainting with gated convolution (DeepFill v2, states_pt_places2.pth or states_tf_places2.pth)",
            "CC BY-NC 4.0 (the authors' weights); the ports' code: MIT",
            "Yu et al. 2019, imported from a file of the user's",
            "Places2, as published",
        ),
    ),
)
