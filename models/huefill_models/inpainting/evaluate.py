"""How well holes of held-out photographs are reconstructed, beside a flat fill and OpenCV's two inpainting methods.

``python -m huefill_models.inpainting.evaluate FOLDER --data DIR [DIR …] [--sheet OUT.png]``: FOLDER holds a network and its card.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from huefill_models import card
from huefill_models.harness import masks
from huefill_models.harness.data import PhotoSet
from huefill_models.inpainting.contract import SCORE
from huefill_models.lab import GRAY

Gray = npt.NDArray[np.float32]
Method = Callable[[Gray, masks.Mask], Gray]
KINDS: dict[str, tuple[str, ...]] = {"free_form": ("free_form",), "object": ("blob", "polygon", "ellipses")}


def network(folder: Path) -> Method:
    """The exported network of a folder with its card as a function of RGB H W 3 in [0, 1] and a hole, giving its gray."""
    import onnxruntime

    described = card.read(folder / card.CARD)
    session = onnxruntime.InferenceSession(str(described.file()), providers=["CPUExecutionProvider"])

    def run(rgb: Gray, hole: masks.Mask) -> Gray:
        image = np.ascontiguousarray(rgb.transpose(2, 0, 1)[None])
        (out,) = session.run(None, {"image": image, "hole": hole.astype(np.float32)[None, None]})
        return np.asarray(out[0, 0] if out.shape[1] == 1 else to_gray(out[0].transpose(1, 2, 0)), dtype=np.float32)

    return run


def flat(rgb: Gray, hole: masks.Mask) -> Gray:
    """The mean gray of what is known."""
    gray = to_gray(rgb)
    return np.asarray(np.full_like(gray, gray[hole == 0].mean()), np.float32)


def _opencv(flag: str) -> Method:
    def run(rgb: Gray, hole: masks.Mask) -> Gray:
        import cv2

        levels = np.rint(to_gray(rgb) * 255).astype(np.uint8)
        return np.asarray(cv2.inpaint(levels, hole, 3, getattr(cv2, flag)) / np.float32(255), np.float32)

    return run


def to_gray(rgb: Gray) -> Gray:
    return np.asarray(rgb @ np.array(GRAY, np.float32), np.float32)


def square(photo: npt.NDArray[np.uint8], size: int) -> Gray:
    """The middle square of a photograph at ``size`` pixels, RGB in [0, 1]."""
    side = min(photo.shape[:2])
    top, left = (photo.shape[0] - side) // 2, (photo.shape[1] - side) // 2
    middle = Image.fromarray(photo[top : top + side, left : left + side])
    return np.asarray(middle.resize((size, size), Image.Resampling.LANCZOS), np.float32) / np.float32(255)


def hole_of(kind: str, index: int, size: int) -> masks.Mask:
    """The hole of the photograph with this index: 2 to 35 % of the picture."""
    rng = np.random.default_rng([sorted(KINDS).index(kind), index])
    shape = masks.SHAPES[KINDS[kind][index % len(KINDS[kind])]]
    while True:
        hole = shape(rng, size, size)
        if 0.02 <= hole.mean() <= 0.35:
            return hole


def evaluate(photos: PhotoSet, methods: dict[str, Method], size: int = 256) -> dict[str, dict[str, dict[str, float]]]:
    """Kind of hole -> method -> mean over the photographs of PSNR (dB) and L1 (of 255) inside the hole, on gray rounded to 8 bits."""
    scores: dict[str, dict[str, dict[str, float]]] = {}
    for kind in KINDS:
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in methods}
        for index, photo in enumerate(photos.photos):
            rgb, hole = square(photo, size), hole_of(kind, index, size)
            truth = np.rint(to_gray(rgb) * 255)[hole == 1]
            for name, method in methods.items():
                error = np.rint(np.clip(method(rgb, hole), 0, 1) * 255)[hole == 1] - truth
                found[name].append((10 * np.log10(255**2 / max(float(np.mean(error**2)), 1e-2)), float(np.abs(error).mean())))
        scores[kind] = {
            name: {"psnr": round(float(np.mean(values, axis=0)[0]), 2), "l1": round(float(np.mean(values, axis=0)[1]), 2)}
            for name, values in found.items()
        }
    return scores


def sheet(photos: PhotoSet, methods: dict[str, Method], path: Path, count: int = 12, size: int = 256) -> None:
    """A picture: one row a photograph, the hole, each method's completed gray, the truth."""
    rows = []
    for index in np.linspace(0, len(photos.photos) - 1, count).astype(int):
        rgb, hole = square(photos.photos[index], size), hole_of(sorted(KINDS)[index % 2], int(index), size)
        gray = to_gray(rgb)
        tiles = [np.where(hole == 1, 1, gray)]
        tiles += [np.where(hole == 1, np.clip(method(rgb, hole), 0, 1), gray) for method in methods.values()]
        rows.append(np.concatenate([*tiles, gray], axis=1))
    Image.fromarray(np.rint(np.concatenate(rows) * 255).astype(np.uint8)).save(path)


def measure(folder: Path, folders: list[Path], size: int = 256) -> tuple[dict[str, float], dict[str, Any]]:
    """The score and the scores that a model card states: the score is the mean of the network's PSNR over the kinds of hole."""
    photos = photographs(folders)
    methods = {"network": network(folder), "flat": flat, "telea": _opencv("INPAINT_TELEA"), "navier_stokes": _opencv("INPAINT_NS")}
    found = evaluate(photos, methods, size)
    score = round(float(np.mean([found[kind]["network"]["psnr"] for kind in KINDS])), 2)
    return {SCORE: score}, {"photographs": len(photos), "size": size, "holes": found}


def photographs(folders: list[Path]) -> PhotoSet:
    """The photographs of all folders, with the shorter side at most 512."""
    sets = [PhotoSet(folder, largest=512) for folder in folders]
    for other in sets[1:]:
        sets[0].photos.extend(other.photos)
    return sets[0]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m huefill_models.inpainting.evaluate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--sheet", type=Path)
    given = parser.parse_args()
    score, scores = measure(given.folder, given.data, given.size)
    print(json.dumps({"score": score, "scores": scores}, indent=1))
    if given.sheet:
        methods = {"network": network(given.folder), "telea": _opencv("INPAINT_TELEA")}
        sheet(photographs(given.data), methods, given.sheet, size=given.size)


if __name__ == "__main__":
    main()
