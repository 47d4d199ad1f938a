"""What a running training heeds between two steps: a request to stop, the end of what started it, the number of threads it may use."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

_READ_EVERY_S = 2.0


@contextlib.contextmanager
def attended(threads_from: Path | None = None, parent: int | None = None) -> Iterator[Callable[[], bool]]:
    """Gives a function to call between steps, which says whether to save and stop.

    So do Ctrl+C and a polite end of the process (SIGTERM), and the end of the process ``parent`` that started this one.
    ``threads_from`` is a file with the number of CPU threads, read every few seconds; what is no number in it changes nothing.
    """
    asked = threading.Event()
    former = {number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    due = 0.0

    def stop() -> bool:
        nonlocal due
        if threads_from is not None and time.monotonic() >= due:
            due = time.monotonic() + _READ_EVERY_S
            _use(threads_from)
        return asked.is_set() or (parent is not None and os.getppid() != parent)

    try:
        yield stop
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _use(threads_from: Path) -> None:
    with contextlib.suppress(OSError, ValueError):
        count = int(threads_from.read_text(encoding="utf-8"))
        if count > 0 and count != torch.get_num_threads():
            torch.set_num_threads(count)
