"""The folder of numerical references, and the seeded weights it describes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import torch

FOLDER = Path(__file__).parents[2].parent / "shared" / "parity"
MARKS = [pytest.mark.parity, pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/parity is absent")]


def state_of(part: str) -> dict[str, torch.Tensor]:
    """The published state of a part, with the weights that its seed gives."""
    spec = importlib.util.spec_from_file_location("parity_state_dict", FOLDER / "state_dict.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    state: dict[str, torch.Tensor] = module.build(str(FOLDER / f"{part}.json"), 0)
    return state
