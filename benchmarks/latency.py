"""From click to layer: what a person waits for in the real Krita, with a backend that is warm.

    python benchmarks/latency.py [--photo FILE] [--out DIR]    prints the table and writes latency.md

The first clock runs from the click to the moment in which the new layer is in the document; the second from the moment in which the
backend has the result to the same end. Krita runs under a virtual screen, as in tests/krita, which must be able to run here.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import cv2
from warm_backend import HERE, PHOTO, commit, read, tiled

sys.path.insert(0, str(HERE.parent))

from tests.desktop import Desktop
from tests.krita.harness import User
from tests.outcome import Outcome

RUNS = 3
WARM_UP = (256, 256, 40)
WHOLE = 0  # in place of a diameter: the whole photo is colored
# Width, height of the photo and the diameter of the round selection, in pixels.
SIZES = ((768, 512, 250), (4000, 3000, 250), (1536, 1024, 600), (6000, 4000, 600), (4000, 3000, WHOLE))
_DONE = re.compile(r"^(\S+ \S+) INFO \S+: job \w+: done after", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """Seconds: ``total`` from the click to the layer, ``placing`` from the result to the layer, ``gap`` in which Krita's window did not
    answer at the longest, and each stage's in the backend."""

    total: float
    placing: float
    gap: float
    stages: dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photo", type=Path, default=PHOTO)
    parser.add_argument("--out", type=Path, default=HERE / "results")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        runs = measured(arguments.photo, Path(folder))
    rows = [(size, runs[number * RUNS : (number + 1) * RUNS]) for number, size in enumerate(SIZES)]
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "latency.md").write_text(table(rows), encoding="utf-8")
    print(table(rows))


def measured(photo: Path, folder: Path) -> list[Run]:
    """`RUNS` of each of `SIZES`, one after another in one Krita. The photo is tiled by its mirror image to each size."""
    cases: list[tuple[str, int, int]] = []
    for number, (width, height, diameter) in enumerate((WARM_UP, *SIZES)):
        file = folder / f"{number}.png"
        cv2.imwrite(str(file), cv2.cvtColor(tiled(read(photo), width, height), cv2.COLOR_RGB2BGR))
        cases.append((str(file), diameter, RUNS if number else 1))
    user = User.fresh(folder / "home", None)
    user.install([sys.executable, "-m", "huefill.server", "--managed", "--linger", "2"])
    user.install_driver()
    with Desktop() as desktop:
        outcome = user.run_krita(desktop, ["timing.from_click_to_layer"], folder / "out", {"cases": json.dumps(cases)}, seconds=1500)
    ready = [datetime.strptime(said, "%Y-%m-%d %H:%M:%S,%f").timestamp() for said in _DONE.findall(log_of(outcome, user))]
    told = outcome["from_click_to_layer"]["runs"]
    if len(told) != len(ready):
        raise SystemExit(f"Krita saw {len(told)} layers, the backend made {len(ready)}.")
    runs = [
        Run(one["there"] - one["clicked"], one["there"] - moment, one["gap"], one["stages"])
        for one, moment in zip(told, ready, strict=True)
    ]
    return runs[1:]


def log_of(outcome: Outcome, user: User) -> str:
    """What the backend has written; it says when each job was done."""
    (file,) = user.home.rglob("backend.log")
    return file.read_text("utf-8")


def table(rows: Sequence[tuple[tuple[int, int, int], Sequence[Run]]]) -> str:
    version = subprocess.run(["krita", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    lines = [
        "# From click to layer",
        "",
        f"Printed by `{' '.join(['python', 'benchmarks/latency.py', *sys.argv[1:]])}` at commit {commit()}; {platform.machine()}, "
        f"{os.cpu_count()} cores, no GPU, {version or 'Krita'} under a virtual screen; load of the machine at the end "
        f"{os.getloadavg()[0]:.1f}. Engine auto, preset fast; median and longest of {RUNS} runs, backend warm. Every clock ends when the "
        "layer is in the document.",
        "",
        "| photo | action | click to layer: median, s | longest | result ready to layer: median, s | longest "
        "| longest pause of Krita's window, s | of it in the backend |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (width, height, diameter), runs in rows:
        action = "colors for the whole photo" if diameter == WHOLE else f"removal, selection of {diameter} px"
        stages = ", ".join(f"{stage} {value:.1f}" for stage, value in runs[-1].stages.items())
        times = [both(one.total for one in runs), both(one.placing for one in runs)]
        size = f"{width} × {height} ({width * height / 1e6:.1f} MP)"
        lines.append(f"| {size} | {action} | {' | '.join(times)} | {max(one.gap for one in runs):.2f} | {stages} |")
    return "\n".join(lines) + "\n"


def both(seconds: Iterable[float]) -> str:
    """Median and longest."""
    values = list(seconds)
    return f"{statistics.median(values):.2f} | {max(values):.2f}"


if __name__ == "__main__":
    main()
