"""The methods of the removal benchmark, ours and the peers', and a process that runs one of them over many cases.

Run by `remove.py`, one process for each method, so that the peak of its memory is its own:
``python removal_methods.py METHOD FOLDER`` reads FOLDER/*.npz and writes FOLDER/METHOD/*.npz, one JSON line each.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from huefill.runtime.store import model_store

Image = npt.NDArray[np.uint8]
Method = Callable[[Image, Image], Image]


def ours(engine: str, preset: str, grow: str = "never") -> Method:
    """Remove Object itself: the hole is given exactly, as to the peers, or grown first, as the editors' default does ("auto")."""

    def run(rgb: Image, mask: Image) -> Image:
        from huefill.tasks.contract import Context
        from huefill.tasks.inpainting import remove_object
        from huefill.tasks.layer import composite

        request = remove_object.Request(image=rgb, mask=mask, engine=engine, preset=preset, grow=grow)
        return composite(rgb, remove_object.run(request, Context(device="cpu")).layers)

    return run


def part_by_part(method: Method) -> Method:
    """One part of the hole after the other, the smallest first, each in the result of those before."""

    def run(rgb: Image, mask: Image) -> Image:
        count, labels, stats, _ = cv2.connectedComponentsWithStats((mask > 0).astype(np.uint8))
        for label in sorted(range(1, count), key=lambda label: int(stats[label, cv2.CC_STAT_AREA])):
            rgb = method(rgb, np.where(labels == label, mask, 0).astype(np.uint8))
        return rgb

    return run


def diffusion(flag: int, rgb: Image, mask: Image) -> Image:
    return cv2.inpaint(rgb, mask, 5, flag)


def xphoto(algorithm: int, rgb: Image, mask: Image) -> Image:
    """OpenCV's extra module; its masks are 0 where to fill, and its shift-map wants CIE Lab."""
    shifts = algorithm == cv2.xphoto.INPAINT_SHIFTMAP
    source = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab) if shifts else rgb
    out = np.zeros_like(source)
    cv2.xphoto.inpaint(source, 255 - mask, out, algorithm)
    out = cv2.cvtColor(out, cv2.COLOR_Lab2RGB) if shifts else out
    return np.where(mask[..., None] > 0, out, rgb)


def gmic(command: list[str], rgb: Image, mask: Image) -> Image:
    with tempfile.TemporaryDirectory() as folder:
        source, hole, out = (str(Path(folder) / name) for name in ("in.png", "hole.png", "out.png"))
        cv2.imwrite(source, rgb[..., ::-1])
        cv2.imwrite(hole, mask)
        subprocess.run(["gmic", source, hole, *command, "remove[1]", "-o", out], check=True, capture_output=True)
        return np.ascontiguousarray(cv2.imread(out)[..., ::-1])


NETWORKS = [card.name for card in model_store().cards("inpainting")]  # the best first
EXACT, AS_IN_EDITORS, PART_BY_PART = "huefill auto fast", "huefill auto fast as in the editors", "huefill part by part as in the editors"
METHODS: dict[str, Method] = {
    **{f"huefill {name} fast": ours(name, "fast") for name in NETWORKS},
    "huefill patch fast": ours("patch", "fast"),
    EXACT: ours("auto", "fast"),
    AS_IN_EDITORS: ours("auto", "fast", "auto"),
    PART_BY_PART: part_by_part(ours("auto", "fast", "auto")),
    "huefill auto published": ours("auto", "published"),
    "huefill auto paper": ours("auto", "paper"),
    "OpenCV Telea": partial(diffusion, cv2.INPAINT_TELEA),
    "OpenCV Navier-Stokes": partial(diffusion, cv2.INPAINT_NS),
    "xphoto FSR fast": partial(xphoto, cv2.xphoto.INPAINT_FSR_FAST),
    "xphoto FSR best": partial(xphoto, cv2.xphoto.INPAINT_FSR_BEST),
    "xphoto shift-map": partial(xphoto, cv2.xphoto.INPAINT_SHIFTMAP),
    "gmic inpaint": partial(gmic, ["inpaint[0]", "[1],7,16,0.1,1,7,0.5,0.02,10,1"]),
    "gmic matchpatch": partial(gmic, ["inpaint_matchpatch[0]", "[1]"]),
}
# Only when asked for by name: minutes to hours for each picture; and what `remove_strokes.py` compares.
SLOW = ("huefill auto published", "huefill auto paper", PART_BY_PART)


def main() -> None:
    name, folder = sys.argv[1], Path(sys.argv[2])
    method = METHODS[name]
    (folder / name).mkdir(exist_ok=True)
    small = np.random.default_rng(0).integers(0, 255, (96, 96, 3), np.uint8)
    hole = np.zeros((96, 96), np.uint8)
    hole[40:56, 40:56] = 255
    method(small, hole)  # libraries and models are loaded here, not in the first case's time
    for path in sorted(folder.glob("*.npz")):
        case = np.load(path)
        begin = time.perf_counter()
        out = method(case["rgb"].copy(), case["mask"].copy())
        seconds = time.perf_counter() - begin
        np.savez(folder / name / path.name, rgb=out)
        who = resource.RUSAGE_CHILDREN if name.startswith("gmic") else resource.RUSAGE_SELF
        peak = resource.getrusage(who).ru_maxrss / 1024
        print(json.dumps({"case": path.stem, "seconds": seconds, "peak_mb": peak}), flush=True)


if __name__ == "__main__":
    main()
