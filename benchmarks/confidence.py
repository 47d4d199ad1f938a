"""Whether the picture's veil lies where the colors are wrong: how sure the networks say they are, against the error of their colors.

    python benchmarks/confidence.py [--data DIR] [--limit N] [--out DIR]

On photographs held back from training (`held_back.py`), colored without a hint. Spearman's rank correlation of the map that the picture
shows (255: sure), turned around, with the distance in ab between result and truth, at the preview's size; the mean over the photographs,
the share of them in which it is positive, and the mean error of the surest and of the least sure quarter of all places.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from anchors import ab_of
from colorize import lightness_of
from held_back import DATA, photos
from scipy.stats import spearmanr
from warm_backend import commit

from huefill.runtime.progress import Progress
from huefill.tasks.colorization import colorize, live

METHODS = ("hints", "anchors")


def read(photo: np.ndarray, method: str) -> tuple[float, float, float]:
    shown = live.open_live(colorize.Request(lightness_of(photo)), "cpu").preview(live.Hints(method=method, confidence=True), Progress())
    sure = shown.tensors["confidence"].astype(np.float32).ravel()
    error = np.linalg.norm(ab_of(shown.tensors["preview"]) - ab_of(photo), axis=2).ravel()
    order = np.argsort(sure)
    quarter = len(order) // 4
    return float(spearmanr(-sure, error).statistic), float(error[order[-quarter:]].mean()), float(error[order[:quarter]].mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--limit", type=int, default=12, help="photographs of each set")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    given = parser.parse_args()
    text = ["# How sure a network is, and how wrong", "", (__doc__ or "").split("\n\n")[2], "", f"Printed at commit {commit()}.", ""]
    text += [
        "| photographs | method | rank correlation | positive in | error, surest quarter | error, least sure |",
        "|---|---|---|---|---|---|",
    ]
    for name, every in photos(given.data).items():
        for method in METHODS:
            found = np.array([read(photo, method) for photo in every[: given.limit]])
            mean = found.mean(0)
            share = (found[:, 0] > 0).mean()
            text.append(f"| {name} ({len(found)}) | {method} | {mean[0]:+.2f} | {share:.0%} | {mean[1]:.1f} | {mean[2]:.1f} |")
            print(text[-1], flush=True)
    (given.out / "confidence.md").write_text("\n".join(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
