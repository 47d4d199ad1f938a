"""A queue of trainings: turns are fair, and what is killed at any moment goes on where it stopped."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch

from huefill_models.harness import checkpoint
from huefill_models.harness.attendance import attended
from huefill_models.harness.queue import main
from huefill_models.harness.queue_runs import BadQueue, Entry, Standing, next_of, read, standing, table

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
SMALL = {"width": 4, "size": 64, "late_size": 64, "batch": 1, "late_batch": 1, "critic_width": 4, "perceptual": 0, "frequency": 0}
RUNS = [{"name": name, "architecture": "deepfill", "variant": name, "minutes": 0.04, "arguments": SMALL} for name in ("rgb", "mono")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "beach.png").write_bytes((PHOTOS / "beach.png").read_bytes())
    (tmp_path / "queue.json").write_text(json.dumps(RUNS))
    return tmp_path


@pytest.fixture
def started(folder: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts a queue at work in slices of 1.2 s of a core; what is left of it is ended after the test."""
    processes: list[subprocess.Popen[str]] = []
    children: list[psutil.Process] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "huefill_models.harness.queue", str(folder), "--data", str(folder / "photos"), "--slice", "0.02"]
        processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
        return processes[-1]

    yield start
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            children += psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate()
    for child in children:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()


def until(true: Callable[[], Any], seconds: float = 180) -> Any:
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.1)
    return found


def steps(folder: Path, name: str) -> int:
    return standing(folder, Entry(name, "deepfill", 1)).steps


def test_a_queue_that_is_killed_goes_on_where_it_stopped_and_all_runs_get_their_minutes(
    folder: Path, started: Callable[[], subprocess.Popen[str]]
) -> None:
    first = started()
    until(lambda: (folder / "rgb" / "checkpoint.pt").exists())
    slices = until(lambda: psutil.Process(first.pid).children())
    first.kill()
    first.wait()
    # The slice that was being trained notices, saves and ends: else two processes would train one run.
    psutil.wait_procs(slices, timeout=120)
    assert not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in slices)
    before = {name: steps(folder, name) for name in ("rgb", "mono")}
    assert before["rgb"] > 0
    output, _ = started().communicate(timeout=240)
    assert {name: steps(folder, name) > count for name, count in before.items()} == {"rgb": True, "mono": True}
    assert output.count("done") >= 2 and "failed" not in output
    states = [standing(folder, entry) for entry in read(folder / "queue.json")]
    assert all(state.minutes >= 0.04 for state in states)
    assert abs(states[0].minutes - states[1].minutes) < 0.03


def test_a_pause_and_an_end_save_first_and_a_second_queue_is_refused(folder: Path, started: Callable[[], subprocess.Popen[str]]) -> None:
    (folder / "pause").touch()
    queue = started()
    until(lambda: (folder / "queue.lock").exists())
    time.sleep(2)
    assert not (folder / "rgb").exists()
    (folder / "pause").unlink()
    until(lambda: (folder / "rgb" / "checkpoint.pt").exists())
    with pytest.raises(SystemExit, match="at work"):
        main_at_our_priority(folder)
    queue.send_signal(signal.SIGTERM)
    output, _ = queue.communicate(timeout=120)
    assert queue.returncode == 0 and "failed" not in output
    assert steps(folder, "rgb") > 0


def main_at_our_priority(folder: Path) -> None:
    """The queue lowers the priority of its process, and takes the signals: not that of the tests."""
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    nice, os.nice = os.nice, lambda _: 0
    try:
        main([str(folder), "--data", str(folder / "photos")])
    finally:
        os.nice = nice
        for number, handler in former.items():
            signal.signal(number, handler)


def test_a_run_that_fails_holds_nobody_up(folder: Path, started: Callable[[], subprocess.Popen[str]]) -> None:
    broken = {**RUNS[0], "name": "broken", "arguments": {"no_such": 1}}
    (folder / "queue.json").write_text(json.dumps([broken, {**RUNS[1], "minutes": 0.02}]))
    started()
    until(lambda: (folder / "mono" / "checkpoint.pt").exists())
    assert "no-such" in (folder / "broken" / "output.txt").read_text()


def test_the_run_with_the_fewest_minutes_behind_it_is_next() -> None:
    entries = [Entry("a", "deepfill", 10), Entry("b", "deepfill", 10), Entry("late", "deepfill", 30)]
    minutes = dict.fromkeys(("a", "b", "late"), 0.0)
    order = []
    while (entry := next_of(entries, {name: Standing(value) for name, value in minutes.items()})) is not None:
        order.append(entry.name)
        minutes[entry.name] += 5
        assert max(minutes.values()) - min(minutes.values()) <= 5 or min(minutes.values()) >= 10
    assert order == ["a", "b", "late"] * 2 + ["late"] * 4


def test_the_table_says_how_far_the_runs_are(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(folder), "--status"])
    assert capsys.readouterr().out.splitlines()[1].split() == ["rgb", "0.0", "0", "0", "-"]
    text = table(read(folder / "queue.json"), {"rgb": Standing(0.04, 12, 0.25), "mono": Standing(failed=True)})
    assert "0.2500  done" in text and "failed" in text.splitlines()[2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ("{}", "no list"),
        ('[{"name": "a"}]', "run 1"),
        ('[{"name": "a/b", "architecture": "deepfill", "minutes": 1}]', "the name is letters"),
        ('[{"name": "a", "architecture": "deepfill", "minutes": 0}]', "more than 0"),
        ('[{"name": "a", "architecture": "deepfill", "minutes": 1, "color": 2}]', "color"),
        (json.dumps([RUNS[0], RUNS[0]]), "one name"),
    ],
)
def test_a_queue_that_is_wrong_is_refused_with_the_reason(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "queue.json").write_text(text)
    with pytest.raises(BadQueue, match=words):
        read(tmp_path / "queue.json")


def test_a_checkpoint_that_cannot_be_written_leaves_the_former_one_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "checkpoint.pt"
    checkpoint.save(path, {"step": 1})

    def interrupted(state: object, file: Any) -> None:
        file.write(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.save(path, {"step": 2})
    assert checkpoint.load(path) == {"step": 1}


def test_the_number_of_threads_is_read_while_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huefill_models.harness.attendance._READ_EVERY_S", 0.0)
    used: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", used.append)
    threads, now = tmp_path / "threads", torch.get_num_threads()
    with attended(threads) as stop:
        for text in (None, str(now + 1), "many", "0", str(now)):
            if text is not None:
                threads.write_text(text)
            assert not stop()
    assert used == [now + 1]


def test_a_training_ends_with_the_process_that_started_it() -> None:
    with attended(parent=os.getppid()) as stop:
        assert not stop()
    with attended(parent=os.getppid() + 1) as stop:
        assert stop()
