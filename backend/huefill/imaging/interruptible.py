"""Work that nothing can interrupt, done so that a Cancel is heard meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from importlib import import_module
from typing import TypeVar

_PATIENCE_S = 0.05
_Value = TypeVar("_Value")


def run_interruptibly(work: Callable[[], _Value], check: Callable[[], None]) -> _Value:
    """What ``work`` returns; it runs in a thread while ``check`` is called every 50 ms and may raise: its result is then dropped."""
    pool = ThreadPoolExecutor(1)
    try:
        done = pool.submit(work)
        while wait([done], _PATIENCE_S).not_done:
            check()
        return done.result()
    finally:
        pool.shutdown(wait=False)


def import_interruptibly(modules: tuple[str, ...], check: Callable[[], None]) -> None:
    """Import large libraries before they are needed: an import statement would sit through seconds."""

    def each() -> None:
        for name in modules:
            import_module(name)

    run_interruptibly(each, check)
