"""The tasks by name. The server and the command line know tasks through this list alone; modules load on first use."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from huefill.errors import HuefillError
from huefill.tasks.contract import Context, Result

# Each module holds a frozen dataclass ``Request`` and a function ``run(request, context) -> Result``.
TASKS = {
    "remove_object": "huefill.tasks.inpainting.remove_object",
    "recolor": "huefill.tasks.inpainting.recolor_selection",
    "extend": "huefill.tasks.inpainting.extend_canvas",
    "colorize_points": "huefill.tasks.colorization.colorize",
    "match_colors": "huefill.tasks.colorization.match_colors",
    "palette": "huefill.tasks.colorization.palette",
}
# Tasks that can be worked at live: each module has a function ``open_live(request, device)``.
LIVE = {"colorize_points": "huefill.tasks.colorization.live"}


def load_live(name: str) -> Callable[[Any, str], Any]:
    """What opens a live session of a task; raises `HuefillError` ("unknown_task") for a task that has none."""
    if name not in LIVE:
        raise HuefillError("unknown_task", f"The task '{name}' cannot be worked at live.", f"Tasks that can: {', '.join(LIVE)}.")
    opener: Callable[[Any, str], Any] = importlib.import_module(LIVE[name]).open_live
    return opener


def load(name: str) -> tuple[type[Any], Callable[[Any, Context], Result]]:
    """The Request type and the run function of a task; raises `HuefillError` ("unknown_task") for a name not in the list."""
    if name not in TASKS:
        raise HuefillError("unknown_task", f"There is no task '{name}'.", f"Known tasks: {', '.join(TASKS)}.")
    module = importlib.import_module(TASKS[name])
    return module.Request, module.run
