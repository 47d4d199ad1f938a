"""What the presets of the internal colorizer cost at the paper's size, 512 x 640, and how good the estimate of the remaining time is.

    python benchmarks/internal_color_speed.py --photos DIR --out benchmarks/results [--device cuda]

`fast` and `best` are run; `paper` and `published` are run for a few iterations of every level, and their time is what an iteration
costs times how many there are. CPU seconds are the fair figure on a busy machine; the load is printed with them.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np
from internal_color_cases import KINDS, SHARES, Case, hole_of, photographs, picture

HEIGHT, WIDTH = 512, 640
FEW = 2


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def run(preset: str, case: Case, folder: Path, device: str) -> dict[str, Any]:
    """One case: wall and CPU seconds, and what the first estimate after a second said against what was then left."""
    from huefill import internal
    from huefill.imaging import color_spaces
    from huefill.runtime.progress import Progress, Update

    truth, hole = picture(folder / case.photo, HEIGHT, WIDTH), hole_of(case)
    estimates: list[tuple[float, float]] = []

    def take(update: Update) -> None:
        if update.remaining_s is not None:
            estimates.append((time.perf_counter() - begin, update.remaining_s))

    begin, cpu = time.perf_counter(), cpu_seconds()
    internal.recolor(color_spaces.monochrome(truth), truth, hole, preset=preset, device=device, progress=Progress(take))
    seconds = time.perf_counter() - begin
    said = next(((at, left) for at, left in estimates if at >= 1.0), None)
    error = None if said is None or seconds - said[0] < 0.3 else said[1] / (seconds - said[0]) - 1
    return {"seconds": seconds, "cpu": cpu_seconds() - cpu, "error": error}


def levels(preset: str, device: str) -> tuple[list[float], list[float], list[int]]:
    """Wall and CPU seconds of an iteration of every level, coarsest first, and the iterations the preset makes."""
    import torch

    from huefill import internal
    from huefill.internal.generator import Generator
    from huefill.internal.pyramid import train

    chosen = internal.PRESETS[preset]
    shapes = [(HEIGHT >> level, WIDTH >> level) for level in reversed(range(chosen.height))]
    wall, cpu = [], []
    for level, (height, width) in enumerate(shapes):
        inputs = torch.rand(1, 4 if level else 1, height, width, device=device)
        rgb, known = torch.rand(1, 3, height, width, device=device), torch.ones(1, 1, height, width, device=device)
        generator = Generator(inputs.shape[1], chosen.blocks).to(device).train()
        for count in (1, FEW):  # the first warms up
            begin, used = time.perf_counter(), cpu_seconds()
            for _ in train(generator, inputs, rgb, known, chosen, 1e-3, count):
                pass
            spent = time.perf_counter() - begin, cpu_seconds() - used
        wall.append(spent[0] / FEW)
        cpu.append(spent[1] / FEW)
    return wall, cpu, list(chosen.iterations[chosen.height])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--limit", type=int, default=4, help="photographs")
    given = parser.parse_args()
    paths = [str(path.relative_to(given.photos)) for path in photographs(given.photos, given.limit)]
    cases = [Case(p, kind, SHARES[(i + k) % 4], HEIGHT, WIDTH) for i, p in enumerate(paths) for k, kind in enumerate(KINDS)]
    lines = [f"# The presets' cost at 640 x 512 on {given.device}", "", "Printed by `benchmarks/internal_color_speed.py`: "]
    lines[-1] += f"{len(cases)} cases, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores when it began."
    lines += ["", "| preset | seconds, mean (most) | CPU seconds, mean (most) | published's CPU seconds / these |", "|---|---|---|---|"]
    steps = {name: levels(name, given.device) for name in ("published", "paper")}
    whole = {name: [float(np.dot(part, steps[name][2])) for part in steps[name][:2]] for name in steps}
    run("fast", cases[0], given.photos, given.device)  # libraries load once a process, not once a picture
    errors = []
    for preset in ("fast", "best"):
        rows = [run(preset, case, given.photos, given.device) for case in cases]
        mean = {key: float(np.mean([row[key] for row in rows])) for key in ("seconds", "cpu")}
        most = {key: max(row[key] for row in rows) for key in ("seconds", "cpu")}
        cells = [f"{mean[key]:.2f} ({most[key]:.2f})" for key in ("seconds", "cpu")]
        lines.append(f"| {preset} | {cells[0]} | {cells[1]} | {whole['published'][1] / mean['cpu']:.0f} |")
        errors += [(preset, row["error"]) for row in rows if row["error"] is not None]
    for name, (wall, cpu, iterations) in steps.items():
        lines.append(f"| {name} | {whole[name][0]:.0f} | {whole[name][1]:.0f} | {whole['published'][1] / whole[name][1]:.1f} |")
        lines.append(
            f"| – its levels | {' + '.join(f'{n} x {s:.3f}' for n, s in zip(iterations, wall, strict=True))} "
            f"| {' + '.join(f'{n} x {s:.3f}' for n, s in zip(iterations, cpu, strict=True))} | |"
        )
    lines += ["", "What the estimate of the remaining time was off by, one second into a run that had 0.3 s or more to go:"]
    lines += [
        f"{preset} {', '.join(f'{100 * e:+.0f} %' for p, e in errors if p == preset) or 'none ran that long'}; "
        for preset in ("fast", "best")
    ]
    text = "\n".join(lines) + "\n"
    name = "internal_color_speed.md" if given.device == "cpu" else f"internal_color_speed_{given.device}.md"
    (given.out / name).write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
