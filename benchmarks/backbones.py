"""Our Table 1: the same backbone trained to give RGB and trained to give gray, whose colors the photo itself gives (Wang et al. 2021).

    python benchmarks/backbones.py FOLDER [FOLDER …] [--photos DIR] [--limit N] [--preset NAME] [--out DIR]

Each FOLDER holds an exported inpainting network and its card; "rgb" and "mono" of one architecture are a pair. The networks are measured
by themselves: at their own size, on photos of about 256 x 256 pixels, without the search for detail that Remove Object does after them.
Needs the weights of the perceptual distance's encoder (the extra "train"). Writes backbones.md, and backbones.jpg with pictures.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from backbones_runs import Filled, Measures, filled, measured
from removal_cases import Case, cases
from removal_runs import commit, fitted, header_of, write_sheet

from huefill.runtime.devices import choose_device
from huefill.runtime.store import ModelStore
from huefill_models.card import CARD, Card, read

HERE = Path(__file__).parent
KINDS = ("free-form", "object")
OURS, PLAIN, MIXED = "mono + internal color", "rgb", "rgb's gray + internal color"
COLUMNS = ("psnr hole", "ssim hole", "distance hole", "psnr", "ssim", "distance")
# Pixels of the photos: what the networks that are trained here take best.
AREA = 256 * 256
# Pairs whose trainings differ by more than this share are no fair comparison.
_EQUAL = 0.05

Rows = dict[str, list[Measures]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--photos", type=Path, default=HERE.parents[1] / "shared" / "data" / "test")
    parser.add_argument("--limit", type=int, default=8, help="photos of each folder of --photos")
    parser.add_argument("--preset", default="fast", help="of the internal colorizer")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    given = parser.parse_args()
    cards = [read(folder / CARD) for folder in given.folders]
    every = [reduced(case) for case in cases(given.photos, given.limit) if case.kind in KINDS]
    if not every:
        parser.error(f"no photos in {given.photos}")
    rows: dict[str, dict[str, Rows]] = {kind: defaultdict(lambda: defaultdict(list)) for kind in KINDS}
    shown: dict[int, list[npt.NDArray[np.uint8]]] = defaultdict(list)
    pictured = set(np.linspace(0, len(every) - 1, 16).astype(int).tolist())
    for card in cards:
        store = ModelStore([card.folder.parent])
        print(f"{card.name} …", file=sys.stderr, flush=True)
        for number, case in enumerate(every):
            for way, result in _ways(filled(card, store.session(card.name, choose_device("cpu")), case, given.preset)).items():
                rows[case.kind][card.architecture][way].append(measured(result, case))
                if number in pictured and way != MIXED:
                    shown[number].append(result)
    given.out.mkdir(parents=True, exist_ok=True)
    (given.out / "backbones.md").write_text(report(rows, cards, every, given.preset), encoding="utf-8")
    _sheet(every, shown, cards, given.out / "backbones.jpg")
    print((given.out / "backbones.md").read_text(encoding="utf-8"))


def reduced(case: Case) -> Case:
    """At most `AREA` pixels; of the hole, whatever touches it."""
    height, width = case.mask.shape
    scale = min(1.0, (AREA / (height * width)) ** 0.5)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    mask = cv2.resize(case.mask, size, interpolation=cv2.INTER_AREA)
    rgb = cv2.resize(case.rgb, size, interpolation=cv2.INTER_AREA)
    return Case(case.name, case.kind, rgb, np.where(mask > 0, 255, 0).astype(np.uint8))


def _ways(made: Filled) -> dict[str, npt.NDArray[np.uint8]]:
    """What there is of a network's fill, by the row that it stands in: an RGB network's colors can be kept or given anew."""
    return {OURS: made.recolored} if made.own is None else {PLAIN: made.own, MIXED: made.recolored}


def report(rows: dict[str, dict[str, Rows]], cards: list[Card], every: list[Case], preset: str) -> str:
    count = {kind: sum(case.kind == kind for case in every) for kind in KINDS}
    lines = [
        "# The same backbones, in color and in gray (our Table 1)",
        "",
        f"Printed by `{' '.join(['python', 'benchmarks/backbones.py', *sys.argv[1:]])}` at commit {commit()}; {platform.machine()}, "
        f"{os.cpu_count()} cores, no GPU.",
        "",
        f"{count['free-form']} free-form and {count['object']} object-shaped holes in photos of at most {AREA} pixels that no network was "
        f'trained on. Networks by themselves, without Remove Object\'s search for detail. "rgb": the network\'s own colors; "internal '
        f'color": the preset "{preset}", trained on the one photo. Means over the holes, in the hole and over the whole picture. Distance: '
        "of features of a pretrained encoder (`encoders/perceptual.py`, in place of LPIPS), less is better.",
        "",
        "| network | variant | minutes of training | steps | weights, MB |",
        "|---|---|---:|---:|---:|",
        *(_described(card) for card in cards),
        "",
        *_unequal(cards),
    ]
    for kind in KINDS:
        lines += [
            f"## {kind.capitalize()} holes",
            "",
            "| backbone | way | " + " | ".join(COLUMNS) + " |",
            "|---|---|" + "---:|" * len(COLUMNS),
        ]
        for backbone, ways in sorted(rows[kind].items()):
            for way in (PLAIN, MIXED, OURS):
                if way in ways:
                    lines.append(f"| {backbone} | {way} | {' | '.join(_mean(ways[way], column) for column in COLUMNS)} |")
        lines += ["", *(_gain(backbone, ways) for backbone, ways in sorted(rows[kind].items()) if OURS in ways and PLAIN in ways), ""]
    return "\n".join(lines)


def _described(card: Card) -> str:
    training = card.facts.get("training", {})
    size = sum(card.file(part).stat().st_size for part in card.files) / 1e6
    return f"| {card.name} | {card.variant} | {training.get('minutes', '–')} | {training.get('steps', '–')} | {size:.1f} |"


def _unequal(cards: list[Card]) -> list[str]:
    """A sentence for each pair that was not trained alike."""
    minutes: dict[str, list[float]] = defaultdict(list)
    for card in cards:
        minutes[card.architecture].append(float(card.facts.get("training", {}).get("minutes", 0)))
    apart = [name for name, of in minutes.items() if max(of) - min(of) > _EQUAL * max(of)]
    return [f"**The trainings of {name} are not equally long: the pair is no fair comparison.**\n" for name in sorted(apart)]


def _mean(found: list[Measures], column: str) -> str:
    value = float(np.mean([one[column] for one in found]))
    return f"{value:.2f}" if "psnr" in column else f"{value:.3f}"


def _gain(backbone: str, ways: Rows) -> str:
    """By how much gray with the photo's own colors is ahead in the hole, hole by hole, and how sure that is."""
    parts = []
    for column, better in (("psnr hole", 1), ("ssim hole", 1), ("distance hole", -1)):
        apart = better * np.array([one[column] - other[column] for one, other in zip(ways[OURS], ways[PLAIN], strict=True)])
        error = float(apart.std(ddof=1) / len(apart) ** 0.5) if len(apart) > 1 else float("nan")
        parts.append(f"{column} {float(apart.mean()):+.3f} ± {error:.3f}, better in {int((apart > 0).sum())} of {len(apart)}")
    return f"- {backbone}, {OURS} against {PLAIN} (plus is better): {'; '.join(parts)}."


def _sheet(every: list[Case], shown: dict[int, list[npt.NDArray[np.uint8]]], cards: list[Card], target: Path) -> None:
    width, height = 200, 150
    rows = [header_of(["hole", *(card.name for card in cards), "truth"], width)]
    for number in sorted(shown):
        case = every[number]
        holed = np.where(case.mask[..., None] > 0, np.uint8(255), case.rgb)
        rows.append(np.hstack([fitted(picture, width, height) for picture in (holed, *shown[number], case.rgb)]))
    write_sheet(rows, target)


if __name__ == "__main__":
    main()
