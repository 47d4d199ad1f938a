"""Color by anchors (Xia et al. 2022, "Disentangled Image Colorization via Global Anchors", DisCo).

The picture proposes a few superpixels whose colors decide those of all others; a person may move, recolor, delete and add them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from huefill_models.architecture import Architecture, Published
from huefill_models.card import Sizes

if TYPE_CHECKING:
    from torch import Tensor, nn

    from huefill_models.harness.export import InParts

ROLE = "anchors"


def _build(variant: str = "", *, configuration: str = "compact") -> nn.Module:
    from huefill_models.disco.network import CONFIGURATIONS, Disco

    return Disco(CONFIGURATIONS[configuration])


def _wrap(network: nn.Module, variant: str) -> InParts:
    from huefill_models.disco.graphs import wrap

    return wrap(network)


def _recipe() -> type:
    from huefill_models.disco.recipe import Anchored

    return Anchored


def _load_published(state: Mapping[str, Tensor]) -> tuple[nn.Module, str]:
    from huefill_models.disco.published import from_state

    return from_state(state), ""


ARCHITECTURE = Architecture(
    name="disco",
    role=ROLE,
    variants=("",),
    # Of the compact network; the published one takes multiples of 16.
    sizes=Sizes(minimum=64, multiple=32, best_side=256),
    build=_build,
    wrap=_wrap,
    recipe=_recipe,
    load_published=_load_published,
    published=(
        Published(
            "disco",
            "Colorization by anchors (disco-beta.pth.rar, a PyTorch file in spite of its name)",
            "MIT",
            "Xia et al. 2022, imported from a file of the user's",
            "ImageNet, as published",
        ),
    ),
)
