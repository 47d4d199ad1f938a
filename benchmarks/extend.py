"""Extend Canvas: a border is cut off photographs and filled again; what is repeated, what is a seam, how near the truth, how long.

python benchmarks/extend.py [--photos DIR] [--out DIR] [--limit N] [--longest PIXELS] [--methods NAME,NAME]
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from huefill.imaging.metrics import psnr
from huefill.tasks.contract import Context
from huefill.tasks.inpainting import extend_canvas
from huefill.tasks.inpainting.fill import fill_selection
from huefill.tasks.layer import composite

HERE = Path(__file__).parent
FOLDERS = ("kodak", "modern", "street", "bsds_test", "imagenet_sample")
SIDES = ("left", "right", "top", "bottom", "all")
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Case:
    """``rgb`` H W 3, and what of it is ``cut`` off (H W)."""

    name: str
    side: str
    rgb: Bytes
    cut: Mask

    @property
    def layer(self) -> Bytes:
        """H W 4, transparent where it is cut off."""
        layer = np.dstack([self.rgb, np.full(self.cut.shape, 255, np.uint8)])
        layer[self.cut] = 0
        return layer


def as_removal(case: Case, engine: str) -> tuple[Bytes, float]:
    """Filled like a hole that has the photo all around."""
    request = extend_canvas.Request(case.layer, engine=engine)
    hole = np.where(case.cut, 255, 0).astype(np.uint8)
    return composite(case.layer, fill_selection("extend_canvas", request, hole, 1, 4, Context(device="cpu")).layers)[..., :3], np.nan


def as_border(case: Case, engine: str) -> tuple[Bytes, float]:
    """Extend Canvas, and the share of the border that it continued calmly."""
    result = extend_canvas.run(extend_canvas.Request(case.layer, engine=engine), Context(device="cpu"))
    return composite(case.layer, result.layers)[..., :3], extend_canvas.calm_share(result.recipe["regions"])


METHODS: dict[str, Callable[[Case], tuple[Bytes, float]]] = {
    "as a removal": lambda case: as_removal(case, "auto"),
    "Extend Canvas": lambda case: as_border(case, "auto"),
    "Extend Canvas, patch": lambda case: as_border(case, "patch"),
    "Telea 2004": lambda case: (cv2.inpaint(case.rgb, case.cut.astype(np.uint8), 5, cv2.INPAINT_TELEA), np.nan),
    "truth": lambda case: (case.rgb, np.nan),
}
_DEFAULT = "as a removal,Extend Canvas,Telea 2004,truth"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, default=HERE.parents[1] / "shared" / "data" / "test", help="photos, or folders of them")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--limit", type=int, default=5, help="photos of each folder")
    parser.add_argument("--longest", type=int, default=512, help="pixels of a photo's longer side at most")
    parser.add_argument("--methods", default=_DEFAULT, help=f"of {', '.join(METHODS)}")
    arguments = parser.parse_args()
    names = arguments.methods.split(",")
    unknown = set(names) - set(METHODS)
    if unknown:
        parser.error(f"no such method: {', '.join(sorted(unknown))}")
    every = _cases(arguments.photos, arguments.limit, arguments.longest)
    if not every:
        parser.error(f"no photos in {arguments.photos}")
    METHODS[names[0]](every[0])  # libraries are loaded
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    pictures: dict[str, list[Bytes]] = {name: [] for name in names}
    for case in every:
        for name in names:
            begun, used = time.perf_counter(), time.process_time()
            made, calm = METHODS[name](case)
            times = {"seconds": time.perf_counter() - begun, "processor": time.process_time() - used}
            rows[name].append({**_measured(case, made), "calm": calm, **times})
            pictures[name].append(made)
        print(case.name, case.side, *(f"{name}: {rows[name][-1]['seconds']:.1f} s" for name in names), flush=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "extend.md").write_text(_report(rows, every, arguments), encoding="utf-8")
    _sheet(every, {name: pictures[name] for name in names if name != "truth"}, arguments.out / "extend.jpg")
    print((arguments.out / "extend.md").read_text(encoding="utf-8"))


def _cases(photos: Path, limit: int, longest: int) -> list[Case]:
    folders = [photos / folder for folder in FOLDERS if (photos / folder).is_dir()] or [photos]
    cases = []
    for folder in folders:
        found = sorted(path for path in folder.glob("*") if path.suffix in (".jpg", ".png") and not path.stem.endswith("_mask"))
        for path in found[:limit]:
            rgb = cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
            scale = min(1.0, longest / max(rgb.shape))
            rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
            side = SIDES[len(cases) % len(SIDES)]
            cases.append(Case(path.stem, side, rgb, _cut(rgb.shape[:2], side)))
    return cases


def _cut(shape: tuple[int, int], side: str) -> Mask:
    """A quarter of the photo on one side, or a frame of an eighth of its shorter side."""
    height, width = shape
    cut = np.zeros(shape, bool)
    if side == "all":
        frame = round(0.12 * min(shape))
        cut[:] = True
        cut[frame : height - frame, frame : width - frame] = False
    elif side in ("left", "right"):
        part = slice(0, width // 4) if side == "left" else slice(width - width // 4, width)
        cut[:, part] = True
    else:
        cut[slice(0, height // 4) if side == "top" else slice(height - height // 4, height)] = True
    return cut


def _measured(case: Case, made: Bytes) -> dict[str, float]:
    unit, truth = made.astype(np.float32) / 255, case.rgb.astype(np.float32) / 255
    return {"repeats": repeats(unit, case.cut), "seam": seam(unit, case.cut), "psnr": psnr(unit, truth, case.cut)}


def repeats(rgb: npt.NDArray[np.float32], cut: Mask) -> float:
    """The share of the border's blocks that are copies of one recognizable place of the photo.

    A block (an eighteenth of the longer side) with contrast is a copy where its correlation with some place is above 0.9; that place is
    recognizable where no other place of the photo correlates with it by more than 0.8.
    """
    side = max(12, round(max(cut.shape) / 18))
    keep = cv2.erode((~cut).astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=1) > 0
    rows, columns = np.flatnonzero(keep.any(1)), np.flatnonzero(keep.any(0))
    photo = np.ascontiguousarray(rgb[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    copies = blocks = 0
    for y in range(0, cut.shape[0] - side + 1, side // 2):
        for x in range(0, cut.shape[1] - side + 1, side // 2):
            if not cut[y : y + side, x : x + side].all():
                continue
            blocks += 1
            block = rgb[y : y + side, x : x + side]
            if block.std(axis=(0, 1)).max() < 0.04:
                continue
            likeness = cv2.matchTemplate(photo, block, cv2.TM_CCOEFF_NORMED)
            _, best, _, (left, top) = cv2.minMaxLoc(likeness)
            if best < 0.9:
                continue
            others = cv2.matchTemplate(photo, photo[top : top + side, left : left + side], cv2.TM_CCOEFF_NORMED)
            others[max(0, top - side // 2) : top + side // 2 + 1, max(0, left - side // 2) : left + side // 2 + 1] = -1
            copies += others.max() < 0.8
    return copies / max(1, blocks)


def seam(rgb: npt.NDArray[np.float32], cut: Mask) -> float:
    """The step of color across the old edge, beside the steps across lines within the photo: 1 is none, less is softer than the photo.

    Colors are means of strips 3 pixels wide on both sides, along the edge of 9 pixels; 8 pixels lie between them (the blend).
    """
    inside = cv2.distanceTransform((~cut).astype(np.uint8), cv2.DIST_L2, 5)
    signed = np.where(cut, -cv2.distanceTransform(cut.astype(np.uint8), cv2.DIST_L2, 5), inside)

    def step(at: float) -> float:
        """The mean difference of what is 4 to 7 pixels on both sides of the line ``at`` pixels within the photo."""
        sides = [(signed > at + low) & (signed <= at + low + 3) for low in (4, -7)]
        means = []
        for mask in sides:
            weight = mask.astype(np.float32)
            total = cv2.blur(rgb * weight[..., None], (19, 19))
            means.append((total, cv2.blur(weight, (19, 19))))
        line = (np.abs(signed - at) <= 1.01) & (means[0][1] > 0.02) & (means[1][1] > 0.02)
        first, second = (total[line] / share[line][:, None] for total, share in means)
        return float(np.abs(first - second).mean())

    return step(0.0) / max(1e-3, float(np.mean([step(at) for at in (12.0, 18.0, 24.0)])))


def _report(rows: dict[str, list[dict[str, float]]], every: list[Case], arguments: argparse.Namespace) -> str:
    lines = [
        "# Extend Canvas",
        "",
        f"{len(every)} photographs of at most {arguments.longest} pixels; a quarter is cut off on one side, or a frame, and filled again.",
        f"{platform.machine()}, {os.cpu_count()} cores. `python benchmarks/extend.py`",
        "",
        "| method | copies of one recognizable place | step across the old edge (within the photo: 1) | PSNR, dB | continued calmly"
        " | seconds | seconds of a core |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, measured in rows.items():

        def mean(key: str, measured: list[dict[str, float]] = measured) -> float:
            values = [row[key] for row in measured if np.isfinite(row[key])]
            return float(np.mean(values)) if values else float("nan")

        cells = [f"{100 * mean('repeats'):.1f} %", f"{mean('seam'):.2f}", f"{mean('psnr'):.2f}", f"{100 * mean('calm'):.0f} %"]
        shown = [cell if "nan" not in cell and "inf" not in cell else "" for cell in cells]
        times = " | " if name == "truth" else f"{mean('seconds'):.1f} | {mean('processor'):.1f}"
        lines.append(f"| {name} | {' | '.join(shown)} | {times} |")
    lines += ["", "The picture `extend.jpg`: the photo with its border cut off, then the methods in the order of the table.", ""]
    return "\n".join(lines)


def _sheet(every: list[Case], pictures: dict[str, list[Bytes]], target: Path, height: int = 132, most: int = 24) -> None:
    rows = []
    for number, case in enumerate(every[:most]):
        cut = np.where(case.cut[..., None], np.uint8(128), case.rgb)
        cells = []
        for picture in (cut, *(made[number] for made in pictures.values())):
            small = cv2.resize(picture, (round(height * picture.shape[1] / picture.shape[0]), height), interpolation=cv2.INTER_AREA)
            small = small[:, : round(1.5 * height)]
            cells.append(np.pad(small, ((0, 3), (0, round(1.5 * height) + 3 - small.shape[1]), (0, 0)), constant_values=255))
        rows.append(np.hstack(cells))
    if len(rows) % 2:
        rows.append(np.full_like(rows[0], 255))
    sheet = np.vstack([np.hstack(rows[start : start + 2]) for start in range(0, len(rows), 2)])
    for quality in (88, 80, 70, 60, 50):
        done, data = cv2.imencode(".jpg", cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
        if done and len(data) <= 400_000:
            break
    target.write_bytes(data.tobytes())


if __name__ == "__main__":
    main()
