"""``python -m huefill_models.harness.train ARCHITECTURE --data DIR --out DIR --minutes N``: train, or go on training, a network."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout

from huefill_models.architecture import architectures
from huefill_models.harness import checkpoint
from huefill_models.harness.attendance import attended
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.loop import CHECKPOINT, Run, train
from huefill_models.harness.packed import packed
from huefill_models.harness.recipe import Recipe
from huefill_models.harness.start import arguments_of, begin

LOCK = "training.lock"
_WAIT_S = 120.0


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
    run_arguments = {key: given[key] for key in run_names}
    given["out"].mkdir(parents=True, exist_ok=True)
    try:
        # Another training in the same folder that is being ended saves its checkpoint first.
        with FileLock(given["out"] / LOCK, timeout=_WAIT_S):
            _train(given["recipe"], run_arguments, recipe_arguments)
    except Timeout:
        raise SystemExit(f"another training is running in {given['out']}") from None


def _add_run_arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [
        parser.add_argument("--data", type=Path, required=True, help="folder of photographs or of tar shards"),
        parser.add_argument("--cache", type=Path, help="folder in which the photographs are kept decoded, for the next slice"),
        parser.add_argument("--only", default="", help="train on files alone whose names begin so: several with commas between"),
        parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint and the log"),
        parser.add_argument("--minutes", type=float, default=float("inf"), help="length of this slice"),
        parser.add_argument("--steps", type=int, help="the same in steps"),
        parser.add_argument("--total-minutes", type=float, default=60.0, help="length of the whole schedule, over all slices"),
        parser.add_argument("--core-minutes", action="store_true", help="count the minutes that this process has a core for"),
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
        parser.add_argument("--threads-from", type=Path, help="file with the number of threads, read again and again"),
        parser.add_argument("--parent", type=int, help="save and stop when this process, which started the training, has ended"),
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
    bf16 = given["precision"] == "bf16" or (given["precision"] == "auto" and (device == "cuda" or _computes_bfloat16()))
    photos = _photos(given["data"], given["cache"], tuple(name for name in given["only"].split(",") if name))
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
        core_minutes=given["core_minutes"],
    )
    with attended(given["threads_from"], given["parent"]) as stop:
        train(recipe, photos, run, stop)


def _photos(data: Path, cache: Path | None, only: tuple[str, ...]) -> PhotoSet:
    if cache is not None:
        return packed(data, cache, only=only)
    photos = PhotoSet(data)
    return photos.named(only) if only else photos


def _computes_bfloat16() -> bool:
    """Whether the CPU has instructions for it: 1.5 times faster with AVX-512's, 2.5 times with the matrix unit's; emulated it is slower."""
    return bool(torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported())


if __name__ == "__main__":
    main()
