"""How the hints network is trained: Huber loss on ab (or PSNR) under simulated hints, cross-entropy for the side branch."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from huefill_models.architecture import architectures
from huefill_models.gamut import soft_encode
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.recipe import Recipe
from huefill_models.harness.schedule import descend, one_cycle
from huefill_models.hints import global_statistics as statistics
from huefill_models.hints.simulated_user import simulate
from huefill_models.lab import lab_to_rgb, rgb_to_lab

_DEFAULTS: dict[str, Any] = {
    "rate": 2e-3,
    "size": 128,
    "batch": 16,
    "late_size": 160,
    "late_batch": 12,
    "late_from": 0.75,
    "squeezed": 0.5,
    "psnr_from": 1.0,
    "delta": 10.0,
    "none": 0.5,
    "many": 0.15,
    "strokes": 0.2,
    "places": 32,
    "side": 0.02,
    "warmup": 0.03,
    "decay": 1e-2,
}
# Histogram and saturation are revealed at random (section 3.2): neither, the first, the second, both. Mostly neither: what a network must
# guess alone takes longest to learn, and `huefill_models.hints.histogram_fitting` does most of a histogram's work.
_REVEALED = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], np.float32)
_REVEAL_CHANCE = (0.65, 0.12, 0.12, 0.11)
# A mean squared error of RGB in [0, 1]: pictures that are this near to the truth need not come nearer.
_FLOOR = 2e-4


class Hints(Recipe):
    """The recipe of `huefill_models.hints`: one network learns local and global hints.

    ``rate``, ``warmup``, ``decay``  AdamW's peak rate, the share of the schedule it rises over, its weight decay.
    ``size``, ``batch``      pixels of a square crop and crops in a batch; ``late_…`` from the share ``late_from`` on.
    ``squeezed``             share of the crops that are whole photographs, squeezed to a square.
    ``psnr_from``            from this share of the schedule on, the loss is the mean PSNR of the pictures, in dB, instead of Huber's; 1:
                             never. Tried for the shipped weights, it gained nothing.
    ``delta``                where the Huber loss turns from a square to a line, in units of ab.
    ``none``, ``many``, ``strokes``  see `huefill_models.hints.simulated_user.simulate`.
    ``places``, ``side``     places of the side branch in each picture, and the weight of its cross-entropy.
    """

    DEFAULTS: ClassVar[dict[str, Any]] = _DEFAULTS
    averaged: ClassVar[str] = "network"

    def __init__(self, architecture: str, **arguments: Any) -> None:
        super().__init__(architecture, **arguments)
        network = architectures()[architecture].build(self.variant).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.models = {"network": network}
        optimizer = torch.optim.AdamW(network.parameters(), self.arguments["rate"], betas=(0.9, 0.99), weight_decay=self.arguments["decay"])
        self.optimizers = {"network": optimizer}

    def batch(self, photos: PhotoSet, rng: np.random.Generator, progress: float) -> tuple[Tensor, ...]:
        """RGB N 3 S S uint8, segments N S S int16, all colors given N bool, revealed N 2, places N K 2."""
        a, late = self.arguments, progress >= self.arguments["late_from"]
        size, count = (a["late_size"], a["late_batch"]) if late else (a["size"], a["batch"])
        rgb = np.stack([photos.crop(rng, size, least=0.7, squeezed=a["squeezed"]) for _ in range(count)])
        hints = [simulate(rng, photo, none=a["none"], many=a["many"], strokes=a["strokes"]) for photo in rgb]
        revealed = _REVEALED[rng.choice(4, count, p=_REVEAL_CHANCE)]
        places = rng.integers(0, size // 4, (count, a["places"], 2))
        return (
            torch.from_numpy(np.ascontiguousarray(rgb.transpose(0, 3, 1, 2))),
            torch.from_numpy(np.stack([segments for segments, _ in hints])),
            torch.tensor([everything for _, everything in hints]),
            torch.from_numpy(revealed),
            torch.from_numpy(places),
        )

    def step(self, batch: tuple[Tensor, ...], progress: float) -> dict[str, float]:
        a = self.arguments
        with torch.autocast(batch[0].device.type, enabled=False):
            rgb = batch[0].float() / 255
            lab = rgb_to_lab(rgb)
            ab = lab[:, 1:]
            hint, mask = reveal(ab, batch[1].long(), batch[2])
            joined = statistics.join(statistics.histogram(ab), statistics.saturation(rgb), batch[3])
            inputs = ((lab[:, :1] - 50) / 100, hint / 110, mask)
        out, logits = self.models["network"](*(x.contiguous(memory_format=torch.channels_last) for x in inputs), joined, batch[4])
        with torch.autocast(batch[0].device.type, enabled=False):
            if progress < a["psnr_from"]:
                regression = F.huber_loss(out.float() * 110, ab, delta=a["delta"]) / a["delta"]
            else:
                regression = -_psnr(lab[:, :1], out.float() * 110, rgb).mean()
            there = F.avg_pool2d(ab, 4).flatten(2)
            index = batch[4][..., 1] * (ab.shape[-1] // 4) + batch[4][..., 0]
            targets = soft_encode(there.gather(2, index[:, None].expand(-1, 2, -1)).transpose(1, 2).reshape(-1, 2))
            side = -(targets * F.log_softmax(logits.float().flatten(0, 1), 1)).sum(1).mean()
            loss = regression + a["side"] * side
        norm = descend(self.models["network"], self.optimizers["network"], loss, a["rate"] * one_cycle(progress, a["warmup"]))
        free = (1 - batch[3].amax(1)) * (mask.amax((1, 2, 3)) == 0)
        square = (out.detach().float() * 110 - ab).square().mean((1, 2, 3)), ab.square().mean((1, 2, 3))
        losses = {"huber" if progress < a["psnr_from"] else "psnr": regression.abs(), "side": side, "norm": norm}
        if free.any():
            # What no hint at all explains of the chroma: 0 is gray, 1 is everything.
            losses["automatic"] = 1 - (square[0] * free).sum() / (square[1] * free).sum()
        return {key: float(value.detach()) for key, value in losses.items()}


def _psnr(lightness: Tensor, ab: Tensor, rgb: Tensor) -> Tensor:
    """N, in dB: of ``ab`` N 2 H W with the true ``lightness`` N 1 H W in [0, 100] against ``rgb`` N 3 H W; hardly more than 37 dB."""
    error = (lab_to_rgb(torch.cat([lightness, ab], 1)) - rgb).square().mean((1, 2, 3))
    return -10 * torch.log10(error + _FLOOR)


def reveal(ab: Tensor, segments: Tensor, everything: Tensor) -> tuple[Tensor, Tensor]:
    """``ab`` N 2 H W, ``segments`` N H W (0: nothing) and ``everything`` N bool to hints N 2 H W and their mask N 1 H W.

    A segment's hint is the mean of its ab; a picture with ``everything`` gets its own ab everywhere.
    """
    count = int(segments.max()) + 1
    flat = (segments + torch.arange(len(segments), device=ab.device)[:, None, None] * count).flatten()
    colors = ab.permute(0, 2, 3, 1).reshape(-1, 2)
    sums = torch.zeros(len(segments) * count, 2, device=ab.device).index_add_(0, flat, colors)
    sizes = torch.bincount(flat, minlength=len(sums)).clamp_min(1)
    means = (sums / sizes[:, None])[flat].reshape(ab.shape[0], *ab.shape[2:], 2).permute(0, 3, 1, 2)
    mask = (segments > 0)[:, None].float()
    whole = everything[:, None, None, None].float()
    return means * mask * (1 - whole) + ab * whole, torch.maximum(mask, whole.expand_as(mask))
