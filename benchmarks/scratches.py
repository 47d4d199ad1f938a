"""Scratches and dust on old scans: how well they are found, and what is put in their place, beside the peers: a table and pictures.

python benchmarks/scratches.py [--photos DIR] [--out DIR] [--methods NAME,NAME]
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import scratch_cases
from removal_cases import Case as Hole
from removal_methods import EXACT, METHODS
from removal_runs import commit, fitted, header_of, measure, prepared, write_sheet
from scratch_cases import Case

from huefill.imaging.metrics import psnr
from huefill.tasks.contract import Context
from huefill.tasks.restoration import find_scratches, restore_photo

Mask = npt.NDArray[np.bool_]

HERE = Path(__file__).parent
_USUAL = (EXACT, "OpenCV Telea", "OpenCV Navier-Stokes", "xphoto FSR fast", "gmic inpaint")
_SENSITIVITIES = (0.25, 0.5, 0.75)
# Pixels beside the truth that still count as found (soft edges, and what a mask is grown by), and that a hole is larger than the damage.
_BESIDE, _GROWN = 3, 2
# Pixels around a hole that "in and around" takes in.
_AROUND = 8
_SHOWN, _CELL = 7, (250, 190)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, default=HERE.parents[1] / "shared" / "data" / "test")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--methods", help=f"comma-separated; {', '.join(_USUAL)} if left out")
    parser.add_argument("--patience", type=float, default=600, help="seconds that one method may take over all the holes")
    arguments = parser.parse_args()
    names = arguments.methods.split(",") if arguments.methods else [name for name in _USUAL if "gmic" not in name or shutil.which("gmic")]
    if unknown := set(names) - set(METHODS):
        parser.error(f"no such method: {', '.join(sorted(unknown))}")
    drawn, prints = scratch_cases.drawn_cases(arguments.photos), scratch_cases.prints(arguments.photos)
    if not drawn:
        parser.error(f"no photos in {arguments.photos}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    lines = [*_head(drawn, prints), *_finding(drawn, prints)]
    holes = [Hole(case.name, "drawn", case.photo, np.uint8(255) * _grown(case.truth, _GROWN)) for case in drawn]
    with prepared(holes) as folder:
        lines += _removing(folder, names, holes, arguments.patience)
        rows = _pictures(folder, names, drawn, range(0, len(drawn), len(drawn) // _SHOWN))
        write_sheet(rows, arguments.out / "scratches.jpg")
    sheet, told = _restoring(prints)
    write_sheet(sheet, arguments.out / "scratches_prints.jpg")
    lines += told
    (arguments.out / "scratches.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _head(drawn: Sequence[Case], prints: Sequence[Case]) -> list[str]:
    command = " ".join(["python", "benchmarks/scratches.py", *sys.argv[1:]])
    return [
        "# Scratches and dust",
        "",
        f"Printed by `{command}` at commit {commit()}; {platform.machine()}, {os.cpu_count()} cores, no GPU; load of the machine "
        f"{os.getloadavg()[0]:.1f}.",
        "",
        f"{len(drawn)} photographs in gray under drawn damage whose place is known (scratches of a film's transport, some of them faint, "
        f"scratches, hairs, cracks, dust; bright and dark; {100 * np.mean([case.truth.mean() for case in drawn]):.1f} % of the photo), and "
        f"{len(prints)} old prints as they are. The finder was developed on training photographs and examples/.",
        "",
    ]


def _finding(drawn: Sequence[Case], prints: Sequence[Case]) -> list[str]:
    """Precision and recall of the finder."""
    lines = [
        "## Finding",
        "",
        f"Precision: the share of what is found that lies on damage or at most {_BESIDE} pixels beside it; recall: the share of the damage "
        "that is found. Without damage: the share of the same photos, undamaged, that is selected. Old prints: the share that is selected.",
        "",
        "| sensitivity | precision | recall | worst precision | without damage | old prints | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for sensitivity in _SENSITIVITIES:
        begun = time.perf_counter()
        found = [_found(case.damaged, sensitivity) for case in drawn]
        seconds = (time.perf_counter() - begun) / len(drawn)
        precision = [(mask & _grown(case.truth, _BESIDE)).sum() / max(1, mask.sum()) for mask, case in zip(found, drawn, strict=True)]
        recall = [(mask & case.truth).sum() / case.truth.sum() for mask, case in zip(found, drawn, strict=True)]
        clean, old = ([_found(one, sensitivity).mean() for one in many] for many in ([c.photo for c in drawn], [c.photo for c in prints]))
        lines.append(
            f"| {sensitivity} | {np.mean(precision):.3f} | {np.mean(recall):.3f} | {min(precision):.2f} | {100 * np.mean(clean):.2f} % "
            f"| {100 * np.mean(old):.2f} % | {seconds:.2f} |"
        )
    return [*lines, ""]


def _removing(folder: Path, names: Sequence[str], holes: list[Hole], patience: float) -> list[str]:
    lines = [
        "## Removing",
        "",
        f"Every method fills the same holes, the true damage grown by {_GROWN} pixels. Around: within {_AROUND} pixels of a hole. "
        "Sharpness: the second differences in the hole against those of the photo there, 1 is as sharp. Means over the photos.",
        "",
        "| method | PSNR hole | SSIM hole | PSNR in and around | sharpness | seconds |",
        "|---|---|---|---|---|---|",
    ]
    for name in names:
        rows = measure(name, folder, holes, patience)
        if len(rows["seconds"]) < len(holes):
            lines.append(f"| {name} | not finished |" + " – |" * 4)
            continue
        around, sharp = [], []
        for number, hole in enumerate(holes):
            result = np.load(folder / name / f"{number:04}.npz")["rgb"].astype(np.float32) / 255
            truth = hole.rgb.astype(np.float32) / 255
            around.append(psnr(result, truth, _grown(hole.mask > 0, _AROUND)))
            fine = [cv2.Laplacian(np.ascontiguousarray(one[..., 1]), cv2.CV_32F)[hole.mask > 0].std() for one in (result, truth)]
            sharp.append(fine[0] / fine[1])
        means = [float(np.mean(rows[f"drawn {measured}"])) for measured in ("psnr hole", "ssim hole")]
        lines.append(
            f"| {name} | {means[0]:.2f} | {means[1]:.3f} | {np.mean(around):.2f} | {np.mean(sharp):.2f} | {np.mean(rows['seconds']):.2f} |"
        )
    return [*lines, "", "Pictures: scratches.jpg.", ""]


def _pictures(folder: Path, names: Sequence[str], drawn: Sequence[Case], chosen: Sequence[int]) -> list[np.ndarray]:
    rows = [header_of(["damaged", "found (red)", *names, "photo"], _CELL[0])]
    for number in list(chosen)[:_SHOWN]:
        case = drawn[number]
        pictures = [case.damaged, _marked(case.damaged, _found(case.damaged, 0.5))]
        for name in names:
            path = folder / name / f"{number:04}.npz"
            pictures.append(np.load(path)["rgb"] if path.exists() else np.full_like(case.photo, 200))
        rows.append(np.hstack([fitted(_middle(picture), *_CELL) for picture in (*pictures, case.photo)]))
    return rows


def _restoring(prints: Sequence[Case]) -> tuple[list[np.ndarray], list[str]]:
    """Restore Old Photo on each print: the pictures, and its times."""
    rows = [header_of(["print", "found (red)", "scratches removed", "colored"], 2 * _CELL[0])]
    lines = ["## Restore Old Photo", "", "| print | pixels | found | seconds |", "|---|---|---|---|"]
    for case in prints:
        begun = time.perf_counter()
        result = restore_photo.run(restore_photo.Request(case.photo), Context(device="cpu"))
        seconds = time.perf_counter() - begun
        repair = [layer for layer in result.layers if layer.name == restore_photo.REMOVED]
        color = next(layer for layer in result.layers if layer.name == restore_photo.COLOR)
        pictures = [case.photo, _marked(case.photo, _found(case.photo, 0.5)), restore_photo.composite(case.photo, repair), color.image]
        rows.append(np.hstack([fitted(picture, *(2 * side for side in _CELL)) for picture in pictures]))
        height, width = case.photo.shape[:2]
        share = 100 * result.recipe["hole_pixels"] / (height * width)
        lines.append(f"| {case.name} | {width} x {height} | {share:.2f} % | {seconds:.1f} |")
    return rows, [*lines, "", "Pictures: scratches_prints.jpg."]


def _found(rgb: npt.NDArray[np.uint8], sensitivity: float) -> Mask:
    selection = find_scratches.run(find_scratches.Request(rgb, sensitivity=sensitivity), Context(device="cpu")).selection
    assert selection is not None
    return selection > 0


def _grown(mask: Mask, pixels: int) -> Mask:
    side = 2 * pixels + 1
    return cv2.dilate(mask.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))) > 0


def _marked(rgb: npt.NDArray[np.uint8], mask: Mask) -> npt.NDArray[np.uint8]:
    return np.where(mask[..., None], np.array([255, 0, 0], np.uint8), rgb)


def _middle(picture: np.ndarray) -> np.ndarray:
    """Its middle, large enough to be looked at."""
    height, width = (min(side, 2 * of) for side, of in zip(picture.shape[:2], (_CELL[1], _CELL[0]), strict=True))
    y, x = (picture.shape[0] - height) // 2, (picture.shape[1] - width) // 2
    return picture[y : y + height, x : x + width]


if __name__ == "__main__":
    main()
