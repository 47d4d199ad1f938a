"""``python -m huefill_models.harness.train ARCHITECTURE --data DIR --out DIR --minutes N``: train, or go on training, a network."""

from __future__ import annotations

import argparse
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch

from huefill_models.architecture import architectures
from huefill_models.harness import checkpoint
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.loop import CHECKPOINT, Run, train
from huefill_models.harness.recipe import Recipe
from huefill_models.harness.start import arguments_of, begin


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m huefill_models.harness.train", description=__doc__)
    commands = parser.add_subparsers(dest="recipe", required=True)
    for name, kind in _recipes().items():
        command = commands.add_parser(name)
        _add_run_arguments(command)
        kind.add_arguments(command.add_argument_group("recipe", "a checkpoint in --out keeps its own where none is given"))
    given = vars(parser.parse_args(arguments))
    run_names = {action.dest for action in _add_run_arguments(argparse.ArgumentParser())}
    recipe_arguments = {key: value for key, value in given.items() if key not in run_names | {"recipe"} and value is not None}
    _train(given["recipe"], {key: given[key] for key in run_names}, recipe_arguments)


def _add_run_arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [
        parser.add_argument("--data", type=Path, required=True, help="folder of photographs or of tar shards"),
        parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint and the log"),
        parser.add_argument("--minutes", type=float, default=float("inf"), help="length of this slice"),
        parser.add_argument("--steps", type=int, help="the same in steps"),
        parser.add_argument("--total-minutes", type=float, default=60.0, help="length of the whole schedule, over all slices"),
        parser.add_argument("--total-steps", type=int, help="the whole schedule in steps, which makes it repeatable"),
        parser.add_argument(
            "--start",
            type=Path,
            help="start from these weights when --out has no checkpoint: a network's folder, an ONNX file, a checkpoint",
        ),
        parser.add_argument("--seed", type=int, default=0),
        parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto"),
        parser.add_argument("--precision", choices=("auto", "bf16", "fp32"), default="auto"),
        parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves the choice to torch"),
    ]


def _recipes() -> dict[str, type[Recipe]]:
    return {name: found.recipe() for name, found in sorted(architectures().items()) if found.recipe is not None}


def _train(name: str, given: dict[str, Any], recipe_arguments: dict[str, Any]) -> None:
    if given["threads"]:
        torch.set_num_threads(given["threads"])
    torch.manual_seed(given["seed"])
    path = given["out"] / CHECKPOINT
    start = None if path.exists() or given["start"] is None else given["start"]
    stored = checkpoint.load(path)["arguments"] if path.exists() else {} if start is None else arguments_of(start)
    recipe = _recipes()[name](name, **{**stored, **recipe_arguments})
    if start is not None:
        print(begin(recipe, start), flush=True)
    device = given["device"] if given["device"] != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
    # On a CPU bfloat16 pays where the matrix unit computes it (measured 2.5 times faster), and costs where it is emulated.
    bf16 = given["precision"] == "bf16" or (given["precision"] == "auto" and (device == "cuda" or torch.cpu._is_amx_tile_supported()))
    photos = PhotoSet(given["data"])
    print(f"{len(photos)} photographs, {device}, {'bfloat16' if bf16 else 'float32'}, {recipe.arguments}", flush=True)
    run = Run(
        out=given["out"],
        minutes=given["minutes"],
        steps=given["steps"],
        total_minutes=given["total_minutes"],
        total_steps=given["total_steps"],
        seed=given["seed"],
        device=device,
        bf16=bf16,
    )
    with _asked_to_stop() as stop:
        train(recipe, photos, run, stop)


@contextlib.contextmanager
def _asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Ctrl+C and a polite end of the process save the checkpoint first."""
    asked = threading.Event()
    former = {number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked.is_set
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    main()
