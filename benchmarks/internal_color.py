"""How well and how fast a hole gets its colours back: natural photographs whose colours are taken out of a hole, the monochrome kept.

    python benchmarks/internal_color.py --photos DIR --out benchmarks/results --methods fast,best,levin,domain,gray

Rectangular and free-form holes of 22.5, 30, 48.9 and 73.4 % (Wang et al. 2021, section 4.3 and Table 3), the shares in turn
over the photographs. Every method runs in a process of its own, whose peak memory is stated. Cases that are in
``internal_color_cases.jsonl`` already are not run again, so that the slow methods can be added in slices. The whole-picture figures of
"paper" and "published" count their networks' own RGB in the hole (as the authors' figures do), those of all others keep the gray.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

SHARES = (0.225, 0.30, 0.489, 0.734)
KINDS = ("rectangle", "free-form")
METHODS = ("fast", "best", "published", "paper", "published-flat", "levin", "domain", "gray")
SKIPPED = ("halftone", "legacy_bw", "guided_inpaint", "textures")
# Table 3 of the paper: PSNR of the whole picture, Places2 at 512 x 640.
PAPER = {
    "Zhang": (36.12, 38.77),
    "domain": (29.35, 39.26),
    "levin": (36.68, 39.24),
    "published-flat": (37.04, 39.21),
    "paper": (38.45, 39.50),
}


@dataclass(frozen=True)
class Case:
    photo: str
    kind: str
    share: float
    height: int
    width: int


def photographs(folder: Path, limit: int) -> list[Path]:
    """``limit`` colour photographs spread evenly over the folder."""
    found = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() in (".png", ".jpg", ".jpeg") and "mask" not in p.stem]
    found = [p for p in found if not set(p.relative_to(folder).parts) & set(SKIPPED) and _colourful(p)]
    return [found[i] for i in np.unique(np.linspace(0, len(found) - 1, min(limit, len(found))).round().astype(int))]


def _colourful(path: Path) -> bool:
    with Image.open(path) as image:
        small = np.asarray(image.convert("RGB").resize((32, 32)), np.float32) / 255
    return bool(np.ptp(small, axis=2).mean() > 0.05)


def picture(path: Path, height: int, width: int) -> np.ndarray:
    """The photograph's centre in the aspect of the case, reduced by area averages; H W 3 float32 in [0, 1]."""
    image = Image.open(path).convert("RGB")
    if (image.height > image.width) != (height > width):
        image = image.transpose(Image.Transpose.ROTATE_90)
    scale = min(image.height / height, image.width / width)
    rows, columns = height * scale, width * scale
    top, left = (image.height - rows) / 2, (image.width - columns) / 2
    return np.asarray(image.resize((width, height), Image.Resampling.BOX, (left, top, left + columns, top + rows)), np.float32) / 255


def hole_of(case: Case) -> np.ndarray:
    """H W bool of the case's kind; its share is met within 2 % of the picture."""
    from huefill_models.harness import masks

    random = np.random.default_rng(zlib.crc32(f"{case.photo} {case.kind}".encode()))
    if case.kind == "rectangle":
        rows, columns = round(case.height * case.share**0.5), round(case.width * case.share**0.5)
        top, left = random.integers(case.height - rows + 1), random.integers(case.width - columns + 1)
        hole = np.zeros((case.height, case.width), bool)
        hole[top : top + rows, left : left + columns] = True
        return hole
    while True:
        hole = np.zeros((case.height, case.width), bool)
        while hole.mean() < case.share - 0.02:
            hole |= masks.free_form(random, case.height, case.width, strokes=(1, 1)) > 0
        if hole.mean() < case.share + 0.02:
            return hole


def method(name: str, device: str) -> Callable[..., tuple[np.ndarray, dict[str, Any]]]:
    """(gray, rgb, hole) to RGB of the whole picture and what else there is to say."""
    import dataclasses

    from huefill import internal
    from huefill.imaging import colour, propagation

    def presets(gray: np.ndarray, rgb: np.ndarray, hole: np.ndarray, preset: str) -> tuple[np.ndarray, dict[str, Any]]:
        out = internal.recolor(gray, rgb, hole, preset=preset, device=device, keep_luminance=preset in ("fast", "best"))
        return out.rgb, {"iterations": out.iterations}

    def spread(gray: np.ndarray, rgb: np.ndarray, hole: np.ndarray, by: Callable[..., Any]) -> tuple[np.ndarray, dict[str, Any]]:
        chroma = colour.to_chroma(np.where(hole[..., None], 0, rgb).astype(np.float32))
        return colour.into_gamut(colour.from_chroma(gray, by(gray, chroma, ~hole))), {}

    if name == "published-flat":  # the ablation: one level on the full picture, as the authors' code does for height 1
        flat = dataclasses.replace(internal.PRESETS["published"], height=1)
        internal.PRESETS["published-flat"] = flat  # type: ignore[index]
    if name in internal.PRESETS:
        return partial(presets, preset=name)
    if name == "levin":
        return partial(spread, by=propagation.levin)
    if name == "domain":
        return partial(spread, by=propagation.domain_transform)
    if name == "gray":
        return partial(spread, by=lambda gray, chroma, known: chroma * known[..., None])
    raise SystemExit(f"no method '{name}': choose from {', '.join(METHODS)}")


def run(name: str, device: str, threads: int, photos: dict[str, Path], cases: list[Case], out: Path, queue: Any) -> None:
    """All cases of one method, a line each to the file of cases; gives the process's peak memory through the queue."""
    import torch

    if threads:
        torch.set_num_threads(threads)
    torch.backends.cudnn.benchmark = True
    from huefill.imaging import colour, metrics

    work = method(name, device)
    for case in cases:
        truth, hole = picture(photos[case.photo], case.height, case.width), hole_of(case)
        gray = colour.monochrome(truth)
        given = np.where(hole[..., None], 0.5, truth).astype(np.float32)
        begin, cpu = time.perf_counter(), time.process_time()
        rgb, facts = work(gray, given, hole)
        facts |= {"seconds": time.perf_counter() - begin, "cpu_seconds": time.process_time() - cpu, "peak_mb": _peak_mb()}
        facts |= {"hole_psnr": metrics.psnr(rgb, truth, hole), "psnr": metrics.psnr(np.where(hole[..., None], rgb, truth), truth)}
        facts |= {"delta_e": metrics.delta_e(rgb, truth, hole), "bleeding": bleeding(rgb, truth, hole)}
        line = {**asdict(case), "method": name, **{key: round(value, 4) for key, value in facts.items()}}
        with (out / "internal_color_cases.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        pictures = out.parent / "internal_color_pictures" / f"{case.height}x{case.width}"
        pictures.mkdir(parents=True, exist_ok=True)
        Image.fromarray((np.where(hole[..., None], rgb, truth) * 255).round().astype(np.uint8)).save(pictures / f"{_stem(case)}-{name}.png")
        print(f"{name:12} {case.kind:10} {case.share:.3f} {facts['hole_psnr']:6.2f} dB {facts['seconds']:7.2f} s  {case.photo}", flush=True)
    queue.put(_peak_mb())


def _stem(case: Case) -> str:
    return f"{Path(case.photo).stem}-{case.kind}"


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bleeding(rgb: np.ndarray, truth: np.ndarray, hole: np.ndarray) -> float:
    """Share of the hole's pixels whose chroma is farther than 0.04 from all of the known picture (a histogram of 0.02 steps)."""
    from scipy.ndimage import binary_dilation

    from huefill.imaging import colour

    def bins(image: np.ndarray) -> np.ndarray:
        return np.clip(((colour.to_chroma(image) + 1) / 0.02).astype(int), 0, 99)

    seen = np.zeros((100, 100), bool)
    seen[tuple(bins(truth[~hole]).T)] = True
    near = binary_dilation(seen, iterations=2)
    return float(1 - near[tuple(bins(rgb[hole]).T)].mean())


def tables(out: Path, height: int, width: int) -> str:
    """Markdown: means by kind of hole over the cases that every method of the table has, and the methods' cost."""
    lines = [json.loads(line) for line in (out / "internal_color_cases.jsonl").read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if (line["height"], line["width"]) == (height, width)]
    by = {(line["method"], line["photo"], line["kind"]): line for line in lines}
    names = [name for name in METHODS if any(key[0] == name for key in by)]
    text = [f"## {width} x {height}\n"]
    slow = [name for name in names if name in ("published", "paper", "published-flat")]
    for group in [[name for name in names if name not in slow]] + [[n for n in names if n not in slow or n == s] for s in slow]:
        common = set.intersection(*({key[1:] for key in by if key[0] == name} for name in group)) if group else set()
        counts = {kind: sum(1 for key in common if key[1] == kind) for kind in KINDS}
        text.append(f"On {counts['rectangle']} rectangular and {counts['free-form']} free-form cases ({', '.join(group)}):\n")
        text.append(
            "| method | hole PSNR rect / free | whole PSNR rect / free | CIEDE2000 rect / free | bleeding % | seconds | CPU s | peak MB |"
        )
        text.append("|---|---|---|---|---|---|---|---|")
        for name in group:
            rows = {kind: [by[(name, *key)] for key in common if key[1] == kind] for kind in KINDS}
            every = rows["rectangle"] + rows["free-form"]

            def pair(what: str, rows: dict[str, list[dict[str, Any]]] = rows) -> str:
                return " / ".join(f"{np.mean([row[what] for row in rows[kind]]):.2f}" if rows[kind] else "–" for kind in KINDS)

            def mean(what: str, every: list[dict[str, Any]] = every) -> float:
                return float(np.mean([row[what] for row in every]))

            text.append(
                f"| {name} | {pair('hole_psnr')} | {pair('psnr')} | {pair('delta_e')} | {100 * mean('bleeding'):.2f} "
                f"| {mean('seconds'):.2f} | {mean('cpu_seconds'):.1f} | {max(row['peak_mb'] for row in every):.0f} |"
            )
        text.append("")
    shares = sorted({line["share"] for line in lines})
    text.append("Hole PSNR by the hole's share (all cases of each method):\n")
    text.append("| method | " + " | ".join(f"{100 * share:.1f} %" for share in shares) + " |")
    text.append("|---|" + "---|" * len(shares))
    for name in names:
        values = [[line["hole_psnr"] for line in lines if line["method"] == name and line["share"] == share] for share in shares]
        text.append(f"| {name} | " + " | ".join(f"{np.mean(v):.2f}" if v else "–" for v in values) + " |")
    return "\n".join(text) + "\n"


def beside_paper() -> str:
    text = [
        "## The paper's own figures (its Table 3)\n",
        "Whole-picture PSNR on Places2 at 512 x 640: other photographs, so only the order compares.\n",
    ]
    text += ["| method | rectangular | irregular |", "|---|---|---|"]
    text += [f"| {name} | {rectangle} | {irregular} |" for name, (rectangle, irregular) in PAPER.items()]
    return "\n".join(text) + "\n"


def sheet(out: Path, photos: dict[str, Path], cases: list[Case], names: list[str]) -> None:
    """One row a case: what was given, what each method made, the truth."""
    rows = []
    for case in cases[:8]:
        truth, hole = picture(photos[case.photo], case.height, case.width), hole_of(case)
        gray = truth @ np.array([0.30, 0.59, 0.11], np.float32)
        row = [("given", (np.where(hole[..., None], gray[..., None], truth) * 255).astype(np.uint8))]
        folder = out.parent / "internal_color_pictures" / f"{case.height}x{case.width}"
        row += [(n, np.asarray(Image.open(p))) for n in names if (p := folder / f"{_stem(case)}-{n}.png").exists()]
        rows.append([*row, ("truth", (truth * 255).astype(np.uint8))])
    width, height = cases[0].width, cases[0].height
    page = Image.new("RGB", (width * max(map(len, rows)), (height + 14) * len(rows)), "white")
    draw = ImageDraw.Draw(page)
    for y, row in enumerate(rows):
        for x, (name, image) in enumerate(row):
            draw.text((x * width + 3, y * (height + 14)), name, fill="black")
            page.paste(Image.fromarray(image), (x * width, y * (height + 14) + 14))
    page.thumbnail((2200, 2200))
    page.save(out / "internal_color.jpg", quality=85)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--methods", default="fast,best,levin,domain,gray")
    parser.add_argument("--limit", type=int, default=12, help="photographs")
    parser.add_argument("--size", default="320x256", help="WIDTHxHEIGHT of the cases")
    parser.add_argument("--threads", type=int, default=0)
    given = parser.parse_args()
    width, height = map(int, given.size.split("x"))
    photos = {str(path.relative_to(given.photos)): path for path in photographs(given.photos, given.limit)}
    cases = [Case(p, kind, SHARES[(i + k) % 4], height, width) for i, p in enumerate(photos) for k, kind in enumerate(KINDS)]
    given.out.mkdir(parents=True, exist_ok=True)
    log = given.out / "internal_color_cases.jsonl"
    log.touch()
    names = given.methods.split(",")
    for name in names:
        done = {
            tuple(entry[key] for key in ("photo", "kind", "height", "width"))
            for entry in map(json.loads, log.read_text().splitlines())
            if entry["method"] == name
        }
        left = [case for case in cases if (case.photo, case.kind, case.height, case.width) not in done]
        if not left:
            continue
        spawn = multiprocessing.get_context("spawn")
        queue = spawn.Queue()
        child = spawn.Process(target=run, args=(name, given.device, given.threads, photos, left, given.out, queue))
        child.start()
        child.join()
        if child.exitcode:
            sys.exit(f"{name} failed")
    sizes = sorted({(e["height"], e["width"]) for e in map(json.loads, log.read_text(encoding="utf-8").splitlines())})
    text = "# The internal colorizer\n\nPrinted by `benchmarks/internal_color.py`.\n\n"
    text += "\n".join(tables(given.out, *size) for size in sizes) + "\n" + beside_paper()
    (given.out / "internal_color.md").write_text(text, encoding="utf-8")
    print(text)
    sheet(given.out, photos, cases, names)


if __name__ == "__main__":
    main()
