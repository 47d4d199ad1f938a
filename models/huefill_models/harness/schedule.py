"""One optimisation step, and how the learning rate runs over a schedule."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


def one_cycle(progress: float, warmup: float) -> float:
    """The share of the peak learning rate: linear warm-up, then half a cosine down to a hundredth."""
    if progress < warmup:
        return max(progress / warmup, 0.01)
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (progress - warmup) / (1 - warmup)))


def descend(model: nn.Module, optimizer: torch.optim.Optimizer, loss: Tensor, rate: float) -> Tensor:
    """One step down ``loss`` at ``rate``, the gradient's norm limited to 1; gives the norm before that."""
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return norm
