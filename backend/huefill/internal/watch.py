"""Progress and cancellation in the middle of training: a full-size step takes seconds, a Cancel must not."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn

from huefill.runtime.progress import Progress

_STAGE = "restoring color"
_EVERY_S = 0.05


class Watch:
    """Counts work of several kinds, reports at most every 50 ms, and estimates the time that is left.

    ``planned`` is how many seconds each kind of work takes in all on the machine the costs were measured on. Work of a kind that has begun
    is judged by how it went so far, of other kinds by how all work went: kinds differ in how many cores they use, and cores may be busy.
    """

    def __init__(self, progress: Progress, planned: Mapping[str, float], clock: Callable[[], float] = time.perf_counter) -> None:
        self.progress, self._planned, self._clock = progress, dict(planned), clock
        self._total = max(sum(planned.values()), 1e-9)
        self._done = dict.fromkeys(planned, 0.0)
        self._spent = dict.fromkeys(planned, 0.0)
        self._since = self._last = clock()

    def advance(self, kind: str, cost: float) -> None:
        """Work of ``kind`` planned at ``cost`` seconds is done, begun when the last one ended; raises `Cancelled` once asked to stop."""
        now = self._clock()
        self._done[kind] += cost
        self._spent[kind] += now - self._since
        self._since = now
        self.poll()

    @property
    def pace(self) -> float | None:
        """How many seconds a planned second took so far; None before any work is done."""
        done = sum(self._done.values())
        return sum(self._spent.values()) / done if done else None

    def remaining(self) -> float | None:
        """The seconds that are left, or None before any work is done."""
        overall = self.pace
        if overall is None:
            return None
        left = 0.0
        for kind, planned in self._planned.items():
            pace = self._spent[kind] / self._done[kind] if self._done[kind] else overall
            left += pace * max(0.0, planned - self._done[kind])
        return max(0.0, left - (self._clock() - self._since))

    def poll(self, *_: Any) -> None:
        """Report if it is time to; raises `Cancelled` when a stop was asked for."""
        now = self._clock()
        if now - self._last < _EVERY_S:
            self.progress.check()
            return
        self._last = now
        self.progress.report(_STAGE, min(1.0, sum(self._done.values()) / self._total), remaining_s=self.remaining())

    def over(self, network: nn.Module) -> None:
        """Look after every layer of ``network``, forward and backward."""
        for layer in network.modules():
            if not list(layer.children()):
                layer.register_forward_hook(self._after_forward)

    def _after_forward(self, layer: nn.Module, inputs: Any, output: Tensor) -> None:
        self.poll()
        # The output's own hook, not the module's: that one warns where the inputs need no gradient, as those of the first layer.
        if output.requires_grad:
            output.register_hook(self._before_backward)  # type: ignore[no-untyped-call]

    def _before_backward(self, gradient: Tensor) -> None:
        self.poll()
