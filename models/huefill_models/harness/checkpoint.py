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
    torch.save(state, beside)
    os.replace(beside, path)


def load(path: Path, device: str = "cpu") -> dict[str, Any]:
    """Read a checkpoint without running code from it: tensors, numbers, texts and their containers alone."""
    state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    return state


def compact(state: dict[str, Any]) -> dict[str, Any]:
    """The same state with its floating-point tensors in half precision where that loses little: the optimizers' moments.

    Weights stay as they are. The second moment is stored as its square root, which half precision can hold. A model whose optimizer
    has not made a step yet is left out: a new one is as good.
    """
    trained = {name: part for name, part in state["optimizers"].items() if part["state"]}
    models = {name: weights for name, weights in state["models"].items() if name in trained}
    return {**state, "models": models, "optimizers": {name: _halved(part) for name, part in trained.items()}, "compact": True}


def expanded(state: dict[str, Any]) -> dict[str, Any]:
    """Undo `compact`; any other state passes through."""
    if not state.get("compact"):
        return state
    optimizers = {name: _restored(part) for name, part in state["optimizers"].items()}
    return {**{key: value for key, value in state.items() if key != "compact"}, "optimizers": optimizers}


def _halved(optimizer: dict[str, Any]) -> dict[str, Any]:
    def half(moments: dict[str, Any]) -> dict[str, Any]:
        return {**moments, "exp_avg": moments["exp_avg"].bfloat16(), "exp_avg_sq": moments["exp_avg_sq"].sqrt().bfloat16()}

    return {**optimizer, "state": {key: half(moments) for key, moments in optimizer["state"].items()}}


def _restored(optimizer: dict[str, Any]) -> dict[str, Any]:
    def whole(moments: dict[str, Any]) -> dict[str, Any]:
        return {**moments, "exp_avg": moments["exp_avg"].float(), "exp_avg_sq": moments["exp_avg_sq"].float().square()}

    return {**optimizer, "state": {key: whole(moments) for key, moments in optimizer["state"].items()}}
