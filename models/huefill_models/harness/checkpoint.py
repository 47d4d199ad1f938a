"""Checkpoints: one file with everything that resuming needs, replaced atomically."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch


def save(path: Path, state: dict[str, Any]) -> None:
    """Write beside the target, then rename: an interrupted write leaves the former checkpoint whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(path.suffix + ".new")
    with beside.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def load(path: Path, device: str = "cpu") -> dict[str, Any]:
    """Read a checkpoint without running code from it: tensors, numbers, texts and their containers alone."""
    state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    return state
