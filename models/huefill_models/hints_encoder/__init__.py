"""Color hints on a pretrained encoder: what a photo shows is seen once, and each changed hint runs a small decoder alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huefill_models.architecture import Architecture
from huefill_models.card import Sizes

if TYPE_CHECKING:
    from torch import nn

    from huefill_models.harness.export import Exportable

SIZES = Sizes(minimum=64, multiple=32, best_side=256)


def _build(variant: str = "", *, encoder: str = "lite1") -> nn.Module:
    from huefill_models.hints_encoder.network import HintsOnEncoder

    return HintsOnEncoder(encoder)


def _wrap(network: nn.Module, variant: str) -> Exportable:
    from huefill_models.hints_encoder.graphs import wrap

    return wrap(network)


def _recipe() -> type:
    from huefill_models.hints_encoder.recipe import Hints

    return Hints


ARCHITECTURE = Architecture(name="hints_encoder", role="hints", variants=("",), sizes=SIZES, build=_build, wrap=_wrap, recipe=_recipe)
