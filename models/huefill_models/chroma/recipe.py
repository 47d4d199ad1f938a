"""How the chroma prior is trained: holes of all kinds in photographs, the logarithm of the squared error in each."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.chroma.network import ChromaNet
from huefill_models.chroma.propagate import halve
from huefill_models.harness import masks
from huefill_models.harness.data import PhotoSet
from huefill_models.reconstruction.recipe import schedule

ARGUMENTS: dict[str, Any] = {"rate": 1.5e-3, "size": 128, "batch": 8, "warmup": 0.01, "hints": 0.15, "coarse": 0.5, "floor": 2e-5}
WEIGHTS = (0.30, 0.59, 0.11)  # of the monochrome


class Chroma:
    """The recipe of `huefill_models.chroma`.

    ``size``, ``batch``  pixels of a square crop, crops in a batch.
    ``hints``            share of examples with a few points of known colour inside the hole.
    ``coarse``           weight of the coarser levels' losses.
    ``floor``            squared error that counts as good enough, so that gray photographs do not rule the logarithm.
    """

    averaged = "network"

    def __init__(self, **arguments: Any) -> None:
        self.arguments = {**ARGUMENTS, **arguments}
        if unknown := set(self.arguments) - set(ARGUMENTS):
            raise TypeError(f"unknown arguments of the recipe: {', '.join(sorted(unknown))}")
        network = ChromaNet().to(memory_format=torch.channels_last)
        self.models: dict[str, nn.Module] = {"network": network}
        self.optimizers: dict[str, torch.optim.Optimizer] = {
            "network": torch.optim.AdamW(network.parameters(), self.arguments["rate"], betas=(0.9, 0.99), weight_decay=0.01)
        }

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        for name, value in ARGUMENTS.items():
            parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=None, help=f"default {value}")

    def batch(self, photos: PhotoSet, rng: np.random.Generator, progress: float) -> tuple[Tensor, ...]:
        """RGB N 3 S S uint8 and what is known N 1 S S uint8."""
        size, count = self.arguments["size"], self.arguments["batch"]
        rgb = np.stack([photos.crop(rng, size) for _ in range(count)]).transpose(0, 3, 1, 2)
        known = np.stack([1 - self._hole(rng, size) for _ in range(count)])[:, None]
        return torch.from_numpy(np.ascontiguousarray(rgb)), torch.from_numpy(known)

    def _hole(self, rng: np.random.Generator, size: int) -> npt.NDArray[np.uint8]:
        if rng.random() < 0.35:
            hole = masks.rectangle(rng, size, size, size=(0.3, 0.9))
        else:
            hole = masks.mixed(rng, size, size, area=(0.02, 0.6))
            if rng.random() < 0.5:
                hole = hole | masks.mixed(rng, size, size, area=(0.02, 0.6))
        if rng.random() < self.arguments["hints"]:
            rows, columns = np.mgrid[:size, :size]
            for _ in range(int(rng.integers(1, 9))):
                y, x, radius = rng.integers(size), rng.integers(size), rng.uniform(0.5, 4)
                hole = hole & ((rows - y) ** 2 + (columns - x) ** 2 > radius**2)
        return hole.astype(np.uint8)

    def step(self, batch: tuple[Tensor, ...], progress: float) -> dict[str, float]:
        rgb, known = batch[0].float() / 255, batch[1].float()
        gray, chroma = split(rgb)
        said = self.models["network"](gray, chroma, known)
        loss, finest = levels_loss(said, gray, chroma, known, self.arguments["coarse"], self.arguments["floor"])
        optimizer, network = self.optimizers["network"], self.models["network"]
        for group in optimizer.param_groups:
            group["lr"] = self.arguments["rate"] * schedule(progress, self.arguments["warmup"])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        return {"loss": float(loss.detach()), "psnr": float(finest) * -10 / float(np.log(10)), "norm": float(norm)}


def split(rgb: Tensor) -> tuple[Tensor, Tensor]:
    """N 3 H W RGB to monochrome N 1 H W and chroma N 2 H W (R - Y, B - Y)."""
    red, green, blue = rgb.split(1, 1)
    gray = WEIGHTS[0] * red + WEIGHTS[1] * green + WEIGHTS[2] * blue
    return gray, torch.cat([red - gray, blue - gray], 1)


def squared_error(said: Tensor, truth: Tensor) -> Tensor:
    """N 1 H W: the mean squared error of R, G and B that these chroma errors make under an exact monochrome."""
    red, blue = (said - truth).split(1, 1)
    green = (WEIGHTS[0] * red + WEIGHTS[2] * blue) / WEIGHTS[1]
    return (red**2 + green**2 + blue**2) / 3


def levels_loss(said: list[Tensor], gray: Tensor, chroma: Tensor, known: Tensor, coarse: float, floor: float) -> tuple[Tensor, Tensor]:
    """The logarithm of each picture's squared error in the hole, mean over pictures, summed over levels; and the finest level's alone."""
    total: Tensor | None = None
    finest = torch.zeros(())
    everything = torch.ones_like(known)
    for index, level in enumerate(reversed(said)):
        if index:
            share = F.avg_pool2d(F.pad(known, (0, known.shape[-1] % 2, 0, known.shape[-2] % 2), mode="replicate"), 2)
            gray, chroma, everything = halve(gray, chroma, everything)
            known = share
        hole = 1 - known
        error = (squared_error(level, chroma) * hole).sum((1, 2, 3)) / hole.sum((1, 2, 3)).clamp_min(1)
        part = torch.log(error + floor).mean()
        if index == 0:
            finest = part.detach()
        total = part if total is None else total + coarse * part
    assert total is not None
    return total, finest
