"""How long the networks that fill holes take, as ONNX files and in torch, with weights of no meaning: what each design costs.

    python benchmarks/architectures.py [NAME …] [--sides 256 512] [--out DIR]    prints the table and writes architectures.md

Each architecture in the width that is trained here (its variants cost the same within a few percent) and in the published one, both in
single precision. Seconds are the least of some runs, on the threads that are asked for; the seconds of all cores together are told, too:
on a busy machine they alone mean something.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import onnxruntime
import torch
from torch import nn
from warm_backend import HERE, commit

from huefill_models.architecture import Architecture, architectures
from huefill_models.deepfill.network import Generator
from huefill_models.edgeconnect.network import REC709, EdgeConnect
from huefill_models.gmcnn.network import Columns
from huefill_models.harness import export
from huefill_models.hifill.network import HiFill
from huefill_models.inpainting.contract import ROLE

PUBLISHED: dict[str, Callable[[], nn.Module]] = {
    "deepfill": lambda: Generator(5, 3, 48),
    "edgeconnect": lambda: EdgeConnect(4, 3, 64, gray=REC709),
    "gmcnn": lambda: Columns(4, 3, 32, padding="reflect"),
    "hifill": lambda: HiFill(4, 3, 32),
}


def main() -> None:
    found = {name: one for name, one in architectures().items() if one.role == ROLE}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=[], metavar="NAME", help=f"of {', '.join(found)}; all if none is given")
    parser.add_argument("--sides", type=int, nargs="+", default=[256, 512])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=HERE / "results")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    lines = [
        "| network | weights | MB in half precision | side | ONNX, s | torch, s | of all cores: ONNX, torch |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name in given.names or found:
        for row in rows(found[name], given.sides, given.threads, given.runs):
            print(row, flush=True)
            lines.append(row)
    busy = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end"
    told = f"{datetime.now():%Y-%m-%d}, commit {commit()}, {given.threads} threads of {busy}, least of {given.runs} runs."
    (given.out / "architectures.md").write_text("\n".join(["# What each design costs", "", told, "", *lines, ""]), "utf-8")


def rows(architecture: Architecture, sides: list[int], threads: int, runs: int) -> Iterator[str]:
    """A row of the table for each network and side."""
    variant = architecture.variants[0]
    networks = {f"{architecture.name}, {variant}": (architecture.build(variant), variant)}
    if architecture.name in PUBLISHED:
        networks[f"{architecture.name}, as published"] = (PUBLISHED[architecture.name](), "rgb")
    for title, (network, variant) in networks.items():
        weights = sum(weight.numel() for weight in network.parameters())
        exported = architecture.wrap(network, variant).eval()
        assert isinstance(exported, export.Exportable)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "net.onnx"
            export.write(exported, file)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads, options.log_severity_level = threads, 3
            session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        for side in sides:
            inputs = exported.example(side, side)
            arrays = {key: value.numpy() for key, value in inputs.items()}
            onnx = best(lambda session=session, arrays=arrays: session.run(None, arrays), runs)
            with torch.no_grad():
                plain = best(lambda exported=exported, inputs=inputs: exported(*inputs.values()), runs)
            size = f"{weights / 1e6:.2f} M | {2 * weights / 2**20:.1f}"
            yield f"| {title} | {size} | {side} | {onnx[0]:.2f} | {plain[0]:.2f} | {onnx[1]:.2f}, {plain[1]:.2f} |"


def best(run: Callable[[], object], runs: int) -> tuple[float, float]:
    """Seconds by the clock and of all cores, each the least of ``runs``, after one to warm up."""
    run()
    clock, cores = [], []
    for _ in range(runs):
        by_clock, of_cores = time.perf_counter(), time.process_time()
        run()
        clock.append(time.perf_counter() - by_clock)
        cores.append(time.process_time() - of_cores)
    return min(clock), min(cores)


if __name__ == "__main__":
    main()
