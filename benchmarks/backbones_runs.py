"""What `backbones.py` does with one network and one hole: fills it, with the network's colors and with the photo's own, and measures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import torch
from removal_cases import Case

from huefill import internal
from huefill.imaging import color_spaces as spaces
from huefill.imaging.metrics import psnr, ssim_map
from huefill.runtime.sessions import Session
from huefill.tasks.inpainting.engines import network
from huefill_models.card import Card
from huefill_models.encoders.efficientnet_lite import published
from huefill_models.encoders.perceptual import PerceptualDistance

Picture = npt.NDArray[np.uint8]
Measures = dict[str, float]


@dataclass(frozen=True)
class Filled:
    """A filled photo H W 3: ``own`` has the network's colors, None for one that gives gray; ``recolored`` its gray, colored internally."""

    own: Picture | None
    recolored: Picture


def filled(card: Card, session: Session, case: Case, preset: str) -> Filled:
    """The hole of ``case``, completed by the network; the photo's own pixels elsewhere."""
    rgb, hole = case.rgb.astype(np.float32) / 255, case.mask > 0
    made = network.guess(card, session, rgb, hole, lambda: None)
    gray = np.where(hole, np.clip(made.gray, 0, 1), spaces.monochrome(rgb)).astype(np.float32)
    colored = internal.recolor(gray, rgb, hole, preset=preset).rgb
    own = None if made.chroma is None else _bytes(np.clip(spaces.from_chroma(made.gray, made.chroma), 0, 1), case)
    return Filled(own, _bytes(colored, case))


def measured(result: Picture, case: Case) -> Measures:
    """PSNR in dB, SSIM and perceptual distance of the result, in the hole and over the whole picture."""
    made, truth, hole = result.astype(np.float32) / 255, case.rgb.astype(np.float32) / 255, case.mask > 0
    similar = ssim_map(made, truth)
    pictures = [torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1))[None]) for picture in (made, truth)]
    where = torch.from_numpy(hole.astype(np.float32))[None, None]
    with torch.no_grad():
        apart = [float(_distance()(*pictures, which)) for which in (where, None)]
    return {
        "psnr hole": min(psnr(made, truth, hole), 60.0),
        "ssim hole": float(similar[hole].mean()),
        "distance hole": apart[0],
        "psnr": min(psnr(made, truth), 60.0),
        "ssim": float(similar.mean()),
        "distance": apart[1],
    }


@cache
def _distance() -> PerceptualDistance:
    return PerceptualDistance(published("lite0"))


def _bytes(made: npt.NDArray[np.float32], case: Case) -> Picture:
    return np.where(case.mask[..., None] > 0, np.rint(made * 255).astype(np.uint8), case.rgb)
