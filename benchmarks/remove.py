"""Remove Object beside its peers: quality, time and memory on photos, into a table and a picture.

python benchmarks/remove.py [--photos DIR] [--out DIR] [--limit N] [--methods NAME,NAME]
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

import numpy as np
from removal_cases import LONGEST_SIDE, Case, cases
from removal_methods import METHODS, SLOW
from removal_runs import commit, fitted, header_of, measure, prepared, write_sheet

HERE = Path(__file__).parent
KINDS = ("free-form", "object")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, default=HERE.parents[1] / "shared" / "data" / "test")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--limit", type=int, default=4, help="photos of each folder")
    parser.add_argument("--methods", help=f"comma-separated; all of {', '.join(METHODS)}; {' and '.join(SLOW)} run only when named")
    parser.add_argument("--patience", type=float, default=600, help="seconds that one method may take over all the holes")
    arguments = parser.parse_args()
    names = arguments.methods.split(",") if arguments.methods else [name for name in METHODS if name not in SLOW]
    unknown = set(names) - set(METHODS)
    if unknown:
        parser.error(f"no such method: {', '.join(sorted(unknown))}")
    every = cases(arguments.photos, arguments.limit)
    if not every:
        parser.error(f"no photos in {arguments.photos}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    with prepared(every) as folder:
        measured = {name: measure(name, folder, every, arguments.patience) for name in names}
        (arguments.out / "remove.md").write_text(_report(measured, every), encoding="utf-8")
        _sheet(folder, names, every, arguments.out / "remove.jpg")
    print((arguments.out / "remove.md").read_text(encoding="utf-8"))


def _report(measured: dict[str, dict[str, list[float]]], every: list[Case]) -> str:
    count = {kind: sum(case.kind == kind for case in every) for kind in (*KINDS, "real")}
    lines = [
        "# Removing objects, beside the peers",
        "",
        f"Printed by `{' '.join(['python', 'benchmarks/remove.py', *sys.argv[1:]])}` at commit {commit()}; "
        f"{platform.machine()}, {os.cpu_count()} cores, no GPU; load of the machine at the end {os.getloadavg()[0]:.1f}.",
        "",
        f"{count['free-form']} free-form and {count['object']} object-shaped holes in photos whose truth is known, longest side at most "
        f"{LONGEST_SIDE} pixels; {count['real']} real objects count for time and memory alone. Means over the holes; in the hole, and over "
        "the whole picture. Every method gets the same exact hole. Seconds: mean and longest, models loaded. Memory: peak of the process. "
        "A method with fewer holes than the others (n) was stopped for its slowness: its means are of other pictures, and not in bold. "
        "PSNR and SSIM reward a blur where the truth cannot be known: look at the picture beside this table, too.",
        "",
    ]
    for kind in KINDS:
        lines += [f"## {kind.capitalize()} holes", "", "| method | n | PSNR hole | SSIM hole | PSNR | SSIM |", "|---|---|---|---|---|---|"]
        columns = [f"{kind} {measure}" for measure in ("psnr hole", "ssim hole", "psnr", "ssim")]
        finished = {name: rows for name, rows in measured.items() if len(rows[columns[0]]) == count[kind]}
        best = [max((float(np.mean(rows[column])) for rows in finished.values()), default=0.0) for column in columns]
        for name, rows in measured.items():
            if not rows[columns[0]]:
                lines.append(f"| {name} | 0 | – | – | – | – |")
                continue
            means = [float(np.mean(rows[column])) for column in columns]
            texts = [f"{mean:.2f}" if "psnr" in column else f"{mean:.3f}" for mean, column in zip(means, columns, strict=True)]
            wins = [mean == top and name in finished for mean, top in zip(means, best, strict=True)]
            shown = [f"**{text}**" if won else text for text, won in zip(texts, wins, strict=True)]
            lines.append(f"| {name} | {len(rows[columns[0]])} | {' | '.join(shown)} |")
        lines += ["", _winner(finished, columns[0]), ""]
    lines += ["## Time and memory", "", "| method | finished | seconds, mean | longest | peak MB |", "|---|---|---|---|---|"]
    for name, rows in measured.items():
        if rows["seconds"]:
            mean, longest, peak = np.mean(rows["seconds"]), max(rows["seconds"]), max(rows["peak_mb"])
            lines.append(f"| {name} | {len(rows['seconds'])} of {len(every)} | {mean:.2f} | {longest:.2f} | {peak:.0f} |")
        else:
            lines.append(f"| {name} | 0 of {len(every)} | – | – | – |")
    return "\n".join(lines) + "\n"


def _winner(finished: dict[str, dict[str, list[float]]], column: str) -> str:
    """Which peers are ahead of the best of ours by ``column``, and by how much."""
    means = {name: float(np.mean(rows[column])) for name, rows in finished.items()}
    own = [mean for name, mean in means.items() if name.startswith("huefill")]
    if not own:
        return "None of ours finished all the holes."
    ahead = {name: mean - max(own) for name, mean in means.items() if mean > max(own)}
    if not ahead:
        return "By PSNR in the hole no peer is ahead of ours here."
    return "Peers win here by PSNR in the hole: " + ", ".join(f"{name} (+{gain:.2f} dB)" for name, gain in ahead.items()) + "."


def _sheet(folder: Path, names: list[str], every: list[Case], target: Path) -> None:
    """Rows: photos (real removals first, then holes with truth); columns: the hole, each method, the truth where there is one."""
    real = [number for number, case in enumerate(every) if case.kind == "real"]
    known = [number for number, case in enumerate(every) if case.kind == "object"]
    chosen = real[:6] + known[:: max(1, len(known) // 5)][:5]
    width, height = 240, 180
    columns = ["the hole", *names, "truth"]
    rows = [header_of(columns, width)]
    for number in chosen:
        case = every[number]
        pictures = [np.where(case.mask[..., None] > 0, np.uint8(255), case.rgb)]
        for name in names:
            path = folder / name / f"{number:04}.npz"
            pictures.append(np.load(path)["rgb"] if path.exists() else np.full_like(case.rgb, 200))
        pictures.append(np.full_like(case.rgb, 255) if case.kind == "real" else case.rgb)
        rows.append(np.hstack([fitted(picture, width, height) for picture in pictures]))
    write_sheet(rows, target)


if __name__ == "__main__":
    main()
