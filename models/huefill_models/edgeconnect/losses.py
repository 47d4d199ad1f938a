"""What the first of EdgeConnect's networks learns by: the edges of the whole photograph, of which it saw those outside the hole."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

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
