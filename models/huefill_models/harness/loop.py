"""The training loop every recipe shares: slices of minutes, exact resuming, averaged weights, one JSON line of log at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from huefill_models.harness import checkpoint
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.recipe import Recipe

CHECKPOINT = "checkpoint.pt"
LOG = "log.jsonl"


@dataclass(frozen=True)
class Run:
    """How long, where, on what.

    The schedule ends after ``total_steps`` steps if given, else after ``total_minutes`` minutes of training; this call
    stops after ``minutes`` of them or after ``steps`` steps, or where the schedule ends. Minutes are the clock's, or with ``core_minutes``
    those that this process had a core for, over all its threads: the same work on a busy machine and on an idle one.
    """

    out: Path
    minutes: float = float("inf")
    steps: int | None = None
    total_minutes: float = 60.0
    total_steps: int | None = None
    seed: int = 0
    device: str = "cpu"
    bf16: bool = False
    save_every_s: float = 120.0
    log_every_s: float = 20.0
    average: float = 0.999
    core_minutes: bool = False


def train(recipe: Recipe, photos: PhotoSet, run: Run, stop: Callable[[], bool] = lambda: False) -> dict[str, Any]:
    """Train, from the checkpoint in ``run.out`` if there is one; gives the state that was saved last.

    Once ``stop`` says so, the step at hand is finished and saved.
    """
    for model in recipe.models.values():
        model.to(run.device).train()
    follower = _Average(recipe.models[recipe.averaged], run.average)
    step, seconds = _resume(recipe, follower, run)

    def progress(step: int, seconds: float) -> float:
        return min(1.0, step / run.total_steps if run.total_steps else seconds / (60 * run.total_minutes))

    def draw(step: int, at: float) -> tuple[Tensor, ...]:
        return recipe.batch(photos, np.random.default_rng([run.seed, step]), at)

    def state() -> dict[str, Any]:
        return {
            "recipe": recipe.architecture,
            "variant": recipe.variant,
            "options": recipe.options,
            "arguments": recipe.arguments,
            "step": step,
            "seconds": seconds,
            "seed": run.seed,
            "models": {key: model.state_dict() for key, model in recipe.models.items()},
            "average": follower.weights,
            "optimizers": {key: optimizer.state_dict() for key, optimizer in recipe.optimizers.items()},
        }

    run.out.mkdir(parents=True, exist_ok=True)
    last, begun, saved = step + run.steps if run.steps else None, seconds, seconds
    with ThreadPoolExecutor(1) as pool, (run.out / LOG).open("a", encoding="utf-8") as log:
        meter = _Meter(log, step, seconds, run.log_every_s)
        clock = time.process_time if run.core_minutes else time.perf_counter
        now = clock()
        ahead = pool.submit(draw, step, progress(step, seconds))
        while (at := progress(step, seconds)) < 1 and seconds - begun < 60 * run.minutes and step != last and not stop():
            batch = tuple(tensor.to(run.device, non_blocking=True) for tensor in ahead.result())
            ahead = pool.submit(draw, step + 1, progress(step + 1, seconds))
            with torch.autocast(torch.device(run.device).type, torch.bfloat16, enabled=run.bf16):
                losses = recipe.step(batch, at)
            follower.follow(step)
            step += 1
            before, now = now, clock()
            seconds += now - before
            meter.take(losses, step, seconds, at)
            if seconds - saved > run.save_every_s:
                checkpoint.save(run.out / CHECKPOINT, state())
                saved = seconds
    final = state()
    checkpoint.save(run.out / CHECKPOINT, final)
    return final


def _resume(recipe: Recipe, follower: _Average, run: Run) -> tuple[int, float]:
    path = run.out / CHECKPOINT
    if not path.exists():
        return 0, 0.0
    state = checkpoint.load(path, run.device)
    for key, weights in state["models"].items():
        recipe.models[key].load_state_dict(weights)
    for key, moments in state["optimizers"].items():
        recipe.optimizers[key].load_state_dict(moments)
    follower.weights = state["average"]
    return state["step"], state["seconds"]


class _Average:
    """An exponential moving average of a model's weights, warmed up so that early ones are forgotten soon."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.model, self.decay = model, decay
        self.weights = {key: value.detach().clone() for key, value in model.state_dict().items()}

    @torch.no_grad()
    def follow(self, step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step))
        for key, value in self.model.state_dict().items():
            if value.is_floating_point():
                self.weights[key].lerp_(value, 1 - decay)
            else:
                self.weights[key].copy_(value)


class _Meter:
    """Means of the losses since the last line, and steps a second."""

    def __init__(self, log: Any, step: int, seconds: float, every_s: float) -> None:
        self.log, self.every_s = log, every_s
        self.step, self.seconds = step, seconds
        self.sums: dict[str, list[float]] = {}

    def take(self, losses: dict[str, float], step: int, seconds: float, progress: float) -> None:
        for key, value in losses.items():
            self.sums.setdefault(key, []).append(value)
        spent = seconds - self.seconds
        if spent < self.every_s:
            return
        line = {"step": step, "minutes": round(seconds / 60, 2), "progress": round(progress, 4)}
        line["steps_per_s"] = round((step - self.step) / spent, 2)
        line |= {key: round(float(np.mean(values)), 5) for key, values in self.sums.items()}
        text = json.dumps(line)
        print(text, flush=True)
        self.log.write(text + "\n")
        self.log.flush()
        self.step, self.seconds, self.sums = step, seconds, {}
