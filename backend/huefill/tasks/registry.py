"""The tasks by name, as the table of actions has them. The server and the command line know tasks through this list alone."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huefill import tasks
from huefill.errors import HuefillError
from huefill.tasks.contract import Context, Result
from huefill.tasks.live import LivePhoto
from huefill_protocol.actions import ACTIONS


def _modules() -> dict[str, str]:
    """The module of every task that an action names: the file of the task's name, here or in one of the folders.

    Each holds a frozen dataclass ``Request`` and a function ``run(request, context) -> Result``.
    """
    wanted = dict.fromkeys(action.task for action in ACTIONS)
    found = {}
    for item in pkgutil.iter_modules(tasks.__path__):
        folder = [str(Path(path) / item.name) for path in tasks.__path__] if item.ispkg else []
        found.update({inner.name: f"{tasks.__name__}.{item.name}.{inner.name}" for inner in pkgutil.iter_modules(folder)})
        found.setdefault(item.name, f"{tasks.__name__}.{item.name}")
    return {task: found[task] for task in wanted if task in found}


TASKS = _modules()
# Tasks that can be worked at live: each module has a function ``open_live(request, device)``.
LIVE = {"colorize": "huefill.tasks.colorization.live", "match_colors": "huefill.tasks.colorization.live"}


def load_live(name: str) -> Callable[[Any, str], LivePhoto]:
    """What opens a live session of a task; raises `HuefillError` ("unknown_task") for a task that has none."""
    if name not in LIVE:
        raise HuefillError("unknown_task", f"The task '{name}' cannot be worked at live.", f"Tasks that can: {', '.join(LIVE)}.")
    opener: Callable[[Any, str], LivePhoto] = importlib.import_module(LIVE[name]).open_live
    return opener


def load(name: str) -> tuple[type[Any], Callable[[Any, Context], Result]]:
    """The Request type and the run function of a task; raises `HuefillError` ("unknown_task") for a name not in the list."""
    if name not in TASKS:
        raise HuefillError("unknown_task", f"There is no task '{name}'.", f"Known tasks: {', '.join(TASKS)}.")
    module = importlib.import_module(TASKS[name])
    return module.Request, module.run
