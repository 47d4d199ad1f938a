"""What the removal benchmark fills: photos with holes whose truth is known, and real objects to remove."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from huefill_models.harness import masks

WITH_TRUTH = ("kodak", "modern", "street", "textures", "inpaint_freeform", "bsds_test")
LONGEST_SIDE = 768
# Folders, width in pixels and share of the photo of the thin strokes.
STROKED = ("bsds_test", "kodak")
STROKE_WIDTH, STROKE_SHARE = (15, 40), 0.2


@dataclass(frozen=True)
class Case:
    """``rgb`` H W 3 uint8, ``mask`` H W uint8 (255 = fill); ``kind`` "free-form", "object", a folder of `STROKED` (all with known truth),
    "real" or "parts" (a real removal of several things at once)."""

    name: str
    kind: str
    rgb: npt.NDArray[np.uint8]
    mask: npt.NDArray[np.uint8]


def cases(photos: Path, limit: int) -> list[Case]:
    """At most ``limit`` photos of each folder: a free-form and an object hole for each; and ``limit`` real removals."""
    shapes = [_read_mask(path) for path in sorted((photos / "object_removal").glob("*_mask.png"))]
    result = []
    for folder in WITH_TRUTH:
        for path in _photos(photos / folder)[:limit]:
            rgb = _read(path)
            seed = np.random.default_rng(zlib.crc32(path.name.encode()))
            shipped = path.with_name(f"{path.stem}_mask.png")
            free = _read_mask(shipped, rgb.shape[:2]) if shipped.exists() else 255 * masks.free_form(seed, *rgb.shape[:2])
            result.append(Case(path.stem, "free-form", rgb, free))
            result.append(Case(path.stem, "object", rgb, _placed(shapes[int(seed.integers(len(shapes)))], rgb.shape[:2], seed)))
    return result + [_removal(path, "real") for path in _photos(photos / "object_removal")[:limit]]


def stroke_cases(photos: Path, limit: int) -> list[Case]:
    """At most ``limit`` photos of each of `STROKED` under thin strokes; and every real removal whose mask has several parts."""
    result = []
    for folder in STROKED:
        for path in _photos(photos / folder)[:limit]:
            rgb = _read(path)
            result.append(Case(path.stem, folder, rgb, _strokes(np.random.default_rng(zlib.crc32(path.name.encode())), rgb.shape[:2])))
    removals = [_removal(path, "parts") for path in _photos(photos / "object_removal")]
    return result + [case for case in removals if cv2.connectedComponents(case.mask)[0] > 2]


def _removal(path: Path, kind: str) -> Case:
    rgb = _read(path)
    mask = _read_mask(path.with_name(f"{path.stem}_mask.png"), rgb.shape[:2])
    return Case(path.stem, kind, rgb, cv2.dilate(mask, np.ones((9, 9), np.uint8)))


def _strokes(seed: np.random.Generator, shape: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Bent strokes of a brush, each of one width, as long as they come to `STROKE_SHARE` of the photo."""
    mask = np.zeros(shape, np.uint8)
    while (mask > 0).mean() < STROKE_SHARE:
        at, angle = seed.uniform((0, 0), shape[::-1]), seed.uniform(0, 2 * np.pi)
        width = int(seed.integers(STROKE_WIDTH[0], STROKE_WIDTH[1] + 1))
        for _ in range(int(seed.integers(2, 6))):
            angle += seed.uniform(-0.8, 0.8)
            to = at + seed.uniform(20, 90) * np.array([np.cos(angle), np.sin(angle)])
            cv2.line(mask, tuple(int(value) for value in at), tuple(int(value) for value in to), 255, width)
            at = to
    return mask


def _photos(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*") if path.suffix in (".jpg", ".png") and not path.stem.endswith("_mask"))


def _read(path: Path) -> npt.NDArray[np.uint8]:
    rgb = cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    scale = LONGEST_SIDE / max(rgb.shape)
    return cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb


def _read_mask(path: Path, shape: tuple[int, int] | None = None) -> npt.NDArray[np.uint8]:
    mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if shape is not None and mask.shape != shape:
        mask = cv2.resize(mask, shape[::-1], interpolation=cv2.INTER_AREA)
    return np.where(mask > 127, 255, 0).astype(np.uint8)


def _placed(shape: npt.NDArray[np.uint8], size: tuple[int, int], seed: np.random.Generator) -> npt.NDArray[np.uint8]:
    """The outline of another photo's object, a quarter to a half of the photo's shorter side, somewhere in it."""
    x, y, width, height = cv2.boundingRect(shape)
    scale = float(seed.uniform(0.25, 0.5)) * min(size) / max(width, height)
    small = cv2.resize(shape[y : y + height, x : x + width], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    mask = np.zeros(size, np.uint8)
    top, left = (int(seed.integers(0, whole - part + 1)) for whole, part in zip(size, small.shape, strict=True))
    mask[top : top + small.shape[0], left : left + small.shape[1]] = np.where(small > 127, 255, 0)
    return mask
