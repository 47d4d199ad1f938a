"""How well and how fast a hole gets its colors back: natural photographs whose colors are taken out of a hole, the monochrome kept.

    python benchmarks/internal_color.py --photos DIR --out benchmarks/results --methods fast,best,levin,domain,gray [--held-out]

Rectangular and free-form holes of 22.5, 30, 48.9 and 73.4 % (Wang et al. 2021, section 4.3 and Table 3), the shares in turn
over the photographs. Every method runs in a process of its own, whose peak memory is stated. Cases that are in
``internal_color_cases.jsonl`` already are not run again, so that the slow methods can be added in slices. The settings of
"fast" and "best" were chosen on the first selection of photographs; ``--held-out`` takes others. "paper" and "published" count
their networks' own RGB in the hole (as the authors' figures do);
"published, gray kept" is their chroma on the photo's own gray, as in the product. All other methods keep the gray.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from internal_color_cases import Case, cases_of, hole_of, photographs, picture, scores
from internal_color_report import beside_paper, keep_gray, merge, sheet, tables
from PIL import Image

METHODS = ("fast", "best", "published", "paper", "published-flat", "levin", "domain", "gray")


def method(name: str, device: str) -> Callable[..., tuple[np.ndarray, dict[str, Any]]]:
    """(gray, rgb, hole) to RGB of the whole picture and what else there is to say."""
    import dataclasses

    from huefill import internal
    from huefill.imaging import color_spaces, propagation

    def presets(gray: np.ndarray, rgb: np.ndarray, hole: np.ndarray, preset: str) -> tuple[np.ndarray, dict[str, Any]]:
        out = internal.recolor(gray, rgb, hole, preset=preset, device=device, keep_luminance=preset in ("fast", "best"))
        return out.rgb, {"iterations": out.iterations}

    def spread(gray: np.ndarray, rgb: np.ndarray, hole: np.ndarray, by: Callable[..., Any]) -> tuple[np.ndarray, dict[str, Any]]:
        chroma = color_spaces.to_chroma(np.where(hole[..., None], 0, rgb).astype(np.float32))
        return color_spaces.into_gamut(color_spaces.from_chroma(gray, by(gray, chroma, ~hole))), {}

    if name == "published-flat":  # the ablation: one level on the full picture, as the authors' code does for height 1
        flat = dataclasses.replace(internal.PRESETS["published"], height=1)
        internal.PRESETS["published-flat"] = flat  # type: ignore[index]
    if name in internal.PRESETS:
        return partial(presets, preset=name)
    if name == "levin":
        return partial(spread, by=propagation.levin)
    if name == "domain":
        from domain_transform import domain_transform

        return partial(spread, by=domain_transform)
    if name == "gray":
        return partial(spread, by=lambda gray, chroma, known: chroma * known[..., None])
    raise SystemExit(f"no method '{name}': choose from {', '.join(METHODS)}")


def run(name: str, device: str, threads: int, photos: dict[str, Path], cases: list[Case], out: Path, queue: Any) -> None:
    """All cases of one method, a line each to the file of cases; gives the process's peak memory through the queue."""
    import torch

    if threads:
        torch.set_num_threads(threads)
    torch.backends.cudnn.benchmark = True
    from huefill.imaging import color_spaces

    work = method(name, device)
    for case in cases:
        truth, hole = picture(photos[case.photo], case.height, case.width), hole_of(case)
        gray = color_spaces.monochrome(truth)
        given = np.where(hole[..., None], 0.5, truth).astype(np.float32)
        begin, cpu = time.perf_counter(), time.process_time()
        rgb, facts = work(gray, given, hole)
        facts |= {"seconds": time.perf_counter() - begin, "cpu_seconds": time.process_time() - cpu, "peak_mb": _peak_mb()}
        facts |= scores(rgb, truth, hole)
        line = {**asdict(case), "method": name, **{key: round(value, 4) for key, value in facts.items()}}
        with (out / "internal_color_cases.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        pictures = out.parent / "internal_color_pictures" / f"{case.height}x{case.width}"
        pictures.mkdir(parents=True, exist_ok=True)
        Image.fromarray((np.where(hole[..., None], rgb, truth) * 255).round().astype(np.uint8)).save(pictures / f"{case.stem}-{name}.png")
        print(f"{name:12} {case.kind:10} {case.share:.3f} {facts['hole_psnr']:6.2f} dB {facts['seconds']:7.2f} s  {case.photo}", flush=True)
    queue.put(_peak_mb())


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--methods", default="fast,best,levin,domain,gray")
    parser.add_argument("--limit", type=int, default=12, help="photographs")
    parser.add_argument("--held-out", action="store_true", help="photographs that chose no setting")
    parser.add_argument("--size", default="320x256", help="WIDTHxHEIGHT of the cases")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--merge", type=Path, action="append", default=[], help="another --out folder whose cases are taken over")
    given = parser.parse_args()
    width, height = map(int, given.size.split("x"))
    photos = {str(p.relative_to(given.photos)): p for held in (False, True) for p in photographs(given.photos, given.limit, held)}
    first, second = list(photos)[: given.limit], list(photos)[given.limit :]
    cases = cases_of(second if given.held_out else first, height, width)
    given.out.mkdir(parents=True, exist_ok=True)
    log = given.out / "internal_color_cases.jsonl"
    log.touch()
    for folder in given.merge:
        merge(folder, given.out)
    for name in filter(None, given.methods.split(",")):
        done = {
            tuple(entry[key] for key in ("photo", "kind", "height", "width"))
            for entry in map(json.loads, log.read_text(encoding="utf-8").splitlines())
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
    keep_gray(given.out, photos)
    text = "# The internal colorizer\n\nPrinted by `benchmarks/internal_color.py`. Seconds count whatever else the machine did meanwhile: "
    text += "`internal_color_speed.md` has the presets' cost on a quiet one.\n\n"
    text += tables(given.out, {"": first, ", other photographs, which chose no setting": second}) + beside_paper()
    (given.out / "internal_color.md").write_text(text, encoding="utf-8")
    print(text)
    sheet(given.out, photos, cases)


if __name__ == "__main__":
    main()
