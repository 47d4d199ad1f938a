"""Colors for *inpainted* monochromes: what a filling method's own colors are worth beside the internal colorizer's on the same gray.

    python benchmarks/internal_color_inpainted.py --photos DIR --out benchmarks/results

Every method fills a hole. Its own RGB stands beside its monochrome recolored by the preset "fast" (Wang et al. 2021, section 4.2). No
reconstruction network of ours has an RGB output: the rows are the peers' fills and our own reconstruction with copied colors.
PSNR and CIEDE2000 are of the hole against the truth; "bleeding" is the share of the hole's pixels whose chroma is far from every color
of the known picture (see `internal_color_cases.bleeding`); "off" is the CIEDE2000 of the fill's chroma alone, its luminance set to the
truth's.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from internal_color_cases import KINDS, Case, bleeding, hole_of, photographs, picture
from PIL import Image, ImageDraw
from removal_methods import METHODS, NETWORKS

HEIGHT, WIDTH = 256, 320
SHARES = (0.225, 0.30)


def peer(name: str, rgb: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """A method of the removal benchmark on H W 3 float32 in [0, 1]."""
    pixels = np.rint(255 * rgb).astype(np.uint8)
    return METHODS[name](pixels, np.where(hole, 255, 0).astype(np.uint8)).astype(np.float32) / 255


def copied(rgb: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Our exemplar search with the colors that its pieces had where they were copied from."""
    from huefill.imaging import color_spaces, exemplar

    filled = exemplar.fill(color_spaces.monochrome(rgb), hole, guide=color_spaces.to_chroma(rgb))
    chroma = color_spaces.to_chroma(exemplar.transfer_color(rgb, filled))
    return color_spaces.into_gamut(color_spaces.from_chroma(filled.gray, chroma))


METHODS_HERE: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "OpenCV Telea": partial(peer, "OpenCV Telea"),
    "OpenCV Navier-Stokes": partial(peer, "OpenCV Navier-Stokes"),
    "gmic inpaint": partial(peer, "gmic inpaint"),
    "gmic matchpatch": partial(peer, "gmic matchpatch"),
    "huefill exemplar, copied colors": copied,
    **{f"huefill {name}": partial(peer, f"huefill {name} fast") for name in NETWORKS[:1]},
}


def scores(rgb: np.ndarray, truth: np.ndarray, hole: np.ndarray) -> dict[str, float]:
    from huefill.imaging import color_spaces, metrics

    honest = color_spaces.into_gamut(color_spaces.from_chroma(color_spaces.monochrome(truth), color_spaces.to_chroma(rgb)))
    return {
        "psnr": metrics.psnr(rgb, truth, hole),
        "delta": metrics.delta_e(rgb, truth, hole),
        "off": metrics.delta_e(honest, truth, hole),
        "bleeding": 100 * bleeding(rgb, truth, hole),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--limit", type=int, default=12)
    given = parser.parse_args()
    cv2.setNumThreads(2)
    from huefill import internal
    from huefill.imaging import color_spaces

    cases = [
        Case(str(path.relative_to(given.photos)), kind, SHARES[number % 2], HEIGHT, WIDTH)
        for number, path in enumerate(photographs(given.photos, given.limit))
        for kind in KINDS
    ]
    rows: dict[tuple[str, str], list[dict[str, float]]] = {}
    sheet = []
    for number, case in enumerate(cases):
        truth, hole = picture(given.photos / case.photo, HEIGHT, WIDTH), hole_of(case)
        shown = [("given", np.where(hole[..., None], 0.5, truth))]
        for name, method in METHODS_HERE.items():
            own = np.where(hole[..., None], method(np.where(hole[..., None], np.float32(0.5), truth), hole), truth).astype(np.float32)
            again = internal.recolor(color_spaces.monochrome(own), own, hole, preset="fast").rgb
            for kind, image in (("own", own), ("recolored", again)):
                rows.setdefault((name, kind), []).append(scores(image, truth, hole))
                shown.append((f"{name}, {kind}", image))
        print(f"{number + 1} of {len(cases)}", flush=True)
        if number % 5 == 0:
            sheet.append([*shown, ("truth", truth)])
    text = ["# Colors for inpainted monochromes", "", "Printed by `benchmarks/internal_color_inpainted.py`: "]
    text[-1] += f"{len(cases)} cases at {WIDTH} x {HEIGHT}, holes of 22.5 and 30 %, rectangular and free-form."
    text += ["", "| fill | colors | PSNR in the hole | CIEDE2000 | chroma alone off by | bleeding % |", "|---|---|---|---|---|---|"]
    for (name, kind), values in rows.items():
        mean = {key: float(np.mean([value[key] for value in values])) for key in values[0]}
        text.append(f"| {name} | {kind} | {mean['psnr']:.2f} | {mean['delta']:.2f} | {mean['off']:.2f} | {mean['bleeding']:.3f} |")
    (given.out / "internal_color_inpainted.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    print("\n".join(text))
    page = Image.new("RGB", (WIDTH * len(sheet[0]), (HEIGHT + 14) * len(sheet)), "white")
    draw = ImageDraw.Draw(page)
    for y, row in enumerate(sheet):
        for x, (name, image) in enumerate(row):
            draw.text((x * WIDTH + 3, y * (HEIGHT + 14)), name, fill="black")
            page.paste(Image.fromarray(np.rint(255 * np.clip(image, 0, 1)).astype(np.uint8)), (x * WIDTH, y * (HEIGHT + 14) + 14))
    page.thumbnail((2800, 2800))
    page.save(given.out / "internal_color_inpainted.jpg", quality=85)


if __name__ == "__main__":
    main()
