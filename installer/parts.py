"""Parts of a test run, several at once: what each printed comes whole when it ends, and all are counted in the end."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installer import paths
from installer.console import say, seconds, tell

SLOWEST = 10


@dataclass(frozen=True)
class Part:
    """``command`` is run in the clone. ``lane``: of the parts with the same one, only one runs at a time. ``more``: environment variables.

    Where ``is_pytest``, each test counts; else the part counts as one.
    """

    name: str
    command: Sequence[str]
    lane: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    is_pytest: bool = False
    # The whole terminal is the part's: for a person who runs a test or two, perhaps in a debugger.
    alone: bool = False


@dataclass(frozen=True)
class Outcome:
    """``slow`` are (seconds, test) of every test."""

    name: str
    passed: int
    failed: int
    skipped: int
    slow: tuple[tuple[float, str], ...] = ()


def run(parts: Sequence[Part], environment: Mapping[str, str], at_once: int) -> list[Outcome]:
    """Run all parts, in this order as far as their lanes allow; the outcomes in the order in which they ended."""
    ended: queue.Queue[Outcome] = queue.Queue()
    waiting, running, busy = [part for part in parts if not part.alone], 0, list[str]()
    outcomes: list[Outcome] = []
    lanes = {part.name: part.lane for part in parts}
    while waiting or running:
        ready = next((part for part in waiting if not part.lane or part.lane not in busy), None)
        if ready is not None and running < at_once:
            waiting.remove(ready)
            busy.append(ready.lane)
            running += 1
            say(f"- {ready.name} …")
            threading.Thread(target=lambda part=ready: ended.put(_outcome(part, environment)), name=ready.name).start()
            continue
        outcomes.append(ended.get())
        running -= 1
        busy.remove(lanes[outcomes[-1].name])
    return outcomes + [_outcome(part, environment) for part in parts if part.alone]


def report(outcomes: Sequence[Outcome]) -> int:
    """Print the slowest tests, what failed, and one line that counts everything; the exit status."""
    slow = sorted((item for outcome in outcomes for item in outcome.slow), reverse=True)[:SLOWEST]
    if len(slow) == SLOWEST:
        tell(f"\nThe {SLOWEST} slowest tests:")
        for spent, test in slow:
            tell(f"  {spent:6.1f} s  {test}")
    if failed := [outcome.name for outcome in outcomes if outcome.failed]:
        tell(f"\nFAILED: {', '.join(failed)}")
    passed, failures, skipped = (sum(getattr(outcome, name) for outcome in outcomes) for name in ("passed", "failed", "skipped"))
    tell(f"{passed} passed, {failures} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failures else 0


def _outcome(part: Part, environment: Mapping[str, str]) -> Outcome:
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="huefill-part-") as scratch:
        results, printed = Path(scratch) / "results.xml", Path(scratch) / "printed.txt"
        command = [*part.command, *([f"--junitxml={results}"] if part.is_pytest else [])]
        settings = {**environment, **part.more}
        try:
            if part.alone:
                status = subprocess.run(command, cwd=paths.ROOT, env=settings, check=False).returncode
            else:
                with printed.open("wb") as output:
                    status = subprocess.run(
                        command,
                        cwd=paths.ROOT,
                        env=settings,
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=subprocess.STDOUT,
                        check=False,
                    ).returncode
        except OSError as problem:
            status = 1
            printed.write_text(f"{problem}\n", encoding="utf-8")
        outcome = _read(part, status, results)
        text = printed.read_text(encoding="utf-8", errors="replace").rstrip() if printed.exists() else ""
    _tell_whole(f"=== {part.name}: {'FAILED' if outcome.failed else 'passed'}, {seconds(time.monotonic() - begin)} ===", text)
    return outcome


def _read(part: Part, status: int, results: Path) -> Outcome:
    """What a part's exit status and, of pytest, its own results say. A part that failed without a failed test counts as one failure."""
    passed = failed = skipped = 0
    slow: list[tuple[float, str]] = []
    try:
        cases = list(ElementTree.parse(results).iter("testcase")) if part.is_pytest else []
    except (OSError, ElementTree.ParseError):
        cases = []
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name', '')}"
        slow.append(
            (float(case.get("time", 0)), name + (f" ({part.more['HUEFILL_TEST_KRITA']})" if "HUEFILL_TEST_KRITA" in part.more else ""))
        )
    if not part.is_pytest:
        passed, failed = (1, 0) if status == 0 else (0, 1)
    elif status != 0 and not failed:
        failed = 1
    return Outcome(part.name, passed, failed, skipped, tuple(slow))


_TELLING = threading.Lock()


def _tell_whole(headline: str, text: str) -> None:
    with _TELLING:
        sys.stderr.flush()
        tell(f"{headline}\n{text}\n" if text else headline)


def processors() -> int:
    return os.cpu_count() or 1
