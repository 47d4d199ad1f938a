"""At which size, and in which pieces, the colorizers see a photo: whole or squeezed, small or large, in one piece or in windows.

    python benchmarks/shapes.py [--data DIR] [--limit N] [--out DIR]

On photographs held back from training (`held_back.py`), as they are (about 3:2) and cut to 2:1 and 3:1 around their middle. PSNR of RGB
over gray in dB, at the photo's own size; colorfulness of the automatic picture as a share of the truth's, the median. Points are five at
random places in the mean color of 7 x 7 pixels; the histogram is the photo's own. *Windows* are squares of the shorter side, each
overlapping the next by a half at least and colored by itself, blended in a line.
`--test DIR` takes the test photographs instead: a last reading, by which nothing is chosen.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from anchors import colorfulness, own_color
from colorize import lightness_of, psnr
from held_back import DATA, photos
from PIL import Image
from warm_backend import commit

from huefill.imaging.upsample import ChromaLift
from huefill.runtime.progress import Progress
from huefill.tasks.colorization.colorizers import anchors_network, hints_network, registry
from huefill.tasks.colorization.colorizers.protocol import Chroma, Colorizer
from huefill.tasks.colorization.guidance import Guidance, Reference
from huefill.tasks.colorization.prepared_photo import PreparedPhoto
from huefill.tasks.contract import ColorPoint

Photo = np.ndarray
Shape = tuple[int, int]
POINTS, RADIUS, MULTIPLE = 5, 3.0, 32
RATIOS = {"3:2": 1.5, "2:1": 2.0, "3:1": 3.0}
# Of one set: how much longer than high a photo is that counts as 3:2.
ABOUT = (1.42, 1.58)
SETS = ("bsds", "sunhays", "imagenet1k")
TEST = ("kodak", "bsds_test", "imagenet_sample")


def rounded(height: float, width: float) -> Shape:
    tall, wide = (max(2, round(side / MULTIPLE)) * MULTIPLE for side in (height, width))
    return tall, wide


def longer(pixels: int) -> Callable[[Shape], Shape]:
    return lambda shape: rounded(*(side * pixels / max(shape) for side in shape))


def shorter(pixels: int) -> Callable[[Shape], Shape]:
    return lambda shape: rounded(*(side * pixels / min(shape) for side in shape))


def area(pixels: int) -> Callable[[Shape], Shape]:
    return lambda shape: rounded(*(side * (pixels / (shape[0] * shape[1])) ** 0.5 for side in shape))


@dataclass(frozen=True)
class Way:
    """``shape`` at which a network sees a photo, or a window of it."""

    name: str
    shape: Callable[[Shape], Shape]
    windows: bool = False


WAYS = (
    Way("longer side 256", longer(256)),
    Way("longer side 320", longer(320)),
    Way("longer side 384", longer(384)),
    Way("area of 256 x 192", area(256 * 192)),
    Way("area of 256 x 256", area(256 * 256)),
    Way("shorter side 256", shorter(256)),
    Way("squeezed to 256 x 256", lambda shape: (256, 256)),
    Way("windows of 256 x 256", lambda shape: (256, 256), True),
)


def windows(shape: Shape) -> Iterator[tuple[slice, np.ndarray]]:
    """Columns of each, and its weight there."""
    height, width = shape
    count = 1 if width <= height else 1 + -(-2 * (width - height) // height)
    for left in np.linspace(0, max(0, width - height), count).round().astype(int):
        ramp = np.minimum(np.arange(height) + 0.5, height - np.arange(height) - 0.5)
        yield slice(left, left + height), ramp.astype(np.float32)


def chroma(photo: PreparedPhoto, colorizer: Colorizer[Any], guidance: Guidance, way: Way, states: dict[int, Any]) -> Chroma:
    """``states`` what the colorizer saw of each window."""
    if not way.windows:
        return photo.chroma(colorizer, guidance)
    height, width = photo.shape
    total, weight = np.zeros((height, width, 2), np.float32), np.zeros(width, np.float32)
    for columns, share in windows(photo.shape):
        lightness = np.ascontiguousarray(photo.lightness[:, columns])
        inside = tuple(
            replace(point, x=point.x - columns.start) for point in guidance.points if columns.start <= point.x <= columns.stop - 1
        )
        if columns.start not in states:
            states[columns.start] = colorizer.prepare(lightness)
        said = colorizer.chroma(states[columns.start], replace(guidance, points=inside))
        lift = ChromaLift(said.ab, said.lightness / np.float32(100), lightness.shape)
        total[:, columns] += share[:, None] * lift.rows(slice(0, height), lightness / np.float32(100))
        weight[columns] += share
    return Chroma(total / weight[:, None], photo.lightness)


def cut(photo: Photo, ratio: float) -> Photo:
    rows = round(photo.shape[1] / ratio)
    top = max(0, (photo.shape[0] - rows) // 2)
    return np.ascontiguousarray(photo[top : top + rows])


def chosen(given: argparse.Namespace) -> list[Photo]:
    if given.test:
        found = [np.asarray(Image.open(path).convert("RGB")) for name in TEST for path in sorted((given.test / name).glob("*.*"))]
        sets = [found]
    else:
        every = photos(given.data)
        sets = [every[name] for name in SETS]
    wide = [[photo for photo in some if ABOUT[0] <= photo.shape[1] / photo.shape[0] <= ABOUT[1]] for some in sets]
    return [photo for some in wide for photo in some[: given.limit // len(sets)]]


def asked(photo: Photo, seed: int) -> dict[str, tuple[str, Guidance]]:
    random = np.random.default_rng(seed)
    places = [(float(random.integers(photo.shape[1])), float(random.integers(photo.shape[0]))) for _ in range(POINTS)]
    points = tuple(ColorPoint(x, y, own_color(photo, x, y), RADIUS) for x, y in places)
    return {
        "hints, automatic": ("hints", Guidance()),
        "hints, 5 points": ("hints", Guidance(points)),
        "hints, histogram": ("hints", Guidance(reference=Reference.of(photo), match="histogram")),
        "anchors, automatic": ("anchors", Guidance()),
        "anchors, 5 points": ("anchors", Guidance(points)),
    }


def measure(every: list[Photo], ratio: float, way: Way) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)

    def seen(shape: Shape, _: object) -> Shape:
        return way.shape(shape)

    with mock.patch.object(hints_network, "seen_shape", seen), mock.patch.object(anchors_network, "seen_shape", seen):
        for number, whole in enumerate(every):
            photo = cut(whole, ratio)
            gray = lightness_of(photo)
            prepared, states = PreparedPhoto(gray, "srgb"), {"hints": dict[int, Any](), "anchors": dict[int, Any]()}
            for name, (method, guidance) in asked(photo, number).items():
                colorizer = registry.choose("auto", "cpu", method)
                begin = time.process_time()
                said = chroma(prepared, colorizer, guidance, way, states[method])
                seconds = time.process_time() - begin
                result = prepared.paint(said, guidance, Progress())[..., :3]
                found[name].append(psnr(result, photo) - psnr(gray, photo))
                if name.endswith("automatic"):
                    found[f"{method}, s"].append(seconds)
                    found[f"{method}, colorfulness"].append(colorfulness(result) / colorfulness(photo))
    return found


COLUMNS = {
    "hints, automatic": "hints: automatic",
    "hints, colorfulness": "colorfulness",
    "hints, 5 points": "5 points",
    "hints, histogram": "histogram",
    "hints, s": "s of a core",
    "anchors, automatic": "anchors: automatic",
    "anchors, colorfulness": "colorfulness",
    "anchors, 5 points": "5 points",
    "anchors, s": "s of a core",
}


def row(way: Way, found: dict[str, list[float]], today: dict[str, list[float]]) -> str:
    cells = []
    for name in COLUMNS:
        values = np.array(found[name])
        if name.endswith((", s", "colorfulness")):
            cells.append(f"{np.median(values):.2f}")
            continue
        apart = values - np.array(today[name])
        error = apart.std() / max(1, len(apart) - 1) ** 0.5
        cells.append(f"{values.mean():+.2f}" + (f" ({apart.mean():+.2f} ± {error:.2f})" if found is not today else ""))
    return f"| {way.name} | " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--limit", type=int, default=24)
    parser.add_argument("--shapes", default=",".join(RATIOS))
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    given = parser.parse_args()
    every = chosen(given)
    text = [
        "# The size at which a photo is colored",
        "",
        (__doc__ or "").split("\n\n")[2],
        "",
        f"Printed at commit {commit()}, of photographs {'of data/test' if given.test else 'held back from training'}; "
        f"{platform.machine()}. In brackets against the first row, photo by photo, with the standard error of that mean. "
        "Seconds of a core: the photo seen and colored without a hint, the median.",
        "",
    ]
    for name in given.shapes.split(","):
        text += [
            f"## {name}, {len(every)} photographs",
            "",
            "| seen at | " + " | ".join(COLUMNS.values()) + " |",
            "|---" * (1 + len(COLUMNS)) + "|",
        ]
        today: dict[str, list[float]] = {}
        for way in WAYS:
            found = measure(every, RATIOS[name], way)
            today = today or found
            text.append(row(way, found, today))
            print(name, text[-1], flush=True)
        text.append("")
    file = given.out / ("shapes_test.md" if given.test else "shapes.md")
    file.write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
