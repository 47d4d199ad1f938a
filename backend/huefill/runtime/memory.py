"""How much memory there is, how much was used, and a plain sentence before a run that would not fit."""

from __future__ import annotations

import sys
from pathlib import Path

from huefill.errors import HuefillError

# What is left to the editor and the rest of the desktop.
RESERVE = 256 << 20


def available_memory() -> int:
    """Bytes this process can still get without swapping: what the system has, or less where a container limits it."""
    import psutil

    available = int(psutil.virtual_memory().available)
    limit = _container_room()
    return available if limit is None else min(available, limit)


def peak_memory_mb() -> float:
    """The largest resident size this process has had, in MiB."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / 2**20
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def require_memory(needed: int, what: str, remedy: str = "Select less, or close other programs.") -> None:
    """Raise `HuefillError` "memory" when ``needed`` bytes for ``what`` ("reconstructing 512 x 512 pixels") are more than can be had."""
    available = available_memory()
    if needed > available - RESERVE:
        message = f"There is not enough memory for {what}: it takes about {needed >> 20} MB, and {max(0, available) >> 20} MB are free."
        raise HuefillError("memory", message, remedy)


def _container_room() -> int | None:
    """What a control group (version 2) leaves to this process; None where there is none or it sets no limit."""
    group = Path("/sys/fs/cgroup")
    try:
        limit = (group / "memory.max").read_text().strip()
        used = int((group / "memory.current").read_text())
    except (OSError, ValueError):
        return None
    return None if limit == "max" else int(limit) - used
