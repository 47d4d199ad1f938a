"""The remaining time: learned on this computer, steady for whoever looks, and not shown before it is known."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huefill.runtime.forecast import Forecast, Work
from huefill.runtime.paces import Paces
from huefill.runtime.progress import Progress, Update
from huefill.runtime.steady import LEAST_S, RISE, RISE_S, Steady

ESTIMATES = st.lists(st.tuples(st.floats(0, 20), st.none() | st.floats(0, 1e5)), max_size=60)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(ESTIMATES)
def test_it_never_rises_by_more_than_a_third_for_whoever_sees_every_update_or_a_few(steps: list[tuple[float, float | None]]) -> None:
    steady, now, shown = Steady(), 0.0, []
    for pause, estimate in steps:
        now += pause
        value = steady.update(estimate, now)
        if value is not None:
            shown.append((now, value))
    for number, (at, value) in enumerate(shown):
        before = [former for when, former in shown[:number] if at - when <= RISE_S] + [
            former for _, former in shown[max(0, number - 1) : number]
        ]
        assert all(value <= former * (1 + RISE) * (1 + 1e-9) for former in before)
        assert value >= LEAST_S


@given(ESTIMATES)
def test_at_the_end_the_least_is_shown_and_before_anything_is_known_nothing(steps: list[tuple[float, float | None]]) -> None:
    steady, now = Steady(), 0.0
    known = False
    for pause, estimate in steps:
        now += pause
        known = known or estimate is not None
        assert (steady.update(estimate, now) is not None) == known
    assert steady.update(0.0, now + 0.05) == LEAST_S


def test_a_true_estimate_is_shown_as_it_is() -> None:
    steady = Steady()
    for tenth in range(200):
        assert steady.update(30 - tenth / 10, tenth / 10) == pytest.approx(30 - tenth / 10, abs=1e-6)


def test_a_longer_estimate_is_reached_little_by_little() -> None:
    steady = Steady()
    values = [steady.update(10.0 if tenth == 0 else 40.0, tenth / 10) for tenth in range(200)]
    assert values[10] < 12
    assert values[-1] == 40


def test_what_was_learned_is_kept_privately_and_read_by_the_next_backend(tmp_path: Path) -> None:
    file = tmp_path / "huefill/times.json"
    paces = Paces(file)
    assert paces.of("remove_object/color/fast/cpu") is None
    paces.learn("remove_object/color/fast/cpu", 4.0, 1000)
    paces.learn("remove_object/color/fast/cpu", 8.0, 1000)
    paces.save()
    assert 0.004 < Paces(file).of("remove_object/color/fast/cpu") < 0.008
    assert os.name == "nt" or stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [item.name for item in file.parent.iterdir()] == ["times.json"]


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"version": 9}', '{"version": 1, "seconds_per_unit": {"a": "b", "c": NaN, "d": -1}}', "[" * 99999]
)
def test_a_damaged_file_of_times_counts_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "times.json"
    file.write_text(content)
    paces = Paces(file)
    assert [paces.of(name) for name in "acd"] == [None] * 3
    paces.learn("a", 1.0, 2)
    paces.save()
    assert json.loads(file.read_text())["seconds_per_unit"] == {"a": 0.5}


def test_a_work_that_took_no_time_or_never_ended_is_no_measure(tmp_path: Path) -> None:
    paces = Paces(tmp_path / "times.json")
    paces.learn("a", float("nan"), 1)
    paces.learn("a", 1, 0)
    assert paces.of("a") is None
    paces.save()
    assert not list(tmp_path.iterdir())


def run(paces: Paces, speed: float = 1.0, *, fails: bool = False) -> list[float | None]:
    """Two regions, of 10 s and 20 s of structure and half as much color on a computer of speed 1; what was told each second."""
    clock, told = Clock(), list[float | None]()
    progress = Progress(lambda update: told.append(update.remaining_s), forecast=Forecast(paces, "remove_object", clock))
    progress.expect([Work(stage, units) for units in (10, 20) for stage in ("structure", "color")] + [Work("lift", 1, light=True)])
    for units in (10, 20):
        for stage, seconds in (("structure", units), ("color", units // 2)):
            with progress.timed(stage):
                for _ in range(seconds):
                    progress.report(stage, 0.5)
                    clock.now += speed
                    if fails:
                        raise RuntimeError
    return told


def test_nothing_is_told_before_every_kind_of_work_was_done_once(tmp_path: Path) -> None:
    told = run(Paces(tmp_path / "times.json"))
    assert told[:14] == [None] * 14
    assert told[15] == pytest.approx(30)


def test_the_second_run_knows_its_time_from_the_beginning(tmp_path: Path) -> None:
    paces = Paces(tmp_path / "times.json")
    run(paces)
    assert run(paces) == pytest.approx([45.0 - second for second in range(45)])


def test_a_computer_that_has_become_slower_is_learned(tmp_path: Path) -> None:
    paces = Paces(tmp_path / "times.json")
    run(paces)
    for _ in range(6):
        told = run(paces, speed=2.0)
    assert told[0] == pytest.approx(90, rel=0.05)


def test_a_run_that_was_broken_off_teaches_nothing(tmp_path: Path) -> None:
    paces = Paces(tmp_path / "times.json")
    with pytest.raises(RuntimeError):
        run(paces, fails=True)
    assert paces.of("remove_object/structure") is None


def test_a_stage_within_another_has_its_own_time(tmp_path: Path) -> None:
    paces, clock = Paces(tmp_path / "times.json"), Clock()
    progress = Progress(forecast=Forecast(paces, "remove_object", clock))
    progress.expect([Work("color", 1), Work("libraries", 1)])
    with progress.timed("color"):
        with progress.timed("libraries"):
            clock.now += 5
        clock.now += 2
    assert paces.of("remove_object/libraries") == 5
    assert paces.of("remove_object/color") == 2


def test_a_task_that_expects_nothing_tells_what_it_says_itself(tmp_path: Path) -> None:
    told: list[Update] = []
    Progress(told.append, forecast=Forecast(Paces(tmp_path / "times.json"), "probe")).report("working", 0.5, remaining_s=7.0)
    assert told[0].remaining_s == 7.0
