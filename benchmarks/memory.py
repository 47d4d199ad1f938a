"""How much memory a large photo takes, a process of its own each: a hole of 30 % of 24 megapixels in each task and depth, and a scan of 100
megapixels that is colored with a point by each method.

    python benchmarks/memory.py --out benchmarks/results

Prints and writes ``memory.md``: the photo's own bytes, the process's peak, and what
`huefill.tasks.inpainting.fill.needed` says before the run. With ``--only-colors`` the scan alone, printed and not written.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

PHOTO = Path(__file__).parents[1] / "examples" / "photos" / "beach.png"
DEPTHS = {"8 bits": np.uint8, "16 bits": np.uint16, "float": np.float32}


def photo(height: int, width: int, depth: type) -> np.ndarray:
    """The example photo, tiled to the size, in the depth asked for."""
    tile = np.asarray(Image.open(PHOTO).convert("RGB"))
    times = (-(-height // tile.shape[0]), -(-width // tile.shape[1]), 1)
    large = np.tile(tile, times)[:height, :width]
    if depth is np.float32:
        return large.astype(np.float32) / 255
    return large.astype(np.uint16) * 257 if depth is np.uint16 else large.copy()


def run(task: str, depth: str, height: int, width: int, queue: Any) -> None:
    from huefill.imaging.region import Box, with_context
    from huefill.runtime.memory import peak_memory_mb
    from huefill.tasks import registry
    from huefill.tasks.contract import Context
    from huefill.tasks.inpainting.fill import needed

    image = photo(height, width, DEPTHS[depth])
    mask = np.zeros((height, width), np.uint8)
    rows, columns = round(height * 0.3**0.5), round(width * 0.3**0.5)
    mask[height // 5 : height // 5 + rows, width // 6 : width // 6 + columns] = 255
    kind, work = registry.load(task)
    before, begin = peak_memory_mb(), time.perf_counter()
    work(kind(image, mask), Context())
    area = with_context(Box.around(mask > 0).grow(22).clip(mask.shape), mask.shape)
    facts = {"before": before, "peak": peak_memory_mb(), "needed": needed(area, "fast") / 2**20, "seconds": time.perf_counter() - begin}
    queue.put({"task": task, "depth": depth, "hole": float(mask.mean() / 255), "photo": image.nbytes / 2**20, **facts})


def color(method: str, height: int, width: int, queue: Any) -> None:
    """A gray scan of 8 bits, one point."""
    from huefill.runtime.memory import peak_memory_mb
    from huefill.tasks.colorization import colorize
    from huefill.tasks.contract import ColorPoint, Context

    image = np.ascontiguousarray(photo(height, width, np.uint8)[..., :1])
    before, begin = peak_memory_mb(), time.perf_counter()
    point = ColorPoint(width / 4, height / 3, (200, 40, 40), 8.0)
    colorize.run(colorize.Request(image, (point,), method=method), Context(device="cpu"))
    queue.put({"photo": image.nbytes / 2**20, "before": before, "peak": peak_memory_mb(), "seconds": time.perf_counter() - begin})


def measure(work: Callable[..., None], *arguments: Any) -> dict[str, Any]:
    """One run in a fresh process; megabytes and seconds by name."""
    spawn = multiprocessing.get_context("spawn")
    queue = spawn.Queue()
    child = spawn.Process(target=work, args=(*arguments, queue))
    child.start()
    facts: dict[str, Any] = queue.get(timeout=600)
    child.join()
    return facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--size", default="6000x4000", help="WIDTHxHEIGHT")
    parser.add_argument("--scan", default="12247x8165", help="WIDTHxHEIGHT of the one that is colored")
    parser.add_argument("--only-colors", action="store_true")
    given = parser.parse_args()
    colored = ["", f"Coloring {given.scan.replace('x', ' x ')} gray pixels of 8 bits with one point.", ""]
    colored += ["| method | the photo | before the run | peak | seconds |", "|---|---|---|---|---|"]
    across, down = map(int, given.scan.split("x"))
    for method in ("hints", "anchors"):
        facts = measure(color, method, down, across)
        colored.append(f"| {method} | " + " | ".join(f"{facts[name]:.0f}" for name in ("photo", "before", "peak", "seconds")) + " |")
        print(colored[-1], flush=True)
    if given.only_colors:
        return
    width, height = map(int, given.size.split("x"))
    lines = ["# Memory", "", f"Printed by `benchmarks/memory.py`: {width} x {height} pixels, a hole of 30 %. Megabytes.", ""]
    lines += ["| task | depth | the photo | before the run | peak | stated before the run | seconds |", "|---|---|---|---|---|---|---|"]
    for task in ("recolor_selection", "remove_object"):
        for depth in DEPTHS:
            facts = measure(run, task, depth, height, width)
            numbers = [f"{facts[name]:.0f}" for name in ("photo", "before", "peak", "needed", "seconds")]
            lines.append(f"| {task} | {depth} | {' | '.join(numbers)} |")
            print(lines[-1], flush=True)
    (given.out / "memory.md").write_text("\n".join(lines + colored) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
