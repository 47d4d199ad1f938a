"""What the first of EdgeConnect's networks learns by: the edges of the whole photograph, of which it saw those outside the hole, and a
critic to whom its edges have to look like a photograph's (Nazeri et al. 2019, section 3.1)."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from huefill_models.inpainting.adversary import Shown

# Channels of what a critic of the edges sees: the gray and its edges.
CRITICS: Mapping[str, int] = {"edges": 2}
# The critic's word against the likeness of its features as published (1 to 10), and little beside the cross-entropy.
_ADVERSARIAL, _MATCHING = 0.02, 0.2
# Outside the hole the photo's own edges are used; there the network only shows that it has understood them.
_KNOWN = 0.1


def terms(logits: Tensor, true: Tensor, hole: Tensor) -> dict[str, Tensor]:
    """The cross-entropy of ``logits`` N 1 H W of an edge against the ``true`` edges (N 1 H W in {0, 1}), above all in the hole (N 1 H W).

    Edges are few: each counts as the square root of what would balance them. Balanced, they would grow thick; unbalanced, they would fade.
    """
    share = true.mean().clamp(0.005, 0.5)
    entropy = F.binary_cross_entropy_with_logits(logits.float(), true, reduction="none", pos_weight=((1 - share) / share).sqrt())
    where = hole + _KNOWN * (1 - hole)
    return {"edges": (entropy * where).sum() / where.sum()}


def shown(logits: Tensor, true: Tensor, hole: Tensor, gray: Tensor) -> dict[str, Shown]:
    """What the critic compares: the whole photograph's ``gray`` (N 1 H W in [0, 1]) with the completed edges, and with its own."""
    edges = torch.sigmoid(logits.float()) * hole + true * (1 - hole)
    made, own = (torch.cat([gray, one], dim=1) * 2 - 1 for one in (edges, true))
    return {"edges": Shown(made, own, _ADVERSARIAL, _MATCHING)}
