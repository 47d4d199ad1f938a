"""Runs methods over the cases of a removal benchmark, each in a process of its own, and puts their pictures beside each other."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from removal_cases import Case

from huefill.imaging.metrics import psnr, ssim

HERE = Path(__file__).parent
# What has no truth beneath its hole is measured by time and memory alone.
_WITHOUT_TRUTH = ("real", "parts")


def commit() -> str:
    """The short name of the commit that is measured."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, cwd=HERE, capture_output=True, text=True, check=False).stdout.strip()


@contextmanager
def prepared(every: Sequence[Case]) -> Iterator[Path]:
    """A folder with the cases as `measure` wants them, for as long as the pictures made of them are needed."""
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(every):
            np.savez(Path(folder) / f"{number:04}.npz", rgb=case.rgb, mask=case.mask)
        yield Path(folder)


def measure(name: str, folder: Path, every: list[Case], patience: float) -> dict[str, list[float]]:
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
        if case.kind in _WITHOUT_TRUTH:
            continue
        truth = case.rgb.astype(np.float32) / 255
        result = np.load(folder / name / f"{row['case']}.npz")["rgb"].astype(np.float32) / 255
        hole = case.mask > 0
        measures[f"{case.kind} psnr hole"].append(psnr(result, truth, hole))
        measures[f"{case.kind} ssim hole"].append(ssim(result, truth, hole))
        measures[f"{case.kind} psnr"].append(psnr(result, truth))
        measures[f"{case.kind} ssim"].append(ssim(result, truth))
    return measures


def header_of(columns: Sequence[str], width: int) -> np.ndarray:
    """The first row of a sheet of pictures: what its columns show, each ``width`` pixels wide."""
    header = np.full((26, width * len(columns), 3), 255, np.uint8)
    for column, text in enumerate(columns):
        cv2.putText(header, text, (column * width + 4, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    return header


def write_sheet(rows: Sequence[np.ndarray], target: Path) -> None:
    """A JPEG of rows of RGB, one below the other, small enough to be kept."""
    sheet = np.vstack(rows)[..., ::-1]
    for quality in range(88, 40, -6):
        cv2.imwrite(str(target), sheet, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if target.stat().st_size < 1_400_000:
            return


def fitted(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """``picture`` in a white frame of that size."""
    scale = min((width - 4) / picture.shape[1], (height - 4) / picture.shape[0])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    frame = np.full((height, width, 3), 255, np.uint8)
    frame[2 : 2 + small.shape[0], 2 : 2 + small.shape[1]] = small
    return frame
