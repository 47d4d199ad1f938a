"""Thin strokes over photos, beside the peers; and several things at once beside one after the other: into a table and a picture.

python benchmarks/remove_strokes.py [--photos DIR] [--out DIR] [--limit N] [--methods NAME,NAME]
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

import cv2
import numpy as np
from removal_cases import LONGEST_SIDE, STROKE_SHARE, STROKE_WIDTH, STROKED, Case, stroke_cases
from removal_methods import AS_IN_EDITORS, EXACT, METHODS, PART_BY_PART
from removal_runs import commit, fitted, header_of, measure, prepared, write_sheet

from huefill.imaging.metrics import psnr

HERE = Path(__file__).parent
_USUAL = (AS_IN_EDITORS, EXACT, "OpenCV Telea", "OpenCV Navier-Stokes", "xphoto FSR fast")
_OF_PARTS = (AS_IN_EDITORS, PART_BY_PART)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, default=HERE.parents[1] / "shared" / "data" / "test")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--limit", type=int, default=8, help="photos of each folder")
    parser.add_argument("--methods", help=f"comma-separated; {', '.join(_USUAL)} if left out")
    parser.add_argument("--patience", type=float, default=600, help="seconds that one method may take over all the holes")
    arguments = parser.parse_args()
    names = arguments.methods.split(",") if arguments.methods else list(_USUAL)
    unknown = set(names) - set(METHODS)
    if unknown:
        parser.error(f"no such method: {', '.join(sorted(unknown))}")
    every = stroke_cases(arguments.photos, arguments.limit)
    thin, parts = [case for case in every if case.kind in STROKED], [case for case in every if case.kind == "parts"]
    if not thin:
        parser.error(f"no photos in {arguments.photos}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    lines = _head(thin)
    with prepared(thin) as folder:
        lines += _strokes({name: measure(name, folder, thin, arguments.patience) for name in names}, thin)
        rows = _rows(folder, names, list(range(0, len(thin), max(1, len(thin) // 8))), thin)
        write_sheet(rows, arguments.out / "remove_strokes.jpg")
    with prepared(parts) as folder:
        measured = {name: measure(name, folder, parts, arguments.patience) for name in _OF_PARTS}
        lines += _together(folder, parts, {name: sum(rows["seconds"]) for name, rows in measured.items()})
        write_sheet(_rows(folder, list(_OF_PARTS), list(range(len(parts))), parts, (480, 340)), arguments.out / "remove_parts.jpg")
    (arguments.out / "remove_strokes.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _head(thin: list[Case]) -> list[str]:
    command = " ".join(["python", "benchmarks/remove_strokes.py", *sys.argv[1:]])
    counted = " and ".join(f"{sum(case.kind == folder for case in thin)} of {folder}" for folder in STROKED)
    return [
        "# Thin strokes, and several things at once",
        "",
        f"Printed by `{command}` at commit {commit()}; {platform.machine()}, {os.cpu_count()} cores, no GPU; load of the machine "
        f"{os.getloadavg()[0]:.1f}.",
        "",
        "## Thin strokes",
        "",
        f"Bent brush strokes of {STROKE_WIDTH[0]} to {STROKE_WIDTH[1]} pixels over {100 * STROKE_SHARE:.0f} % of photos whose truth is "
        f"known ({counted}; longest side at most {LONGEST_SIDE} pixels). Means over the holes; measured in the hole. Every method gets "
        f'the same hole exactly, but "{AS_IN_EDITORS}", which grows it first where the editors do.',
        "",
    ]


def _strokes(measured: dict[str, dict[str, list[float]]], thin: list[Case]) -> list[str]:
    columns = [f"{folder} {measure}" for folder in STROKED for measure in ("psnr hole", "ssim hole")]
    lines = ["| method | " + " | ".join(columns).replace("psnr", "PSNR").replace("ssim", "SSIM") + " | seconds |", "|---" * 6 + "|"]
    for name, rows in measured.items():
        if len(rows["seconds"]) < len(thin):
            lines.append(f"| {name} | not finished |" + " – |" * 4)
            continue
        texts = [f"{np.mean(rows[column]):.2f}" if "psnr" in column else f"{np.mean(rows[column]):.3f}" for column in columns]
        lines.append(f"| {name} | {' | '.join(texts)} | {np.mean(rows['seconds']):.2f} |")
    return [*lines, ""]


def _together(folder: Path, parts: list[Case], seconds: dict[str, float]) -> list[str]:
    lines = [
        "## Several things at once",
        "",
        f"{len(parts)} real removals whose mask has several parts, as in the editors: all at once, and one after the other, the smallest "
        "first. The photo beyond the selection should stay as it is: its PSNR against the photo, and the share of it that changed (what "
        f"the selection was grown by). All at once took {seconds[AS_IN_EDITORS]:.0f} s for all of them, one after the other "
        f"{seconds[PART_BY_PART]:.0f} s. Which is better inside, the pictures tell (remove_parts.jpg).",
        "",
        "| photo | parts | selected | PSNR beyond, at once | one after the other | changed beyond, at once | one after the other |",
        "|---|---|---|---|---|---|---|",
    ]
    for number, case in enumerate(parts):
        beyond = case.mask == 0
        count = cv2.connectedComponents(case.mask)[0] - 1
        shown = []
        for name in _OF_PARTS:
            result = np.load(folder / name / f"{number:04}.npz")["rgb"]
            changed = (result != case.rgb).any(2)[beyond].mean()
            shown.append((psnr(result.astype(np.float32) / 255, case.rgb.astype(np.float32) / 255, beyond), changed))
        psnrs, shares = zip(*shown, strict=True)
        told = [*(f"{value:.2f}" for value in psnrs), *(f"{100 * share:.2f} %" for share in shares)]
        lines.append(f"| {case.name} | {count} | {100 * (~beyond).mean():.1f} % | {' | '.join(told)} |")
    return lines


def _rows(folder: Path, names: list[str], chosen: list[int], every: list[Case], size: tuple[int, int] = (240, 180)) -> list[np.ndarray]:
    """Rows: photos; columns: the hole, each method, the photo."""
    rows = [header_of(["the hole", *names, "photo"], size[0])]
    for number in chosen:
        case = every[number]
        pictures = [np.where(case.mask[..., None] > 0, np.uint8(255), case.rgb)]
        for name in names:
            path = folder / name / f"{number:04}.npz"
            pictures.append(np.load(path)["rgb"] if path.exists() else np.full_like(case.rgb, 200))
        rows.append(np.hstack([fitted(picture, *size) for picture in (*pictures, case.rgb)]))
    return rows


if __name__ == "__main__":
    main()
