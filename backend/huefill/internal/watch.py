"""Progress and cancellation in the middle of training: a full-size step takes seconds, a Cancel must not."""

from __future__ import annotations

import time
from typing import Any

from torch import nn

from huefill.runtime.progress import Progress

_STAGE = "restoring colour"
_EVERY_S = 0.05


class Watch:
    """Counts work in units of cost, reports at most every 50 ms, and estimates the time that is left from the time spent."""

    def __init__(self, progress: Progress, total: float) -> None:
        self.progress, self.total = progress, max(total, 1e-9)
        self.done = 0.0
        self._begin = self._last = time.perf_counter()
        self.seconds_per_unit: float | None = None

    def advance(self, cost: float) -> None:
        """``cost`` units are done; raises `Cancelled` when a stop was asked for."""
        self.done += cost
        self.seconds_per_unit = (time.perf_counter() - self._begin) / self.done
        self.look()

    def look(self, *_: Any) -> None:
        """Report if it is time to; raises `Cancelled` when a stop was asked for."""
        now = time.perf_counter()
        if now - self._last < _EVERY_S:
            self.progress.check()
            return
        self._last = now
        left = None if self.seconds_per_unit is None else max(0.0, (self.total - self.done) * self.seconds_per_unit)
        self.progress.report(_STAGE, self.done / self.total, remaining_s=left)

    def over(self, network: nn.Module) -> None:
        """Look after every layer of ``network``, forward and backward."""
        for layer in network.modules():
            if not list(layer.children()):
                layer.register_forward_hook(self._after_forward)
                layer.register_full_backward_hook(self._after_backward)

    def _after_forward(self, layer: nn.Module, inputs: Any, output: Any) -> None:
        self.look()

    def _after_backward(self, layer: nn.Module, inputs: Any, outputs: Any) -> None:
        self.look()
