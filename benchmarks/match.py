"""Match Colors: by likeness, by histogram, by both, on pairs of photographs; a table and a sheet of pictures.

python benchmarks/match.py [--data DIR] [--out DIR] [--limit N]

PSNR against the target's own colors says something only where the reference has those colors: in the other half of the same photo. With two
photos of one kind or of different kinds it says whether a method does harm; look at the sheet.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
from match_cases import ALIKE, HALVES, UNLIKE, Pair, at_most, test_pairs
from removal_runs import commit

from huefill.imaging import metrics
from huefill.imaging.color_spaces import lab_to_rgb, rgb_to_lab
from huefill.tasks.colorization import colorize, match_colors
from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.contract import Context

HERE = Path(__file__).parent
WAYS = {"histogram": "by histogram", "likeness": "by likeness", "auto": "by both (auto)"}
NONE, AUTOMATIC = "gray", "no reference"
_SHOWN, _CELL = {HALVES: 7, ALIKE: 10, UNLIKE: 3}, (232, 174)


def colorfulness(rgb: np.ndarray) -> float:
    """Hasler and Suesstrunk 2003."""
    red, green, blue = np.moveaxis(rgb.astype(np.float32), -1, 0)
    across, along = red - green, (red + green) / 2 - blue
    return float(np.hypot(across.std(), along.std()) + 0.3 * np.hypot(across.mean(), along.mean()))


def gray(photo: np.ndarray) -> np.ndarray:
    """H W 3: the photo's lightness alone."""
    lab = rgb_to_lab(photo.astype(np.float32) / 255)
    lab[..., 1:] = 0
    return np.rint(255 * np.clip(lab_to_rgb(lab), 0, 1)).astype(np.uint8)


def results(pair: Pair) -> dict[str, np.ndarray]:
    """The target in the colors of each way."""
    image = gray(pair.target)
    made = {NONE: image, AUTOMATIC: colorize.run(colorize.Request(image, method="hints"), Context(device="cpu")).layers[0].image}
    for way in WAYS:
        made[way] = (
            match_colors.run(match_colors.Request(image, reference=pair.reference, match=way), Context(device="cpu")).layers[0].image
        )
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / "shared" / "data" / "test")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--limit", type=int, default=36, help="pairs of each kind")
    given = parser.parse_args()
    psnr: dict[tuple[str, str], list[float]] = defaultdict(list)
    bold: dict[tuple[str, str], list[float]] = defaultdict(list)
    shown: dict[str, list[np.ndarray]] = defaultdict(list)
    begin = time.perf_counter()
    for whole in test_pairs(given.data, given.limit):
        pair = Pair(whole.kind, whole.name, at_most(whole.target), at_most(whole.reference, 512))
        truth = pair.target.astype(np.float32) / 255
        made = results(pair)
        for way, rgb in made.items():
            psnr[pair.kind, way].append(metrics.psnr(rgb.astype(np.float32) / 255, truth))
            bold[pair.kind, way].append(colorfulness(rgb) / max(colorfulness(pair.target), 1.0))
        shown[pair.kind].append(_row(pair, [made[way] for way in (NONE, *WAYS)]))
        print(pair.name, {way: round(psnr[pair.kind, way][-1], 2) for way in made}, flush=True)
    spent = time.perf_counter() - begin
    given.out.mkdir(parents=True, exist_ok=True)
    text = _text(psnr, bold, _seconds(given.data), spent)
    (given.out / "match.md").write_text(text, encoding="utf-8")
    rows = [row for kind, count in _SHOWN.items() for row in shown[kind][:: max(1, len(shown[kind]) // count)][:count]]
    sheet = np.vstack([_titles(), *rows])
    cv2.imwrite(str(given.out / "match.jpg"), sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 82])
    print(text)


def _text(
    psnr: dict[tuple[str, str], list[float]], bold: dict[tuple[str, str], list[float]], seconds: dict[str, float], spent: float
) -> str:
    network = registry.choose("auto", "cpu", "hints")
    kinds = (HALVES, ALIKE, UNLIKE)
    lines = [
        "# Match Colors: by likeness, by histogram, by both",
        "",
        f"Printed by `python benchmarks/match.py` at commit {commit()}, network {network.name}, {platform.machine()}, {os.cpu_count()}",
        f"cores; it took {spent:.0f} s at a load of {os.getloadavg()[0]:.1f}. Photographs of data/test, longer side at most 256; PSNR in",
        "dB against the target's own colors, in brackets colorfulness as a share of the truth's (median). Settings were chosen on training",
        "photographs (`match_choose.py`). Pictures: match.jpg.",
        "",
        "| | " + " | ".join(f"{kind} ({len(psnr[kind, NONE])})" for kind in kinds) + " |",
        "|---|---|---|---|",
    ]
    for way, title in {NONE: "gray", AUTOMATIC: "colorized without the reference", **WAYS}.items():
        cells = [f"{np.mean(psnr[kind, way]):.2f} ({np.median(bold[kind, way]):.2f})" for kind in kinds]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    for way in ("likeness", "auto"):
        gains = [np.array(psnr[kind, way]) - psnr[kind, "histogram"] for kind in kinds]
        cells = [f"{(gain > 0).sum()} of {len(gain)}, {gain.mean():+.2f} ± {gain.std() / len(gain) ** 0.5:.2f} dB" for gain in gains]
        lines.append(f"| {WAYS[way]}: nearer to the truth than by histogram | " + " | ".join(cells) + " |")
    lines += [
        "",
        "The reference of another kind of photo has other colors than the truth, so that every use of it is farther from the truth than",
        "none; there the question is only whether likeness does more harm than the histogram.",
        "",
        "| a photo of 12 megapixels, a reference of 2, both for the first time | seconds of a core |",
        "|---|---|",
        *[f"| {title} | {value:.2f} |" for title, value in seconds.items()],
        "",
    ]
    return "\n".join(lines)


def _seconds(folder: Path) -> dict[str, float]:
    """Of a core, from opening to the layer, at 12 megapixels, the least of three; networks are loaded."""
    photo, other = (
        cv2.resize(cv2.imread(str(folder / "kodak" / name)), size, interpolation=cv2.INTER_CUBIC)[..., ::-1]
        for name, size in (("kodim12.png", (4256, 2832)), ("kodim06.png", (1736, 1156)))
    )
    spent: dict[str, list[float]] = defaultdict(list)
    for way in [*WAYS, *WAYS, *WAYS]:
        request = match_colors.Request(gray(photo)[..., :1], reference=np.ascontiguousarray(other), match=way)
        begin = time.process_time()
        match_colors.run(request, Context(device="cpu"))
        spent[WAYS[way]].append(time.process_time() - begin)
    return {title: min(values) for title, values in spent.items()}


def _row(pair: Pair, made: list[np.ndarray]) -> np.ndarray:
    width, height = _CELL
    return np.hstack([_fitted(one, width, height) for one in (pair.reference, *made, pair.target)])


def _fitted(photo: np.ndarray, width: int, height: int) -> np.ndarray:
    scale = min((width - 4) / photo.shape[1], (height - 4) / photo.shape[0])
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    cell = np.full((height, width, 3), 255, np.uint8)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    cell[top : top + small.shape[0], left : left + small.shape[1]] = small
    return cell


def _titles() -> np.ndarray:
    width, _ = _CELL
    line = np.full((28, 6 * width, 3), 255, np.uint8)
    for number, title in enumerate(("reference", "gray", *WAYS.values(), "truth")):
        cv2.putText(line, title, (number * width + 8, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (0, 0, 0), 1, cv2.LINE_AA)
    return line


if __name__ == "__main__":
    main()
