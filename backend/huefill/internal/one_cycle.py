"""AdamW under a one-cycle schedule, for short runs of small networks.

torch.optim does the same arithmetic (a test compares them), but its first optimizer in a process loads torch's compiler: more than a
second, as long as the whole run takes, in which a Cancel would not be heard.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor

_RISE, _BEGIN, _END = 0.15, 1 / 25, 1 / 25e4
_SLOW, _QUICK = 0.95, 0.85
_SECOND, _EPS = 0.999, 1e-8


class OneCycle:
    """Updates ``parameters`` from their gradients, ``steps`` times.

    The rate rises to ``rate`` over the first 15 % of the steps and falls to nothing, along half cosines; momentum runs the other way, from
    0.95 to 0.85 and back (Smith and Topin 2018). ``decay`` is decoupled from the gradient (Loshchilov and Hutter 2019).
    """

    def __init__(self, parameters: Iterable[Tensor], rate: float, steps: int, decay: float) -> None:
        self._parameters = list(parameters)
        self._rate, self._steps, self._decay = rate, steps, decay
        self._means = [torch.zeros_like(p) for p in self._parameters]
        self._squares = [torch.zeros_like(p) for p in self._parameters]
        self._step = 0

    @torch.no_grad()
    def step(self) -> None:
        """One update; gradients are read and then forgotten."""
        rate, momentum = self._now()
        self._step += 1
        gradients = [p.grad for p in self._parameters if p.grad is not None]
        torch._foreach_mul_(self._parameters, 1 - rate * self._decay)
        torch._foreach_lerp_(self._means, gradients, 1 - momentum)
        torch._foreach_mul_(self._squares, _SECOND)
        torch._foreach_addcmul_(self._squares, gradients, gradients, 1 - _SECOND)
        divisors = torch._foreach_sqrt(self._squares)
        torch._foreach_div_(divisors, math.sqrt(1 - _SECOND**self._step))
        torch._foreach_add_(divisors, _EPS)
        torch._foreach_addcdiv_(self._parameters, self._means, divisors, -rate / (1 - momentum**self._step))
        for parameter in self._parameters:
            parameter.grad = None

    def _now(self) -> tuple[float, float]:
        top = _RISE * self._steps - 1
        if self._step <= top:
            share = self._step / top
            return _between(_BEGIN * self._rate, self._rate, share), _between(_SLOW, _QUICK, share)
        share = (self._step - top) / (self._steps - 1 - top)
        return _between(self._rate, _END * self._rate, share), _between(_QUICK, _SLOW, share)


def _between(begin: float, end: float, share: float) -> float:
    return end + (begin - end) / 2 * (1 + math.cos(math.pi * share))
