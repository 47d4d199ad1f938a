"""From click to layer: what a person waits for, through the real backend over HTTP, warm.

    python benchmarks/latency.py [--photo FILE] [--out DIR]    prints the table and writes latency.md

The clock runs from the request in the client until the result's pixels have arrived; the backend has done one small job before.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from pathlib import Path

import numpy as np
from warm_backend import HERE, PHOTO, commit, read, tensor, tiled, warm_backend

from huefill_client import requests
from huefill_client.jobs import JobRunner, Outcome
from huefill_client.session import Session
from huefill_protocol.actions import REMOVE_OBJECT

RUNS = 3
# Width, height of the photo and the diameter of the selection, in pixels.
SIZES = ((768, 512, 250), (4000, 3000, 250), (1536, 1024, 600), (6000, 4000, 600))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photo", type=Path, default=PHOTO)
    parser.add_argument("--out", type=Path, default=HERE / "results")
    arguments = parser.parse_args()
    photo = read(arguments.photo)
    with warm_backend() as session:
        removed(session, photo, 256, 256, 40)
        rows = [(size, [removed(session, photo, *size) for _ in range(RUNS)]) for size in SIZES]
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "latency.md").write_text(table(rows), encoding="utf-8")
    print(table(rows))


def removed(session: Session, photo: np.ndarray, width: int, height: int, diameter: int) -> tuple[float, dict[str, float]]:
    """Seconds from click to layer, and the seconds of each stage in the backend. The photo is tiled by its mirror image to the size."""
    image = tiled(photo, width, height)
    rows, columns = np.ogrid[:height, :width]
    mask = np.where((rows - height // 2) ** 2 + (columns - width // 2) ** 2 <= (diameter // 2) ** 2, 255, 0).astype(np.uint8)
    ended: list[Outcome] = []
    begin = time.perf_counter()
    job = requests.job(REMOVE_OBJECT, {"image": tensor(image), "mask": tensor(mask)}, device="cpu")
    JobRunner(session, job, on_end=ended.append).start().wait()
    taken = time.perf_counter() - begin
    while not ended:
        time.sleep(0.001)
    if ended[0].result is None:
        raise SystemExit(f"{ended[0].state}: {ended[0].error}")
    return taken, ended[0].result.seconds


def table(rows: list[tuple[tuple[int, int, int], list[tuple[float, dict[str, float]]]]]) -> str:
    lines = [
        "# From click to layer",
        "",
        f"Printed by `{' '.join(['python', 'benchmarks/latency.py', *sys.argv[1:]])}` at commit {commit()}; {platform.machine()}, "
        f"{os.cpu_count()} cores, no GPU; load of the machine at the end {os.getloadavg()[0]:.1f}. Engine auto, preset fast; "
        f"median and longest of {RUNS} runs, backend warm. The client sends the whole photo here.",
        "",
        "| photo | selection | seconds, median | longest | of it in the backend |",
        "|---|---|---|---|---|",
    ]
    for (width, height, diameter), runs in rows:
        seconds = [taken for taken, _ in runs]
        stages = ", ".join(f"{stage} {value:.1f}" for stage, value in runs[-1][1].items())
        size = f"{width} × {height} ({width * height / 1e6:.1f} MP)"
        lines.append(f"| {size} | {diameter} px | {statistics.median(seconds):.2f} | {max(seconds):.2f} | {stages} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
