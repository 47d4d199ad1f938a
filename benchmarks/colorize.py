"""How near a gray photo's colors come to the truth: alone, with a histogram, a saturation, all colors, and with more and more points.

    python benchmarks/colorize.py --photos DIR/imagenet_sample --out benchmarks/results

After Zhang et al. 2017: Table 1 (section 4.1) and Figure 6 (section 4.2). Photographs at 256 x 256; PSNR of RGB in dB, the mean over the
photographs. The histogram is the photo's own, by the method "histogram": by likeness it would give itself all its colors. Points are
squares of 7 x 7 pixels that show their mean color, at random places or where the result is farthest from the
truth; "levin" is Levin et al. 2004 with the same squares. Everything goes through the task "colorize", as an editor would.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from huefill_models.card import MEASURES

COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
SIDE = 7
# The paper's Table 1: PSNR on ImageNet's test photographs.
PAPER = {"gray": 22.82, "automatic": 24.43, "+ histogram": 27.85, "+ saturation": 25.78, "+ all colors": 37.70}


def read(path: Path, size: int) -> np.ndarray:
    """H W 3 uint8, ``size`` squared; 0 keeps the photo's own size."""
    image = Image.open(path).convert("RGB")
    return np.asarray(image.resize((size, size), Image.Resampling.BICUBIC) if size else image)


def squares(rng: np.random.Generator, count: int, size: int) -> list[tuple[int, int]]:
    return [(int(y), int(x)) for y, x in rng.integers(0, size - SIDE + 1, (count, 2))]


def layer(photo: np.ndarray, places: list[tuple[int, int]]) -> np.ndarray:
    """The hint layer H W 4: each square in the mean color (in Lab) of what it covers, at its own luminance."""
    from huefill.imaging import color_spaces

    lab = color_spaces.rgb_to_lab(photo.astype(np.float32) / 255)
    hints = np.zeros((*photo.shape[:2], 4), np.uint8)
    for y, x in places:
        mean = lab[y : y + SIDE, x : x + SIDE].mean((0, 1))
        hints[y : y + SIDE, x : x + SIDE, :3] = np.rint(255 * np.clip(color_spaces.lab_to_rgb(mean[None, None]), 0, 1))
        hints[y : y + SIDE, x : x + SIDE, 3] = 255
    return hints


def ours(photo: np.ndarray, **guides: object) -> np.ndarray:
    from huefill.tasks.colorization import colorize as colorize_points
    from huefill.tasks.contract import Context

    gray = lightness_of(photo)
    return colorize_points.run(colorize_points.Request(gray, method="hints", **guides), Context(device=DEVICE)).layers[0].image


def lightness_of(photo: np.ndarray) -> np.ndarray:
    """The photo without its colors, H W 3 uint8: gray of the same lightness."""
    from huefill.imaging import color_spaces

    lab = color_spaces.rgb_to_lab(photo.astype(np.float32) / 255)
    gray = color_spaces.lab_to_rgb(np.dstack([lab[..., 0], np.zeros_like(lab[..., 1:])]))
    return np.rint(255 * np.clip(gray, 0, 1)).astype(np.uint8)


def levin(photo: np.ndarray, hints: np.ndarray) -> np.ndarray:
    from huefill.imaging import color_spaces, propagation
    from huefill.imaging.gamut import clip_to_gamut

    lab = color_spaces.rgb_to_lab(photo.astype(np.float32) / 255)
    known = hints[..., 3] > 0
    ab = color_spaces.rgb_to_lab(hints[..., :3].astype(np.float32) / 255)[..., 1:] * known[..., None]
    spread = propagation.levin(lab[..., 0] / np.float32(100), ab, known)
    rgb = color_spaces.lab_to_rgb(np.dstack([lab[..., 0], clip_to_gamut(lab[..., 0], spread)]))
    return np.rint(255 * np.clip(rgb, 0, 1)).astype(np.uint8)


def psnr(result: np.ndarray, truth: np.ndarray) -> float:
    from huefill.imaging import metrics

    return metrics.psnr(result.astype(np.float32) / 255, truth.astype(np.float32) / 255)


def worst(result: np.ndarray, truth: np.ndarray, taken: list[tuple[int, int]]) -> tuple[int, int]:
    """Where a square would mend most: the largest mean error, away from the squares that are there."""
    import cv2

    error = cv2.blur(((result.astype(np.float32) - truth) ** 2).sum(2), (SIDE, SIDE))
    for y, x in taken:
        error[max(0, y - SIDE // 2) : y + SIDE + SIDE // 2, max(0, x - SIDE // 2) : x + SIDE + SIDE // 2] = -1
    inner = error[SIDE // 2 : -(SIDE // 2), SIDE // 2 : -(SIDE // 2)]
    y, x = np.unravel_index(int(inner.argmax()), inner.shape)
    return int(y), int(x)


def curve(photo: np.ndarray, make: Callable[[np.ndarray, np.ndarray], np.ndarray], chosen: str, seed: int) -> list[float]:
    """PSNR after each of `COUNTS` squares, put at "random" places or where the error is "greatest" (in steps, several at a time)."""
    rng = np.random.default_rng(seed)
    places: list[tuple[int, int]] = []
    result, values = make(photo, layer(photo, [])), []
    for count in COUNTS:
        while len(places) < count:
            if chosen == "random":
                places += squares(rng, count - len(places), photo.shape[0])
                continue
            # As many at once as a tenth of what is there: one at a time would take hours for 500.
            for _ in range(max(1, min(count - len(places), len(places) // 3))):
                places.append(worst(result, photo, places))
            result = make(photo, layer(photo, places))
        result = make(photo, layer(photo, places))
        values.append(psnr(result, photo))
    return values


def plot(curves: dict[str, list[float]], path: Path) -> None:
    """PSNR against the number of points, both axes labelled; the number of points logarithmic."""
    width, height, left, bottom = 760, 460, 60, 50
    page = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(page)
    low, high = np.floor(min(20.0, *map(min, curves.values()))), max(34.0, 2 + max(map(max, curves.values())))

    def at(count: float, value: float) -> tuple[float, float]:
        across = np.log10(count) / np.log10(COUNTS[-1])
        return left + across * (width - left - 170), height - bottom - (value - low) / (high - low) * (height - bottom - 20)

    for value in range(int(low), int(high) + 1, 2):
        draw.line([at(1, value), at(COUNTS[-1], value)], fill=(225, 225, 225))
        draw.text((left - 25, at(1, value)[1] - 6), str(value), fill="black")
    for count in COUNTS:
        draw.text((at(count, low)[0] - 6, height - bottom + 6), str(count), fill="black")
    draw.text((left + 160, height - 22), "points (7 x 7 pixels), logarithmic", fill="black")
    draw.text((4, 4), "PSNR, dB", fill="black")
    colors = [(200, 40, 40), (240, 150, 60), (40, 80, 200), (120, 170, 240), (120, 120, 120)]
    for number, (name, values) in enumerate(curves.items()):
        draw.line([at(c, v) for c, v in zip(COUNTS, values, strict=True)], fill=colors[number % 5], width=3)
        draw.text((width - 160, 30 + 18 * number), name, fill=colors[number % 5])
    page.save(path)


def main() -> None:
    global DEVICE
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--greatest", type=int, default=20, help="photographs for the curve of greatest errors, which takes longest")
    parser.add_argument("--device", default="cpu")
    given = parser.parse_args()
    DEVICE = given.device
    begin = time.perf_counter()
    paths = [p for p in sorted(given.photos.iterdir()) if p.suffix in (".jpg", ".png") and "mask" not in p.stem][: given.limit]
    table: dict[str, list[float]] = {}
    full: list[float] = []
    for number, path in enumerate(paths):
        photo = read(path, 256)
        opaque = np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)])
        saturation = float(((photo.max(2) - photo.min(2)) / np.maximum(photo.max(2), 1)).mean())
        results = {
            "gray": lightness_of(photo),
            "automatic": ours(photo),
            "+ histogram": ours(photo, reference=photo, match="histogram"),
            "+ saturation": ours(photo, saturation=saturation),
            "+ histogram and saturation": ours(photo, reference=photo, match="histogram", saturation=saturation),
            "+ all colors": ours(photo, hints=opaque),
        }
        for name, result in results.items():
            table.setdefault(name, []).append(psnr(result, photo))
        if number % 4 == 0:
            whole = read(path, 0)
            full.append(psnr(ours(whole, hints=np.dstack([whole, np.full(whole.shape[:2], 255, np.uint8)])), whole))
    text = ["# Colorize with Points: how near to the truth", ""]
    text += [f"Printed by `benchmarks/colorize.py`: {len(paths)} photographs, 256 x 256, PSNR in dB (± standard error).", ""]
    text += ["| given | ours | over gray | the paper's, other photographs | over gray |", "|---|---|---|---|---|"]
    gray = float(np.mean(table["gray"]))
    for name, values in table.items():
        mean, error = float(np.mean(values)), float(np.std(values) / np.sqrt(len(values)))
        paper = f"{PAPER[name]:.2f} | {PAPER[name] - PAPER['gray']:+.2f}" if name in PAPER else "– | –"
        text.append(f"| {name} | {mean:.2f} ± {error:.2f} | {mean - gray:+.2f} | {paper} |")
    text += ["", f"All colors given at the photographs' own resolution ({len(full)} of them): {np.mean(full):.2f} dB.", ""]
    curves: dict[str, list[float]] = {}
    kinds: dict[str, tuple[Callable[[np.ndarray, np.ndarray], np.ndarray], str]] = {
        "ours, random": (lambda photo, hints: ours(photo, hints=hints), "random"),
        "levin, random": (lambda photo, hints: levin(photo, hints) if hints[..., 3].any() else lightness_of(photo), "random"),
        "ours, greatest error": (lambda photo, hints: ours(photo, hints=hints), "greatest"),
        "ours + histogram, random": (lambda photo, hints: ours(photo, hints=hints, reference=photo, match="histogram"), "random"),
    }
    few = max(1, len(paths) // given.greatest)
    for name, (make, where) in kinds.items():
        # Every photograph has places of its own, the same for every row.
        chosen = list(enumerate(paths))[:: few if where == "greatest" else 1]
        values = [curve(read(path, 256), make, where, seed) for seed, path in chosen]
        curves[name] = [float(v) for v in np.mean(values, 0)]
        print(name, [round(v, 2) for v in curves[name]], flush=True)
    text += [
        f"Points revealed (every {few}. photograph for the greatest error; Figure 6 of the paper has the published network above Levin "
        "until about 500):",
        "",
    ]
    text += ["| | " + " | ".join(map(str, COUNTS)) + " |", "|---|" + "---|" * len(COUNTS)]
    text += [f"| {name} | " + " | ".join(f"{v:.2f}" for v in values) + " |" for name, values in curves.items()]
    text += ["", "![PSNR against points](colorize.png)", "", f"Took {time.perf_counter() - begin:.0f} s on {given.device}."]
    (given.out / "colorize.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    means = {name: float(np.mean(values)) for name, values in table.items()}
    (given.out / "colorize.json").write_text(
        json.dumps({"score": {MEASURES["hints"]: round(means["automatic"], 2)}, "table": means, "curves": curves}) + "\n"
    )
    plot(curves, given.out / "colorize.png")
    print("\n".join(text))


DEVICE = "cpu"

if __name__ == "__main__":
    main()
