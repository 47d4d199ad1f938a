"""The recipes by name; each lives in its system's folder and is imported when it is asked for."""

from __future__ import annotations

import importlib
from typing import Any

RECIPES = {
    "hints": "huefill_models.hints.recipe:Hints",
    "reconstruction": "huefill_models.inpainting.recipe:Reconstruction",
}


def find(name: str) -> Any:
    """The recipe's class (see `huefill_models.harness.loop.Recipe`)."""
    module, _, attribute = RECIPES[name].partition(":")
    return getattr(importlib.import_module(module), attribute)
