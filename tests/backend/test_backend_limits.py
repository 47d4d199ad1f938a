"""What the backend keeps is bounded: results by age, number and size; memory given back when idle."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from huefill.server import memory
from huefill.server.failures import Refusal
from huefill.server.jobs import FINAL, Job, Order
from huefill.server.scheduler import Limits, Scheduler
from huefill.tasks import registry
from tests.backend.harness import until

Make = Callable[..., Scheduler]


@pytest.fixture
def scheduler_with(monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes schedulers with a real worker, on which the probe task can run."""
    monkeypatch.setitem(registry.TASKS, "probe", "tests.backend.probe_task")
    made: list[Scheduler] = []

    def make(release: Callable[[], None] = lambda: None, **limits: float) -> Scheduler:
        made.append(Scheduler(release, Path("backend.log"), Limits(**limits)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for scheduler in made:
        assert scheduler.stop(30)


def run(scheduler: Scheduler, do: str = "invert", side: int = 10) -> Job:
    """A job of ``side`` x ``side`` pixels (seven bytes each in its result), run to its end."""
    job = scheduler.submit("me", Order("probe", {"image": np.zeros((side, side, 3), np.uint8)}, {"version": 1, "do": do}, "cpu"), 1)
    until(lambda: job.state.name in FINAL)
    return job


def kept(scheduler: Scheduler, jobs: list[Job]) -> list[bool]:
    scheduler.tidy()
    return [scheduler.find(job.id) is not None for job in jobs]


def test_only_so_many_results_are_kept_and_the_newest_always(scheduler_with: Make) -> None:
    scheduler = scheduler_with(results=2)
    assert kept(scheduler, [run(scheduler) for _ in range(4)]) == [False, False, True, True]


def test_results_together_are_only_so_large_but_the_newest_is_kept_whatever_its_size(scheduler_with: Make) -> None:
    scheduler = scheduler_with(result_bytes=10_000)
    small = [run(scheduler, side=20) for _ in range(2)]
    assert kept(scheduler, small) == [True, True]
    large = run(scheduler, side=100)
    assert kept(scheduler, [*small, large]) == [False, False, True]


def test_old_results_are_forgotten(scheduler_with: Make) -> None:
    scheduler = scheduler_with(result_s=0.0)
    assert kept(scheduler, [run(scheduler), run(scheduler, "person")]) == [False, False]


def test_a_job_that_has_ended_holds_its_pixels_no_longer(scheduler_with: Make) -> None:
    scheduler = scheduler_with()
    assert [run(scheduler, do).order for do in ("invert", "person", "fault")] == [None, None, None]


def test_bodies_are_refused_when_too_much_is_held_and_taken_again_later(scheduler_with: Make) -> None:
    scheduler = scheduler_with(held_bytes=1000)
    scheduler.reserve(800)
    with pytest.raises(Refusal) as refused:
        scheduler.reserve(300)
    assert refused.value.status == 507
    scheduler.unreserve(800)
    scheduler.reserve(300)


def test_memory_is_given_back_once_after_each_idle_time(scheduler_with: Make) -> None:
    released = threading.Semaphore(0)
    scheduler = scheduler_with(released.release, idle_s=0.05)
    assert not released.acquire(timeout=0.3), "nothing has run yet"
    run(scheduler)
    assert released.acquire(timeout=30)
    assert not released.acquire(timeout=0.3), "it is idle still"
    run(scheduler)
    assert released.acquire(timeout=30)


def test_release_calls_every_hook_even_after_one_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def failing() -> None:
        called.append("failing")
        raise RuntimeError("no")

    monkeypatch.setattr(memory, "ON_IDLE", [failing, lambda: called.append("next")])
    memory.release()
    assert called == ["failing", "next"]


def test_a_task_that_tries_to_end_the_process_ends_its_job_alone(scheduler_with: Make) -> None:
    scheduler = scheduler_with()
    job = run(scheduler, "exit")
    assert job.state.error is not None
    assert job.state.error.code == "internal"
    assert run(scheduler).state.name == "done"
