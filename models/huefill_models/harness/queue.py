"""Several trainings in turns: ``python -m huefill_models.harness.queue FOLDER --data DIR``.

``FOLDER/queue.json`` is a list of runs, read anew before every slice, so that runs may be added while it works::

    [{"name": "mine_mono", "architecture": "a folder of this package", "variant": "mono", "minutes": 80,
      "arguments": {"width": 24}, "start": "a network's folder", "only": "scenes,scenes2"}]

``minutes`` is the length of a run's schedule in minutes of one core, ``arguments`` those of its recipe; the last two may be missing.
The run with the fewest minutes behind it is always next, for a slice, so that all have had as much as the others at any time. Each slice
is a process of its own at the lowest priority, with the number of threads in ``FOLDER/threads`` (1 where there is none), which may be
changed at any time. While a file ``FOLDER/pause`` exists, nothing runs. What is done is in the runs' checkpoints alone: the queue can be
ended, also by force, and started again.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from huefill_models.harness.queue_runs import BadQueue, Entry, Standing, next_of, read, standing, table

QUEUE, THREADS, PAUSE, LOCK, PHOTOGRAPHS, OUTPUT = "queue.json", "threads", "pause", "queue.lock", "photographs", "output.txt"
_LOOK_EVERY_S = 1.0
_REST_AFTER_FAILURE_S = 300.0


class Queue:
    """The runs of ``folder``, trained on the photographs in ``data`` in slices of ``minutes`` of one core."""

    def __init__(self, folder: Path, data: Path, cache: Path, minutes: float) -> None:
        self.folder, self.data, self.cache, self.minutes = folder, data, cache, minutes
        self.stopped = threading.Event()
        self.resting: dict[str, float] = {}

    def work(self) -> bool:
        """Work until every run is done (True) or until `stopped` (False)."""
        states: dict[str, Standing] = {}
        while not self.stopped.is_set():
            entries = read(self.folder / QUEUE)
            states = {entry.name: states.get(entry.name) or standing(self.folder, entry) for entry in entries}
            now = time.monotonic()
            entry = next_of([one for one in entries if self.resting.get(one.name, 0) <= now], states)
            if entry is None and all(states[one.name].minutes >= one.minutes for one in entries):
                return True
            if entry is None or (self.folder / PAUSE).exists():
                self.stopped.wait(_LOOK_EVERY_S)
                continue
            code = self._slice(entry)
            states[entry.name] = standing(self.folder, entry, failed=code != 0)
            if code:
                self.resting[entry.name] = time.monotonic() + _REST_AFTER_FAILURE_S
            print(table(entries, states), flush=True)
        return False

    def _slice(self, entry: Entry) -> int:
        """Train ``entry`` for a slice, in a process of its own; gives how that ended, 0 for well."""
        out = self.folder / entry.name
        out.mkdir(parents=True, exist_ok=True)
        with (out / OUTPUT).open("a", encoding="utf-8") as output:
            process, asked = subprocess.Popen(self._command(entry, out), stdout=output, stderr=subprocess.STDOUT), False
            while process.poll() is None:
                if not asked and (self.stopped.is_set() or (self.folder / PAUSE).exists()):
                    process.terminate()  # It saves first, and is killed where it has nothing to save yet.
                    asked = True
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_EVERY_S)
        return 0 if asked else process.returncode

    def _command(self, entry: Entry, out: Path) -> list[str]:
        threads = "1"
        with contextlib.suppress(OSError, ValueError):
            threads = str(max(1, int((self.folder / THREADS).read_text(encoding="utf-8"))))
        places = ["--data", str(self.data), "--cache", str(self.cache), "--out", str(out), "--threads-from", str(self.folder / THREADS)]
        length = ["--core-minutes", "--minutes", str(self.minutes), "--total-minutes", str(entry.minutes)]
        more = ["--parent", str(os.getpid()), "--threads", threads, *entry.options()]
        return [sys.executable, "-m", "huefill_models.harness.train", entry.architecture, *places, *length, *more]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m huefill_models.harness.queue", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help=f"folder with {QUEUE}; every run gets a folder in it")
    parser.add_argument("--data", type=Path, help="folder of photographs or of tar shards")
    parser.add_argument("--cache", type=Path, help=f"where the photographs are kept decoded (FOLDER/{PHOTOGRAPHS})")
    parser.add_argument("--slice", type=float, default=8.0, help="minutes of one core a run gets in its turn")
    parser.add_argument("--status", action="store_true", help="say how far the runs are, and train nothing")
    given = parser.parse_args(arguments)
    try:
        entries = read(given.folder / QUEUE)
    except BadQueue as error:
        raise SystemExit(str(error)) from error
    print(table(entries, {entry.name: standing(given.folder, entry) for entry in entries}), flush=True)
    if given.status:
        return
    if given.data is None:
        parser.error("--data is missing: the folder of photographs to train on")
    queue = Queue(given.folder, given.data, given.cache or given.folder / PHOTOGRAPHS, given.slice)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: queue.stopped.set())
    if hasattr(os, "nice"):
        os.nice(19)
    try:
        with FileLock(given.folder / LOCK, timeout=0):
            queue.work()
    except Timeout:
        raise SystemExit(f"a queue is at work in {given.folder} already") from None


if __name__ == "__main__":
    main()
