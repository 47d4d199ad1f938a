"""Three columns of different kernels (Wang et al. 2018, GMCNN), also with a monochromic bottleneck (Wang et al. 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from huefill_models.architecture import Published
from huefill_models.card import Sizes
from huefill_models.inpainting import inpainting

if TYPE_CHECKING:
    from torch import Tensor, nn


def _build(variant: str = "mono", *, width: int = 16) -> nn.Module:
    from huefill_models.gmcnn.network import build

    return build(variant, width)


def _load_published(state: Mapping[str, Tensor]) -> tuple[nn.Module, str]:
    from huefill_models.gmcnn.published import from_state

    return from_state(state), "rgb"


ARCHITECTURE = inpainting(
    "gmcnn",
    _build,
    # As the other networks that are trained here: on crops of up to 192 pixels.
    Sizes(minimum=64, multiple=4, best_area=256 * 256, reach=56),
    # The paper's losses beside L1, whose weights at the rim the network knows itself; width: 0.4 s of one core at 256 x 256 pixels.
    training={"width": 16, "perceptual": 0.0, "id_mrf": 0.05, "adversarial": 0.002},
    load_published=_load_published,
    published=(
        Published(
            "gmcnn",
            "Generative multi-column network (GMCNN, the authors' PyTorch weights)",
            "MIT (the authors' code; the data sets have terms of their own)",
            "Wang et al. 2018, imported from a file of the user's",
            "CelebA-HQ, Paris StreetView or Places2, as published",
        ),
    ),
)
