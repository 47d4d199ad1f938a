"""The estimate of the remaining time, by a clock that the test turns: kinds of work that go faster or slower than planned."""

from __future__ import annotations

import pytest

from huefill.internal.watch import Watch
from huefill.runtime.progress import Progress


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("speed", [0.2, 1.0, 7.0])
def test_on_a_machine_of_another_speed_the_estimate_holds(speed: float) -> None:
    clock = Clock()
    watch = Watch(Progress(), {"network": 4.0, "propagation": 6.0}, clock)
    for _ in range(10):
        clock.now += 0.1 * speed
        watch.advance("network", 0.1)
    assert watch.remaining() == pytest.approx(9.0 * speed)


def test_a_kind_of_work_that_is_slow_here_is_not_held_against_the_others() -> None:
    clock = Clock()
    watch = Watch(Progress(), {"network": 2.0, "neighbours": 2.0}, clock)
    clock.now += 1.0
    watch.advance("network", 1.0)
    clock.now += 3.0  # three times slower than planned: the other cores are busy
    watch.advance("neighbours", 1.0)
    assert watch.remaining() == pytest.approx(1.0 + 3.0)


def test_time_that_passes_within_a_piece_of_work_counts_down() -> None:
    clock = Clock()
    watch = Watch(Progress(), {"network": 10.0}, clock)
    clock.now += 2.0
    watch.advance("network", 2.0)
    clock.now += 1.5
    assert watch.remaining() == pytest.approx(6.5)


def test_before_any_work_is_done_nothing_is_claimed() -> None:
    assert Watch(Progress(), {"network": 1.0}, Clock()).remaining() is None
