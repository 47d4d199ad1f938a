"""What a test leaves behind: threads, processes, open files, and files in the folder for temporary ones."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

# How long what was asked to end may take: a backend leaves a moment after its last client.
PATIENCE_S = 10.0
# Threads that libraries keep for the whole process, by the beginning of their names.
THREADS = (
    "AnyIO worker thread",  # starlette's pool ends with its event loop, at the next turn of the garbage collector
    "pydevd",  # a debugger
    "tqdm_monitor",  # tqdm's one thread for all bars; torch's export shows some
)
# Processes that libraries keep for the whole process, by a word of their command lines.
PROCESSES = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
# Files that stay open for the whole process, by what their paths contain.
FILES = (
    ".onnx",  # ONNX Runtime maps a network for as long as the store keeps it
    ".hypothesis",  # hypothesis' own database
    os.sep + ".pytest_cache" + os.sep,
    "/dev/",
    "(deleted)",
)
# What libraries put into the folder for temporary files once and use again.
TEMPORARY = ("torchinductor_", "pymp-", "__triton", "pytest-of-")


@dataclass(frozen=True)
class Belongings:
    """What this process has at one moment."""

    threads: frozenset[threading.Thread]
    processes: frozenset[psutil.Process]
    files: frozenset[str]
    temporary: frozenset[str]

    @staticmethod
    def now() -> Belongings:
        process = psutil.Process()
        files = (item.path for item in process.open_files())
        return Belongings(
            frozenset(thread for thread in threading.enumerate() if not thread.name.startswith(THREADS)),
            frozenset(child for child in process.children() if _counts(child)),
            frozenset(path for path in files if not any(part in path for part in FILES)),
            frozenset(name for name in os.listdir(tempfile.gettempdir()) if not name.startswith(TEMPORARY)),
        )

    def more_than(self, before: Belongings) -> list[str]:
        """What is there now and was not before, in words."""
        found = [f"the thread {thread.name}" for thread in self.threads - before.threads if thread.is_alive()]
        found += [f"the process {_words(process)}" for process in self.processes - before.processes]
        found += [f"the open file {path}" for path in self.files - before.files]
        return found + [f"the temporary file {Path(tempfile.gettempdir()) / name}" for name in self.temporary - before.temporary]


def left_behind(before: Belongings) -> list[str]:
    """What a test has left, in words; it is given a moment to go."""
    deadline = time.monotonic() + PATIENCE_S
    while (found := Belongings.now().more_than(before)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _counts(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and not any(word in " ".join(process.cmdline()) for word in PROCESSES)
    except psutil.NoSuchProcess:
        return False


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return str(process.pid)
