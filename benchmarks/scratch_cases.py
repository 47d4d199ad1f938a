"""What the benchmark of scratches finds and removes: photos under damage that is drawn, with its truth, and old prints as they are."""

from __future__ import annotations

import itertools
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

# Photos of each folder that are damaged, as a person's hand sorts them, and the prints that show damage of their own.
DRAWN_ON = {"kodak": 8, "street": 4, "modern": 4, "textures": 2, "faces": 2}
PRINTS = (
    "legacy_bw/msold_scratch_a.png",
    "legacy_bw/ddcolor_Abandoned_Boy_Holding_a_Stuffed_Toy_Anim.jpg",
    "legacy_bw/ddcolor_Broadway_at_the_United_States_Hotel_Sara.jpg",
    "legacy_bw/ddcolor_February_1936_Nipomo_Calif_Destitute_pea.jpg",
    "legacy_bw/ddcolor_Helen_Keller_meeting_Charlie_Chaplin_in_.jpg",
)
LONGEST_SIDE = 1024
# What covers a pixel by more than this is damage that a person sees.
_SEEN = 0.25
# Scratches of the film and of the print may be faint: they cover no more than such a share.
_THINNEST = (0.2, 1.0)
_FINER = 4  # drawn so many times larger, for soft edges


@dataclass(frozen=True)
class Case:
    """``photo`` H W 3 uint8 without the damage (of a print: as it is), ``damaged`` the same with it, ``truth`` H W bool (all False for a
    print, of which nobody knows)."""

    name: str
    photo: Bytes
    damaged: Bytes
    truth: npt.NDArray[np.bool_]


def drawn_cases(photos: Path) -> list[Case]:
    """The first photos of each folder of `DRAWN_ON`, in gray as the scans are."""
    found = []
    for folder, count in DRAWN_ON.items():
        paths = sorted(path for path in (photos / folder).glob("*") if path.suffix in (".jpg", ".png") and "_mask" not in path.stem)
        found += [drawn(path.stem, read(path)) for path in paths[:count]]
    return found


def prints(photos: Path) -> list[Case]:
    """The old prints."""
    every = [(Path(name).stem, read(photos / name)) for name in PRINTS]
    return [Case(name, rgb, rgb, np.zeros(rgb.shape[:2], bool)) for name, rgb in every]


def drawn(name: str, rgb: Bytes) -> Case:
    """``rgb`` (H W 3) in gray, under scratches, dust, hairs and cracks that its name decides."""
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    gray += rng.normal(0, 0.006, gray.shape).astype(np.float32)
    damaged, covered = gray, np.zeros(gray.shape, np.float32)
    for draw, least, most in ((_film, 1, 3), (_scratch, 4, 9), (_hair, 2, 5), (_crack, 0, 2), (_dust, 25, 80)):
        for _ in range(int(rng.integers(least, most + 1))):
            sheet = np.zeros([_FINER * side for side in gray.shape], np.uint8)
            draw(sheet, rng)
            cover = cv2.resize(sheet, gray.shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32) / 255
            tone = _tone(gray, cover, rng)
            if tone is not None:
                thin = cover * np.float32(rng.uniform(*_THINNEST) if draw in (_film, _scratch) else 1)
                damaged, covered = damaged * (1 - thin) + tone * thin, np.maximum(covered, cover)
    return Case(name, _three(gray), _three(damaged), covered > _SEEN)


def read(path: Path) -> Bytes:
    """H W 3, its longer side at most `LONGEST_SIDE`."""
    rgb = cv2.cvtColor(cv2.imread(str(path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    scale = LONGEST_SIDE / max(rgb.shape)
    return cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb


def _three(gray: Floats) -> Bytes:
    return np.repeat(np.rint(np.clip(gray, 0, 1) * 255).astype(np.uint8)[..., None], 3, axis=2)


def _tone(gray: Floats, cover: Floats, rng: np.random.Generator) -> float | None:
    """How bright it is: nearly white or nearly black, whichever differs enough from what it covers for a person to see it."""
    beneath = float(gray[cover > 0.5].mean()) if (cover > 0.5).any() else float("nan")
    tones = [tone for tone in (rng.uniform(0.75, 1.0), rng.uniform(0.0, 0.25)) if abs(tone - beneath) > 0.2]
    return float(rng.choice(tones)) if tones else None


def _walk(rng: np.random.Generator, at: npt.NDArray[np.float64], angle: float, bend: float, step: float, steps: int) -> Floats:
    """Points of a bent line."""
    points = [at]
    for _ in range(steps):
        angle += rng.normal(0, bend)
        points.append(points[-1] + step * np.array([np.cos(angle), np.sin(angle)]))
    return np.asarray(points, np.float32)


def _line(sheet: Bytes, points: Floats, width: float, rng: np.random.Generator, gaps: float = 0.0) -> None:
    for one, other in itertools.pairwise(points):
        if rng.uniform() >= gaps:
            thick = max(1, round(_FINER * width * rng.uniform(0.8, 1.2)))
            cv2.line(sheet, tuple(int(v) for v in one), tuple(int(v) for v in other), 255, thick, cv2.LINE_AA)


def _anywhere(sheet: Bytes, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    return rng.uniform((0, 0), sheet.shape[::-1])


def _film(sheet: Bytes, rng: np.random.Generator) -> None:
    """A scratch of the film's transport: nearly vertical, over most of the height, broken here and there."""
    height, width = sheet.shape
    at = np.array([rng.uniform(0.02, 0.98) * width, rng.uniform(0, 0.2) * height])
    points = _walk(rng, at, np.pi / 2 + rng.normal(0, 0.01), 0.004, height / 60, int(rng.integers(30, 60)))
    _line(sheet, points, rng.uniform(0.8, 2.2), rng, gaps=0.1)


def _scratch(sheet: Bytes, rng: np.random.Generator) -> None:
    points = _walk(rng, _anywhere(sheet, rng), rng.uniform(0, 2 * np.pi), 0.04, 40, int(rng.integers(4, 30)))
    _line(sheet, points, rng.uniform(0.8, 3.5), rng, gaps=0.05)


def _hair(sheet: Bytes, rng: np.random.Generator) -> None:
    points = _walk(rng, _anywhere(sheet, rng), rng.uniform(0, 2 * np.pi), 0.25, 16, int(rng.integers(12, 40)))
    _line(sheet, points, rng.uniform(0.8, 1.8), rng)


def _crack(sheet: Bytes, rng: np.random.Generator) -> None:
    """A crease of the print: long, jagged, wider here and there."""
    points = _walk(rng, _anywhere(sheet, rng), rng.uniform(0, 2 * np.pi), 0.3, 36, int(rng.integers(15, 50)))
    _line(sheet, points, rng.uniform(1.5, 4.0), rng)


def _dust(sheet: Bytes, rng: np.random.Generator) -> None:
    x, y = (int(v) for v in _anywhere(sheet, rng))
    axes = [max(1, round(_FINER * rng.uniform(0.6, 2.8))) for _ in range(2)]
    cv2.ellipse(sheet, (x, y), axes, float(rng.uniform(0, 180)), 0, 360, 255, -1, cv2.LINE_AA)
