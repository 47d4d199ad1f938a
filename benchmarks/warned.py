"""How often the warnings are right: hits and false alarms of each, into a table.

python benchmarks/warned.py [--data DIR] [--out DIR] [--count N]
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
from removal_runs import commit
from warned_cases import halved, photos, things, toned

from huefill.errors import Caution
from huefill.imaging.color_spaces import rgb_to_lab
from huefill.tasks.colorization import cautions as of_colors
from huefill.tasks.colorization.colorizers import registry
from huefill.tasks.colorization.guidance import Guidance
from huefill.tasks.colorization.prepared_photo import PreparedPhoto
from huefill.tasks.inpainting import cautions as of_selections

HERE = Path(__file__).parent
# Other photos than those that the warnings were tuned on; directions in which a real thing's mask is cut, and by how much.
_SEED, _CUTS = 77, [(angle, share) for angle in (0.0, 1.6, 3.1, 4.7) for share in (0.3, 0.5)]
# Units of Lab between the likely color and the photo's own: right, and wrong.
_RIGHT, _WRONG = 10, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / "shared" / "data", help="a folder with train/ and test/")
    parser.add_argument("--out", type=Path, default=HERE / "results")
    parser.add_argument("--count", type=int, default=240, help="photos for each of the rows")
    arguments = parser.parse_args()
    train, test = arguments.data / "train", arguments.data / "test"
    lines = [
        "# Warnings: how often they are right",
        "",
        f"Printed by `python benchmarks/warned.py` at commit {commit()}. A hit: what is warned of is there, and it is told. A false alarm: "
        "it is told, and it is not there. Photos are from the training data, others than the thresholds were set on, unless a row says so.",
        "",
        "| warning | shown | of | warned |",
        "|---|---|---|---|",
        *_selections(train, test, arguments.count),
        *_photos(train, arguments.count),
        *_colors(train, arguments.count // 2),
    ]
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "warned.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _selections(train: Path, test: Path, count: int) -> list[str]:
    warned, spent = defaultdict(list), []
    for case in things(train, count, _SEED):
        begin = time.perf_counter()
        said = of_selections.of_removal(case.rgb, 255 * case.selection.astype(np.uint8), "srgb")
        spent.append(time.perf_counter() - begin)
        warned[case.kind].append(said)
    for case in _real(test):
        warned["real whole"].append(of_selections.of_removal(*case, "srgb"))
        rgb, mask = case
        for angle, share in _CUTS:
            warned["real cut"].append(of_selections.of_removal(rgb, 255 * halved(mask > 0, angle, share).astype(np.uint8), "srgb"))
    titles = {
        "whole": "false alarm: a thing selected with 0 to 4 pixels around it",
        "loose": "false alarm: a thing selected by a lasso",
        "cut": "hit: 20 to 60 % of the thing left outside, by a straight cut",
        "real whole": "false alarm: masks of real things, data/test, looked at once",
        "real cut": "hit: the same masks, 30 or 50 % cut off in four directions",
    }
    rows = [
        _row("goes on beyond the selection", title, _share(warned[kind], of_selections.CUT), len(warned[kind]))
        for kind, title in titles.items()
    ]
    return [*rows, f"| | the look at a selection takes {1000 * float(np.median(spent)):.0f} ms | {len(spent)} | |"]


def _real(test: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    found = []
    for path in sorted((test / "object_removal").glob("*_mask.png")):
        photo = next(other for other in path.parent.glob(f"{path.stem.removesuffix('_mask')}.*"))
        mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        rgb = cv2.imread(str(photo), cv2.IMREAD_COLOR)[..., ::-1]
        mask = cv2.resize(mask, rgb.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        found.append((np.ascontiguousarray(rgb), cv2.dilate(np.where(mask > 127, 255, 0).astype(np.uint8), np.ones((5, 5), np.uint8))))
    return found


def _photos(train: Path, count: int) -> list[str]:
    every = photos(train, count, _SEED)
    rng = np.random.default_rng(_SEED)
    colored = [of_colors.of_photo(rgb, "srgb") for rgb in every]
    old = [of_colors.of_photo(toned(rgb, rng), "srgb") for rgb in every]
    return [
        _row("has colors already", "false alarm: gray, toned and yellowed prints", _share(old, of_colors.COLORED), count),
        _row("has colors already", "hit: photos in color (some of them all but gray)", _share(colored, of_colors.COLORED), count),
    ]


def _colors(train: Path, count: int) -> list[str]:
    colorizer = registry.choose("auto", "cpu")
    warned, apart = [], []
    for number, rgb in enumerate(photos(train, count, _SEED)):
        rng, photo = np.random.default_rng(number), PreparedPhoto(rgb, "srgb")
        lab = cv2.blur(rgb_to_lab(rgb.astype(np.float32) / 255), (5, 5))
        for _ in range(4):
            x, y = int(rng.integers(8, rgb.shape[1] - 8)), int(rng.integers(8, rgb.shape[0] - 8))
            likely = photo.suggestions(colorizer, Guidance(), (float(x), float(y)))
            if likely is not None:
                warned.append(
                    [said for said in of_colors.of_color(likely, photo.lightness_at(float(x), float(y))) if said == of_colors.UNSURE]
                )
                apart.append(float(np.hypot(*(likely.probability @ likely.ab - lab[y, x, 1:]))))
    distance = np.array(apart)
    told = np.array([bool(said) for said in warned])
    title = "unsure of a color"
    return [
        _row(
            title,
            f"false alarm: points whose likely color is within {_RIGHT} units of the photo's",
            told[distance < _RIGHT].mean(),
            int((distance < _RIGHT).sum()),
        ),
        _row(
            title,
            f"hit: points whose likely color is more than {_WRONG} units off",
            told[distance > _WRONG].mean(),
            int((distance > _WRONG).sum()),
        ),
        _row(
            title,
            f"points that are warned of and more than {_WRONG} units off (of all points {100 * (distance > _WRONG).mean():.0f} %)",
            (distance[told] > _WRONG).mean(),
            int(told.sum()),
        ),
    ]


def _share(warned: list[list[Caution]], warning: Caution) -> float:
    return float(np.mean([warning in said for said in warned]))


def _row(title: str, shown: str, share: float, count: int) -> str:
    return f"| {title} | {shown} | {count} | {100 * share:.1f} % |"


if __name__ == "__main__":
    main()
