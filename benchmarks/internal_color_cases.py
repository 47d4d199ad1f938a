"""The cases of the internal colorizer's benchmarks: photographs, holes of the paper's shares, and what is measured in a hole."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

SHARES = (0.225, 0.30, 0.489, 0.734)
KINDS = ("rectangle", "free-form")
SKIPPED = ("halftone", "legacy_bw", "guided_inpaint", "textures")


@dataclass(frozen=True)
class Case:
    photo: str
    kind: str
    share: float
    height: int
    width: int

    @property
    def stem(self) -> str:
        return f"{Path(self.photo).stem}-{self.kind}"


def cases_of(photos: list[str], height: int, width: int) -> list[Case]:
    """Both kinds of hole for every photograph, the shares in turn."""
    return [Case(p, kind, SHARES[(i + k) % 4], height, width) for i, p in enumerate(photos) for k, kind in enumerate(KINDS)]


def photographs(folder: Path, limit: int, held_out: bool = False) -> list[Path]:
    """``limit`` color photographs spread evenly over the folder; ``held_out``: as many of those that this leaves."""
    found = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() in (".png", ".jpg", ".jpeg") and "mask" not in p.stem]
    found = [p for p in found if not set(p.relative_to(folder).parts) & set(SKIPPED) and _colorful(p)]
    chosen = _spread(found, limit)
    return _spread([path for path in found if path not in chosen], limit) if held_out else chosen


def _spread(paths: list[Path], limit: int) -> list[Path]:
    return [paths[i] for i in np.unique(np.linspace(0, len(paths) - 1, min(limit, len(paths))).round().astype(int))]


def _colorful(path: Path) -> bool:
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


def scores(rgb: np.ndarray, truth: np.ndarray, hole: np.ndarray) -> dict[str, float]:
    """PSNR in the hole and of the picture, CIEDE2000 in the hole, and the share of the hole that bleeds."""
    from huefill.imaging import metrics

    whole = np.where(hole[..., None], rgb, truth)
    facts = {"hole_psnr": metrics.psnr(rgb, truth, hole), "psnr": metrics.psnr(whole, truth)}
    return facts | {"delta_e": metrics.delta_e(rgb, truth, hole), "bleeding": bleeding(rgb, truth, hole)}


def bleeding(rgb: np.ndarray, truth: np.ndarray, hole: np.ndarray) -> float:
    """Share of the hole's pixels whose chroma is farther than 0.04 from all of the known picture (a histogram of 0.02 steps)."""
    from scipy.ndimage import binary_dilation

    from huefill.imaging import color_spaces

    def bins(image: np.ndarray) -> np.ndarray:
        return np.clip(((color_spaces.to_chroma(image) + 1) / 0.02).astype(int), 0, 99)

    seen = np.zeros((100, 100), bool)
    seen[tuple(bins(truth[~hole]).T)] = True
    near = binary_dilation(seen, iterations=2)
    return float(1 - near[tuple(bins(rgb[hole]).T)].mean())
