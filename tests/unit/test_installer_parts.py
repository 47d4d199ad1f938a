"""The parts of a test run: side by side, each printed whole, every failure counted, whatever kind it is of."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from installer import parts, testing
from installer.parts import Outcome, Part

ROOT = Path(__file__).resolve().parents[2]


def python(name: str, code: str, **more: object) -> Part:
    return Part(name, [sys.executable, "-c", code], **more)  # type: ignore[arg-type]


def test_every_part_runs_and_a_failing_one_is_counted(capfd: pytest.CaptureFixture[str]) -> None:
    outcomes = parts.run([python("good", "print('well')"), python("bad", "import sys; print('ill'); sys.exit(3)")], os.environ, 2)
    assert {(outcome.name, outcome.passed, outcome.failed) for outcome in outcomes} == {("good", 1, 0), ("bad", 0, 1)}
    assert parts.report(outcomes) == 1
    out = capfd.readouterr().out
    assert "=== bad: FAILED" in out and "=== good: passed" in out
    assert "FAILED: bad" in out
    assert out.rstrip().splitlines()[-1] == "1 passed, 1 failed"


def test_a_program_that_is_not_there_is_a_failure(capfd: pytest.CaptureFixture[str]) -> None:
    outcomes = parts.run([Part("absent", ["/nowhere/program"])], os.environ, 2)
    assert parts.report(outcomes) == 1
    assert "/nowhere/program" in capfd.readouterr().out


def test_what_two_parts_print_at_once_is_not_mixed(capfd: pytest.CaptureFixture[str]) -> None:
    code = "import time\nfor line in range(20): print('{0}', line, flush=True); time.sleep(0.01)"
    parts.run([python(name, code.format(name)) for name in ("one", "two")], os.environ, 2)
    lines = [line.split()[0] for line in capfd.readouterr().out.splitlines() if line.split()[0:1] in (["one"], ["two"])]
    assert len(lines) == 40
    assert lines in (["one"] * 20 + ["two"] * 20, ["two"] * 20 + ["one"] * 20)


def test_parts_run_side_by_side_but_never_two_of_one_lane(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys, time\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "(folder / '{0}').touch()\n"
        "end = time.monotonic() + 20\n"
        "while not (folder / '{1}').exists() and time.monotonic() < end: time.sleep(0.01)\n"
        "sys.exit(not (folder / '{1}').exists() or (folder / 'third').exists() and '{0}' != 'third')\n"
    )
    # "first" and "second" wait for one another; "third" shares a lane with "first" and may only come after it.
    given = [
        python("first", code.format("first", "second"), lane="editors"),
        python("third", code.format("third", "first"), lane="editors"),
        python("second", code.format("second", "first")),
    ]
    assert [outcome.failed for outcome in parts.run(given, os.environ, 2)] == [0, 0, 0]


def test_each_test_of_pytest_counts_and_the_slowest_are_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tests = "import pytest, time\n" + "".join(f"def test_{number}(): time.sleep({number} / 100)\n" for number in range(11))
    tests += "def test_bad(): assert False\n@pytest.mark.skip(reason='x')\ndef test_skipped(): pass\n"
    (tmp_path / "test_some.py").write_text(tests, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(tmp_path)]
    outcomes = parts.run([Part("tests", command, is_pytest=True)], os.environ, 2)
    assert parts.report(outcomes) == 1
    lines = capfd.readouterr().out.rstrip().splitlines()
    assert lines[-1] == "11 passed, 1 failed, 1 skipped"
    assert "test_10" in lines[lines.index("The 10 slowest tests:") + 1]


def test_a_pytest_that_breaks_before_any_test_counts_as_a_failure(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(tmp_path / "nothing")]
    (outcome,) = parts.run([Part("tests", command, is_pytest=True)], os.environ, 2)
    assert outcome == Outcome("tests", 0, 1, 0)


def test_every_folder_of_tests_is_in_exactly_one_part() -> None:
    everything = testing._everything(Path(sys.executable), newer=False)
    named = [argument for part in everything for argument in part.command if argument.startswith("tests/")]
    assert len(named) == len(set(named))
    ignored = {argument.removeprefix("--ignore=") for part in everything for argument in part.command if argument.startswith("--ignore=")}
    assert set(named) == ignored and all((ROOT / folder).is_dir() for folder in named)
