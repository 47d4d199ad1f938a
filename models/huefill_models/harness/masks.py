"""Holes to train and to measure with: free-form strokes, object shapes, rectangles, borders, scratches.

Every function draws from the ``numpy.random.Generator`` it is given and from nothing else, so a seed gives a mask.
All give H W uint8, 1 in the hole and 0 elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Mask = npt.NDArray[np.uint8]


def free_form(rng: np.random.Generator, height: int, width: int, *, strokes: tuple[int, int] = (1, 4)) -> Mask:
    """Brush strokes after Yu et al. 2019, supplementary, algorithm 1: broken lines of 4 to 12 corners with round joints.

    Lengths and thicknesses follow the picture's size as the paper's do at 256: thickness 12 to 40 of 256.
    ``strokes`` is the least and the greatest number of strokes.
    """
    scale = min(height, width) / 256
    mask = Image.new("L", (width, height))
    draw = ImageDraw.Draw(mask)
    diagonal = float(np.hypot(height, width))
    for _ in range(int(rng.integers(strokes[0], strokes[1] + 1))):
        thickness = float(rng.uniform(12, 40)) * scale
        mean_angle = 2 * np.pi / 5
        low, high = mean_angle - rng.uniform(0, 2 * np.pi / 15), mean_angle + rng.uniform(0, 2 * np.pi / 15)
        corners = [(float(rng.uniform(0, width)), float(rng.uniform(0, height)))]
        for corner in range(int(rng.integers(4, 13))):
            angle = float(rng.uniform(low, high))
            angle = 2 * np.pi - angle if corner % 2 == 0 else angle
            length = float(np.clip(rng.normal(diagonal / 8, diagonal / 16), 0, diagonal / 4))
            x, y = corners[-1]
            corners.append((float(np.clip(x + length * np.cos(angle), 0, width)), float(np.clip(y + length * np.sin(angle), 0, height))))
        draw.line(corners, fill=1, width=max(1, round(thickness)))
        for x, y in corners:
            draw.ellipse((x - thickness / 2, y - thickness / 2, x + thickness / 2, y + thickness / 2), fill=1)
    return _turned(rng, np.asarray(mask, dtype=np.uint8))


def blob(rng: np.random.Generator, height: int, width: int, *, size: tuple[float, float] = (0.15, 0.55)) -> Mask:
    """One smooth closed outline: a circle whose radius is bent by a few harmonics; ``size`` of the shorter side, least and greatest."""
    radius = float(rng.uniform(*size)) * min(height, width) / 2
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    bend = np.ones_like(angles)
    for harmonic in range(2, 6):
        bend += float(rng.normal(0, 0.35 / harmonic)) * np.cos(harmonic * angles + float(rng.uniform(0, 2 * np.pi)))
    return _outline(rng, height, width, radius * np.clip(bend, 0.25, 2.0), angles)


def polygon(rng: np.random.Generator, height: int, width: int, *, size: tuple[float, float] = (0.15, 0.6)) -> Mask:
    """One polygon of 3 to 9 corners, star-shaped around its centre."""
    count = int(rng.integers(3, 10))
    angles = np.sort(rng.uniform(0, 2 * np.pi, count))
    radius = float(rng.uniform(*size)) * min(height, width) / 2
    return _outline(rng, height, width, radius * rng.uniform(0.5, 1.2, count), angles)


def ellipses(rng: np.random.Generator, height: int, width: int, *, size: tuple[float, float] = (0.2, 0.6)) -> Mask:
    """A union of 2 to 5 overlapping ellipses in a row or a heap: the outline of a person, an animal, a bush."""
    reach = float(rng.uniform(*size)) * min(height, width)
    x, y = float(rng.uniform(0, width)), float(rng.uniform(0, height))
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    mask = np.zeros((height, width), bool)
    for _ in range(int(rng.integers(2, 6))):
        long, short = reach * rng.uniform(0.15, 0.4), reach * rng.uniform(0.08, 0.3)
        turn = rng.uniform(0, np.pi)
        along = (columns - x) * np.cos(turn) + (rows - y) * np.sin(turn)
        across = (rows - y) * np.cos(turn) - (columns - x) * np.sin(turn)
        mask |= (along / long) ** 2 + (across / short) ** 2 <= 1
        x, y = x + rng.normal(0, 0.6) * long, y + rng.normal(0, 0.6) * long
    return mask.astype(np.uint8)


def rectangle(rng: np.random.Generator, height: int, width: int, *, size: tuple[float, float] = (0.15, 0.5)) -> Mask:
    """One upright rectangle; ``size`` of each side, least and greatest; it may lie at the border."""
    rows, columns = max(1, round(height * rng.uniform(*size))), max(1, round(width * rng.uniform(*size)))
    top, left = int(rng.integers(0, height - rows + 1)), int(rng.integers(0, width - columns + 1))
    mask = np.zeros((height, width), np.uint8)
    mask[top : top + rows, left : left + columns] = 1
    return mask


def border(rng: np.random.Generator, height: int, width: int, *, size: tuple[float, float] = (0.06, 0.35)) -> Mask:
    """What a larger canvas adds: strips along one to four sides, each ``size`` of the picture's side, least and greatest."""
    mask = np.zeros((height, width), np.uint8)
    sides = rng.permutation(4)[: int(rng.choice(4, p=(0.5, 0.25, 0.1, 0.15))) + 1]
    for side in sides:
        # Strips of several sides together leave as much of the picture as one alone.
        share = float(rng.uniform(*size)) / (1.0 if len(sides) == 1 else 1.6)
        turned = np.rot90(mask, side)  # a view: what is written there is written in the mask
        turned[: max(1, round(turned.shape[0] * share))] = 1
    return mask


def lines(rng: np.random.Generator, height: int, width: int, *, thickness: tuple[float, float] = (1, 4)) -> Mask:
    """Scratches and wires: 1 to 6 long curves, ``thickness`` pixels wide whatever the size of the picture."""
    mask = Image.new("L", (width, height))
    draw = ImageDraw.Draw(mask)
    along = np.linspace(0, 1, 24)[:, None]
    for _ in range(int(rng.integers(1, 7))):
        start, bend, end = rng.uniform((-0.1 * width, -0.1 * height), (1.1 * width, 1.1 * height), (3, 2))
        bend = (start + end) / 2 + 0.4 * (bend - (start + end) / 2)
        curve = (1 - along) ** 2 * start + 2 * along * (1 - along) * bend + along**2 * end
        draw.line([(float(x), float(y)) for x, y in curve], fill=1, width=max(1, round(float(rng.uniform(*thickness)))), joint="curve")
    return np.asarray(mask, dtype=np.uint8)


SHAPES: dict[str, Callable[..., Mask]] = {
    "free_form": free_form,
    "blob": blob,
    "polygon": polygon,
    "ellipses": ellipses,
    "rectangle": rectangle,
    "border": border,
    "lines": lines,
}


def _outline(rng: np.random.Generator, height: int, width: int, radius: npt.NDArray[np.float64], angles: npt.NDArray[np.float64]) -> Mask:
    x, y = float(rng.uniform(0, width)), float(rng.uniform(0, height))
    stretch, turn = float(rng.uniform(0.6, 1.6)), float(rng.uniform(0, 2 * np.pi))
    along, across = radius * np.cos(angles) * stretch, radius * np.sin(angles) / stretch
    xs, ys = x + along * np.cos(turn) - across * np.sin(turn), y + along * np.sin(turn) + across * np.cos(turn)
    mask = Image.new("L", (width, height))
    ImageDraw.Draw(mask).polygon(list(zip(xs.tolist(), ys.tolist(), strict=True)), fill=1)
    return np.asarray(mask, dtype=np.uint8)


def _turned(rng: np.random.Generator, mask: Mask) -> Mask:
    """Strokes run along one axis by construction: mirror them at random, as the paper's published masks do."""
    if rng.random() < 0.5:
        mask = mask[:, ::-1]
    if rng.random() < 0.5:
        mask = mask[::-1]
    return np.ascontiguousarray(mask)
