"""The tasks by name. The server and the command line know tasks through this list alone; modules load on first use."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from huefill.errors import HuefillError
from huefill.tasks.contract import Context, Result

# Each module holds a frozen dataclass ``Request`` and a function ``run(request, context) -> Result``.
TASKS = {
    "remove_object": "huefill.tasks.remove_object",
    "recolor": "huefill.tasks.recolor",
    "extend": "huefill.tasks.extend",
}


def load(name: str) -> tuple[type[Any], Callable[[Any, Context], Result]]:
    """The Request type and the run function of a task; raises `HuefillError` ("unknown_task") for a name not in the list."""
    if name not in TASKS:
        raise HuefillError("unknown_task", f"There is no task '{name}'.", f"Known tasks: {', '.join(TASKS)}.")
    module = importlib.import_module(TASKS[name])
    return module.Request, module.run
