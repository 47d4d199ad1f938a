"""Gated convolutions with contextual attention (Yu et al. 2019, DeepFill v2), also with a monochromic bottleneck (Wang et al. 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huefill_models.architecture import Architecture, Published
from huefill_models.card import Sizes

if TYPE_CHECKING:
    from torch import Tensor, nn

    from huefill_models.harness.export import Exportable

# Seen small: trained on crops of up to 192 pixels, it knows holes of their size, and a depth of half the width of its training holes.
SIZES = Sizes(minimum=64, multiple=8, best_area=256 * 256, reach=56)


def _build(variant: str = "mono", *, width: int = 24) -> nn.Module:
    from huefill_models.deepfill.network import build

    return build(variant, width)


def _wrap(network: nn.Module, variant: str) -> Exportable:
    from huefill_models.inpainting.contract import Inpainter

    return Inpainter(network, variant, SIZES)


def _recipe() -> type:
    from huefill_models.inpainting.recipe import Inpainting

    return Inpainting


def _evaluate(folder: Path, photographs: list[Path]) -> tuple[dict[str, float], dict[str, Any]]:
    from huefill_models.inpainting.evaluate import measure

    return measure(folder, photographs)


def _load_published(state: Mapping[str, Tensor]) -> tuple[nn.Module, str]:
    from huefill_models.deepfill.published import from_state

    return from_state(state), "rgb"


ARCHITECTURE = Architecture(
    name="deepfill",
    role="inpainting",
    variants=("rgb", "mono"),
    sizes=SIZES,
    build=_build,
    wrap=_wrap,
    recipe=_recipe,
    evaluate=_evaluate,
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
