"""What GMCNN adds to the losses of `huefill_models.inpainting.recipe`: pixels near the rim count more (Wang et al. 2018, section 3.3)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

# The blur's width as a share of the picture's side (65 of 256 pixels published), and how often it runs.
_SHARE, _TIMES = 0.25, 7


def terms(made: Tensor, truth: Tensor, hole: Tensor) -> dict[str, Tensor]:
    """The L1 of ``made`` against ``truth`` (N C H W in [-1, 1]) in the hole (N 1 H W), weighted by `confidence`, for each of its pixels."""
    error = (made.float() - truth).abs() * confidence(hole)
    return {"confidence": error.sum() / (made.shape[1] * hole.sum()).clamp_min(1)}


@torch.no_grad()
def confidence(hole: Tensor) -> Tensor:
    """N 1 H W in [0, 1]: how near known pixels are. 0 outside the hole; in it what is known spreads inwards, blur by blur."""
    reach = max(1, round(_SHARE * min(hole.shape[2:]) / 2))
    sure = torch.zeros_like(hole)
    for _ in range(_TIMES):
        known = F.pad(1 - hole + sure, [reach] * 4, mode="reflect")
        blurred = F.avg_pool2d(F.avg_pool2d(known, (1, 2 * reach + 1), stride=1), (2 * reach + 1, 1), stride=1)
        sure = blurred * hole
    return sure
