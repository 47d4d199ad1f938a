"""What the warnings are measured on: things put into photos and selected whole or cut, photos in color and toned prints."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from huefill_models.harness import masks

Image = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
_SHORTEST = 200


@dataclass(frozen=True)
class Selected:
    """``kind`` "whole", "loose" (a lasso around it), "cut"; a photo H W 3 and what is selected in it (H W bool)."""

    kind: str
    rgb: Image
    selection: Mask


def photos(folder: Path, count: int, seed: int) -> list[Image]:
    """So many training photos, drawn from all shards."""
    found = []
    for shard in sorted(folder.glob("train_0[0-3].tar")):
        with tarfile.open(shard) as archive:
            members = [member for member in archive if member.name.endswith(".jpg")]
            picked = np.random.default_rng(seed).permutation(len(members))[: count // 4 + 1]
            for number in sorted(picked):
                file = archive.extractfile(members[int(number)])
                assert file is not None
                found.append(np.asarray(Pillow.open(io.BytesIO(file.read())).convert("RGB")))
    return found[:count]


def things(folder: Path, count: int, seed: int) -> Iterator[Selected]:
    """A piece of one photo with the outline of a thing, in another photo: selected tightly, by a lasso, and cut by a straight line."""
    grounds, pieces = photos(folder, count, seed), photos(folder, count, seed + 1)
    for number, (ground, piece) in enumerate(zip(grounds, pieces, strict=True)):
        rng = np.random.default_rng(1000 * seed + number)
        scale = max(1.0, _SHORTEST / min(ground.shape[:2]))
        ground = cv2.resize(ground, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        alpha = _outline(rng, ground.shape[:2])
        alpha = cv2.GaussianBlur(alpha.astype(np.float32), (0, 0), 0.8)
        piece = cv2.resize(piece, ground.shape[1::-1], interpolation=cv2.INTER_AREA)
        rgb = np.rint(ground + alpha[..., None] * (piece.astype(np.float32) - ground)).astype(np.uint8)
        thing = alpha > 0.5
        whole = _grown(thing, int(rng.integers(0, 5)))
        yield Selected("whole", rgb, whole)
        loose = cv2.GaussianBlur(_grown(thing, int(rng.integers(4, 9))).astype(np.float32), (0, 0), 4) > 0.45
        yield Selected("loose", rgb, loose)
        yield Selected("cut", rgb, halved(whole, rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 0.6)))


def halved(selection: Mask, angle: float, share: float) -> Mask:
    """The selection without that ``share`` of it which lies beyond a line."""
    y, x = np.mgrid[: selection.shape[0], : selection.shape[1]]
    along = x * np.cos(angle) + y * np.sin(angle)
    return selection & (along > np.quantile(along[selection], share))


def toned(rgb: Image, rng: np.random.Generator) -> Image:
    """The photo as an old print: gray, in one tone, yellowed unevenly, noisy, a JPEG."""
    light = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[..., None] / 255.0
    tone = rng.choice([[1, 0.86, 0.66], [0.8, 0.9, 1], [1, 0.92, 0.8], [1, 1, 1]], axis=0) ** rng.uniform(0.5, 1.5)
    print_ = light ** (1 / (0.6 + 0.4 * tone)) * (tone + (1 - tone) * light)
    y, x = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
    spot = np.exp(-3 * ((x / rgb.shape[1] - rng.random()) ** 2 + (y / rgb.shape[0] - rng.random()) ** 2))[..., None]
    print_ = print_ * (1 - spot * np.array([0, 0.04, 0.12]) * rng.random()) + rng.normal(0, rng.uniform(0, 3) / 255, rgb.shape)
    _, coded = cv2.imencode(".jpg", (255 * np.clip(print_, 0, 1)).astype(np.uint8)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])


def _outline(rng: np.random.Generator, shape: tuple[int, int]) -> Mask:
    while True:
        drawn = masks.SHAPES[("blob", "ellipses")[int(rng.integers(2))]](rng, *shape)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(drawn)
        if len(stats) > 1:
            largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
            mask = labels == largest
            if 0.01 < mask.mean() < 0.2:
                return mask


def _grown(mask: Mask, by: int) -> Mask:
    return cv2.dilate(mask.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1,) * 2)) > 0
