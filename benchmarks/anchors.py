"""Colors without a person: by the hints network alone and by anchors; what anchors are worth; how far one point reaches, where it leaks.

    python benchmarks/anchors.py --test DIR/test --out benchmarks/results

Photographs at 256 x 256 (objects and old photographs: 256 pixels on the longer side), through the task "colorize", as an editor would.
Colorfulness after Hasler and Süsstrunk 2003, as a share of the truth's, the median. The Fréchet distance compares features of the encoder
(stride 16) of the results with those of the truth: less is better. *Reach* is the share of an object whose chroma one point in it (its
own color) brings nearer to the truth's, against the same without the point; *leak* the mean change of chroma outside over that inside.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from colorize import levin, lightness_of, psnr, read
from PIL import Image, ImageDraw

from huefill.imaging.color_spaces import rgb_to_lab
from huefill.tasks.colorization import colorize
from huefill.tasks.contract import ANCHOR, ColorPoint, Context
from huefill_models.encoders.efficientnet_lite import published

SIZE, SIDE, COUNT = 256, 7, 8
SETS = ("imagenet_sample", "kodak", "bsds_test", "street")
METHODS = ("hints", "anchors")
SHEET = 24


def photos(folder: Path) -> list[Path]:
    return [p for p in sorted(folder.iterdir()) if p.suffix in (".jpg", ".png") and "mask" not in p.stem]


def colored(gray: np.ndarray, **how: object) -> np.ndarray:
    return colorize.run(colorize.Request(gray, **how), Context(device="cpu")).layers[0].image


def ab_of(rgb: np.ndarray) -> np.ndarray:
    return rgb_to_lab(rgb.astype(np.float32) / 255)[..., 1:]


def colorfulness(rgb: np.ndarray) -> float:
    red, green, blue = np.moveaxis(rgb.astype(np.float32), -1, 0)
    across, along = red - green, (red + green) / 2 - blue
    return float(np.hypot(across.std(), along.std()) + 0.3 * np.hypot(across.mean(), along.mean()))


def frechet(ours: list[np.ndarray], truth: list[np.ndarray], encoder: torch.nn.Module) -> float:
    def features(pictures: list[np.ndarray]) -> np.ndarray:
        rows = []
        for picture in pictures:
            with torch.no_grad():
                seen = encoder(torch.from_numpy(picture.transpose(2, 0, 1)[None].astype(np.float32) / 255))[3]
            rows.append(torch.nn.functional.avg_pool2d(seen, 4)[0].flatten(1).T.numpy())
        return np.concatenate(rows).astype(np.float64)

    one, other = features(ours), features(truth)
    first, second = np.cov(one.T), np.cov(other.T)
    product = np.linalg.eigvals(first @ second)
    mixed = float(np.sqrt(np.maximum(product.real, 0)).sum())
    return float(((one.mean(0) - other.mean(0)) ** 2).sum() + np.trace(first) + np.trace(second) - 2 * mixed)


def automatic(test: Path, encoder: torch.nn.Module) -> list[str]:
    text = ["| photographs | method | over gray, dB | colorfulness | Fréchet distance |", "|---|---|---|---|---|"]
    for name in SETS:
        truth = [read(path, SIZE) for path in photos(test / name)]
        grays = [lightness_of(photo) for photo in truth]
        base = np.mean([psnr(gray, photo) for gray, photo in zip(grays, truth, strict=True)])
        text.append(f"| {name} ({len(truth)}) | gray | 0 | 0 | {frechet(grays, truth, encoder):.2f} |")
        for method in METHODS:
            made = [colored(gray, method=method) for gray in grays]
            gain = np.mean([psnr(result, photo) for result, photo in zip(made, truth, strict=True)]) - base
            share = np.median([colorfulness(result) / colorfulness(photo) for result, photo in zip(made, truth, strict=True)])
            text.append(f"| | {method} | {gain:+.2f} | {share:.2f} | {frechet(made, truth, encoder):.2f} |")
            print(text[-1], flush=True)
    return text


def worth(test: Path) -> list[str]:
    """The truth's color at the anchors that are proposed, beside as many random places."""
    gains: dict[str, list[float]] = {"anchors": [], "random places": []}
    for seed, path in enumerate(photos(test / "imagenet_sample")):
        photo = read(path, SIZE)
        gray, random = lightness_of(photo), np.random.default_rng(seed)
        proposed = colorize.run(colorize.Request(gray, method="anchors"), Context(device="cpu")).recipe["anchors"]
        places = {
            "anchors": [(anchor["x"], anchor["y"]) for anchor in proposed],
            "random places": [(float(x), float(y)) for x, y in random.integers(0, SIZE, (len(proposed), 2))],
        }
        for name, there in places.items():
            points = tuple(ColorPoint(x, y, own_color(photo, x, y), 0.0, ANCHOR) for x, y in there)
            gains[name].append(psnr(colored(gray, method="anchors", anchored=True, points=points), photo) - psnr(gray, photo))
    means = {name: float(np.mean(values)) for name, values in gains.items()}
    text = ["| the truth's color at | over gray, dB |", "|---|---|"]
    text += [f"| {COUNT} {name} | {mean:+.2f} |" for name, mean in means.items()]
    return [*text, "", f"Difference: {means['anchors'] - means['random places']:+.2f} dB."]


def own_color(photo: np.ndarray, x: float, y: float) -> tuple[float, float, float]:
    """The mean color of the square of `SIDE` pixels around a place."""
    column, row = round(x), round(y)
    part = photo[max(0, row - SIDE // 2) : row + SIDE // 2 + 1, max(0, column - SIDE // 2) : column + SIDE // 2 + 1]
    red, green, blue = part.reshape(-1, 3).mean(0)
    return float(red), float(green), float(blue)


def one_point(test: Path) -> list[str]:
    ways: dict[str, Callable[[np.ndarray, tuple[int, int]], tuple[np.ndarray, np.ndarray]]] = {
        "hints": lambda photo, at: beside(photo, at, "hints"),
        "anchors": lambda photo, at: beside(photo, at, "anchors"),
        "Levin 2004": by_levin,
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for path in photos(test / "object_removal"):
        mask_path = path.with_name(path.stem + "_mask.png")
        if not mask_path.exists():
            continue
        image = Image.open(path).convert("RGB")
        image.thumbnail((SIZE, SIZE), Image.Resampling.LANCZOS)
        photo = np.asarray(image)
        mask = np.asarray(Image.open(mask_path).convert("L").resize(image.size, Image.Resampling.BOX)) > 127
        if not mask.any():
            continue
        deep = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
        row, column = np.unravel_index(int(deep.argmax()), deep.shape)
        truth = ab_of(photo)
        for name, way in ways.items():
            before, after = (ab_of(result) for result in way(photo, (int(column), int(row))))
            nearer = np.linalg.norm(after - truth, axis=2) < np.linalg.norm(before - truth, axis=2)
            change = np.linalg.norm(after - before, axis=2)
            found[name].append((float(nearer[mask].mean()), float(change[~mask].mean() / max(change[mask].mean(), 1e-6))))
    text = [f"| one point in each of {len(found['hints'])} objects | reach, mean | leak, mean |", "|---|---|---|"]
    return text + [
        f"| {name} | {np.mean([r for r, _ in rows]):.2f} | {np.mean([k for _, k in rows]):.2f} |" for name, rows in found.items()
    ]


def beside(photo: np.ndarray, at: tuple[int, int], method: str) -> tuple[np.ndarray, np.ndarray]:
    gray = lightness_of(photo)
    point = ColorPoint(*map(float, at), own_color(photo, *at), 3.0)
    if method == "hints":
        return colored(gray, method=method), colored(gray, method=method, points=(point,))
    kept = colorize.run(colorize.Request(gray, method=method), Context(device="cpu")).recipe["anchors"]
    anchors = tuple(ColorPoint(item["x"], item["y"], tuple(item["rgb"]), 0.0, ANCHOR) for item in kept)
    without, with_it = (colored(gray, method=method, anchored=True, points=points) for points in (anchors, (*anchors, point)))
    return without, with_it


def by_levin(photo: np.ndarray, at: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    hints = np.zeros((*photo.shape[:2], 4), np.uint8)
    cv2.circle(hints, at, 3, (*own_color(photo, *at), 255), -1)
    return lightness_of(photo), levin(photo, hints)


def sheet(test: Path, path: Path) -> None:
    """Gray, by hints, by anchors, three variants, truth where there is one."""
    rows = []
    legacy = photos(test / "legacy_bw")
    chosen = photos(test / "imagenet_sample")
    for place in [*legacy, *chosen[:: max(1, len(chosen) // SHEET)][:SHEET]]:
        image = Image.open(place).convert("RGB")
        image.thumbnail((SIZE, SIZE), Image.Resampling.LANCZOS)
        photo = np.asarray(image)
        gray = lightness_of(photo)
        request = colorize.Request(gray, method="anchors", variants=3)
        result = colorize.run(request, Context(device="cpu"))
        variants = [layers[0].image for layers in (result.layers, *result.variants)]
        row = [gray, colored(gray, method="hints"), *variants]
        rows.append(row if place in legacy else [*row, photo])
    titles = ("gray", "hints", "anchors 1", "anchors 2", "anchors 3", "truth")
    page = Image.new("RGB", (6 * (SIZE + 4), 20 + sum(row[0].shape[0] + 4 for row in rows)), "white")
    for column, title in enumerate(titles):
        ImageDraw.Draw(page).text((column * (SIZE + 4) + 4, 4), title, fill="black")
    top = 20
    for row in rows:
        for column, picture in enumerate(row):
            page.paste(Image.fromarray(picture), (column * (SIZE + 4), top))
        top += row[0].shape[0] + 4
    page.save(path, quality=86)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    given = parser.parse_args()
    begin = time.perf_counter()
    text = ["# Colors without a person, anchors, one point", "", (__doc__ or "").split("\n\n")[2], "", "## Automatic", ""]
    text += automatic(given.test, published("lite0"))
    text += ["", "## What anchors are worth", "", *worth(given.test), "", "## One point", "", *one_point(given.test)]
    text += ["", f"Took {time.perf_counter() - begin:.0f} s on the CPU.", "", "![sheet](anchors.jpg)"]
    (given.out / "anchors.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    print("\n".join(text))
    sheet(given.test, given.out / "anchors.jpg")


if __name__ == "__main__":
    main()
