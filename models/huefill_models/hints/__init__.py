"""Color hints: points, strokes, a histogram, a saturation, together (after Zhang et al. 2017, whose own networks import, too).

A pretrained encoder sees a photo once; each changed hint runs a small decoder alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from huefill_models.architecture import Architecture, Published
from huefill_models.card import Sizes

if TYPE_CHECKING:
    from torch import Tensor, nn

    from huefill_models.harness.export import Exportable, InParts

SIZES = Sizes(minimum=64, multiple=32, best_side=256)
_SOURCE = "Zhang et al. 2017, imported from a file of the user's"
_DATA = "ImageNet, as published"


def _build(variant: str = "", *, encoder: str = "lite1") -> nn.Module:
    from huefill_models.hints.network import HintsNetwork

    return HintsNetwork(encoder)


def _wrap(network: nn.Module, variant: str) -> Exportable | InParts:
    from huefill_models.hints.graphs import wrap

    return wrap(network)


def _recipe() -> type:
    from huefill_models.hints.recipe import Hints

    return Hints


def _load_published(state: Mapping[str, Tensor], *, centre: float = 0.0) -> tuple[nn.Module, str]:
    from huefill_models.hints.published import from_state

    return from_state(state, centre=centre), ""


ARCHITECTURE = Architecture(
    name="hints",
    role="hints",
    variants=("",),
    sizes=SIZES,
    build=_build,
    wrap=_wrap,
    recipe=_recipe,
    load_published=_load_published,
    published=(
        Published(
            "siggraph17",
            "Real-time user-guided colorization (siggraph17-df00044c.pth)",
            "BSD-2-Clause",
            _SOURCE,
            _DATA,
            "df00044c0a4d7c3edcecf6f75437ce346a66e7a42612d9b968e1a7e17dbc6f66",
        ),
        Published(
            "siggraph_retrained",
            "Real-time user-guided colorization, retrained in PyTorch (latest_net_G.pth)",
            "MIT",
            _SOURCE,
            _DATA,
            options={"centre": 0.5},
        ),
        Published("ideepcolor", "Interactive deep colorization, converted from Caffe (caffemodel.pth)", "MIT", _SOURCE, _DATA),
    ),
)
