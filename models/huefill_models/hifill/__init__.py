"""Coarse, then refined with one attention that all scales share (Yi et al. 2020, HiFill), also with a monochromic bottleneck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from huefill_models.card import Sizes
from huefill_models.inpainting import inpainting

if TYPE_CHECKING:
    from torch import Tensor, nn


def _build(variant: str = "mono", *, width: int = 24) -> nn.Module:
    from huefill_models.hifill.network import build

    return build(variant, width)


def _load_published(state: Mapping[str, Tensor]) -> tuple[nn.Module, str]:
    from huefill_models.hifill.published import from_state

    return from_state(state), "rgb"


ARCHITECTURE = inpainting(
    "hifill",
    _build,
    # As the other networks that are trained here: on crops of up to 192 pixels. The attention sees blocks of 16.
    Sizes(minimum=64, multiple=16, best_area=256 * 256, reach=56),
    # Published: the coarse picture counts as much as the refined one, known pixels as much as those in the hole. At a rate of 1e-3 its
    # gradients grew a hundredfold after a thousand steps.
    training={"known": 0.5, "rate": 3e-4},
    load_published=_load_published,
)
