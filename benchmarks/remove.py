"""Remove Object beside its peers: quality, time and memory on photos, into a table and a picture.

python benchmarks/remove.py [--photos DIR] [--out DIR] [--limit N] [--methods NAME,NAME]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
from removal_cases import LONGEST_SIDE, Case, cases
from removal_methods import METHODS, SLOW

from huefill.imaging.metrics import psnr, ssim

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
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(every):
            np.savez(Path(folder) / f"{number:04}.npz", rgb=case.rgb, mask=case.mask)
        measured = {name: _measure(name, Path(folder), every, arguments.patience) for name in names}
        (arguments.out / "remove.md").write_text(_report(measured, every), encoding="utf-8")
        _sheet(Path(folder), names, every, arguments.out / "remove.jpg")
    print((arguments.out / "remove.md").read_text(encoding="utf-8"))


def _measure(name: str, folder: Path, every: list[Case], patience: float) -> dict[str, list[float]]:
    """Lists by measure; what a method did not finish in ``patience`` seconds, or failed on, is missing."""
    print(f"{name} …", file=sys.stderr, flush=True)
    log, errors = folder / f"{name}.log", folder / f"{name}.err"
    with log.open("w") as out, errors.open("w") as err:
        try:
            command = [sys.executable, str(HERE / "removal_methods.py"), name, str(folder)]
            subprocess.run(command, stdout=out, stderr=err, timeout=patience, check=True)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            print(f"{name}: {type(error).__name__} {errors.read_text()[-400:]}", file=sys.stderr)
    measures: dict[str, list[float]] = defaultdict(list)
    for line in log.read_text().splitlines():
        row = json.loads(line)
        case = every[int(row["case"])]
        measures["seconds"].append(row["seconds"])
        measures["peak_mb"].append(row["peak_mb"])
        if case.kind == "real":
            continue
        truth = case.rgb.astype(np.float32) / 255
        result = np.load(folder / name / f"{row['case']}.npz")["rgb"].astype(np.float32) / 255
        hole = case.mask > 0
        measures[f"{case.kind} psnr hole"].append(psnr(result, truth, hole))
        measures[f"{case.kind} ssim hole"].append(ssim(result, truth, hole))
        measures[f"{case.kind} psnr"].append(psnr(result, truth))
        measures[f"{case.kind} ssim"].append(ssim(result, truth))
    return measures


def _report(measured: dict[str, dict[str, list[float]]], every: list[Case]) -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False).stdout.strip()
    count = {kind: sum(case.kind == kind for case in every) for kind in (*KINDS, "real")}
    lines = [
        "# Removing objects, beside the peers",
        "",
        f"Printed by `{' '.join(['python', 'benchmarks/remove.py', *sys.argv[1:]])}` at commit {commit}; "
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
    header = np.full((26, width * len(columns), 3), 255, np.uint8)
    for column, text in enumerate(columns):
        cv2.putText(header, text, (column * width + 4, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    rows = [header]
    for number in chosen:
        case = every[number]
        pictures = [np.where(case.mask[..., None] > 0, np.uint8(255), case.rgb)]
        for name in names:
            path = folder / name / f"{number:04}.npz"
            pictures.append(np.load(path)["rgb"] if path.exists() else np.full_like(case.rgb, 200))
        pictures.append(np.full_like(case.rgb, 255) if case.kind == "real" else case.rgb)
        rows.append(np.hstack([_fitted(picture, width, height) for picture in pictures]))
    sheet = np.vstack(rows)[..., ::-1]
    for quality in range(88, 40, -6):
        cv2.imwrite(str(target), sheet, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if target.stat().st_size < 1_400_000:
            return


def _fitted(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    scale = min((width - 4) / picture.shape[1], (height - 4) / picture.shape[0])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    frame = np.full((height, width, 3), 255, np.uint8)
    frame[2 : 2 + small.shape[0], 2 : 2 + small.shape[1]] = small
    return frame


if __name__ == "__main__":
    main()
