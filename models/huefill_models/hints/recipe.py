"""How the hints network on an encoder is trained: the decoder alone, every photo seen once for two questions."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from huefill_models.architecture import architectures
from huefill_models.encoders.efficientnet_lite import published
from huefill_models.gamut import soft_encode
from huefill_models.harness.data import PhotoSet
from huefill_models.harness.recipe import Recipe
from huefill_models.harness.schedule import descend
from huefill_models.hints import global_statistics as statistics
from huefill_models.hints.network import GRID, HintsNetwork, Seen, cells, from_ab
from huefill_models.hints.pictures import Album, otherwise_taken
from huefill_models.hints.simulated_user import reveal, simulate
from huefill_models.lab import rgb_to_lab

_DEFAULTS: dict[str, Any] = {
    "encoder": "lite1",
    "rate": 2e-3,
    "warmup": 0.03,
    "decay": 0.03,
    "photos": 12,
    "hinted": 6,
    "squeezed": 0.4,
    "shares": "",
    "least_chroma": 3.0,
    "delta": 10.0,
    "places": 128,
    "certainty": 0.5,
    "strokes": 0.2,
}
# Sides of the pictures and how often each is drawn: the encoder meets things at several sizes. ``photos`` is of the second.
_SIZES, _SIZE_CHANCE, _USUAL = (160, 192, 224, 256), (0.25, 0.35, 0.3, 0.1), 192
# What is said of a hinted picture: some points, many, or nothing but what is said of the whole.
_POINTS, _MANY = 0.5, 0.15
# Histogram and saturation beside points, and without any.
_BESIDE = np.array([[0, 0], [0, 0], [0, 0], [1, 0], [0, 1], [1, 1]], np.float32)
_ALONE = np.array([[1, 0], [0, 1], [1, 1]], np.float32)


class Hints(Recipe):
    """The recipe of `huefill_models.hints`.

    ``encoder``              whose weights are taken from its package, and never changed.
    ``rate``, ``warmup``, ``decay``  AdamW's peak rate, the share of the schedule it rises over before it falls in a line, its weight decay.
    ``photos``, ``hinted``   photographs of 192 pixels in a batch; each is colored without any hint, and ``hinted`` of them once more with.
    ``squeezed``             share of the pictures that are whole photographs, squeezed to a square.
    ``shares``               how often photographs are drawn by the beginning of their names, as "bsds:3,utkface:0.3"; else 1.
    ``least_chroma``         mean chroma of the grayest photograph that is learned from.
    ``delta``                where the Huber loss turns from a square to a line, in units of ab.
    ``places``, ``certainty``  places of the distribution in each picture, and the weight of its cross-entropy.
    ``strokes``              see `huefill_models.hints.simulated_user.simulate`.
    """

    DEFAULTS: ClassVar[dict[str, Any]] = _DEFAULTS
    averaged: ClassVar[str] = "network"

    def __init__(self, architecture: str, **arguments: Any) -> None:
        super().__init__(architecture, **arguments)
        self.options = {"encoder": self.arguments["encoder"]}
        network = architectures()[architecture].build(self.variant, **self.options)
        assert isinstance(network, HintsNetwork)
        given = published(self.arguments["encoder"]).state_dict()
        network.encoder.load_state_dict({name: value for name, value in given.items() if not name.startswith("classifier")})
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.network, self.models = network, {"network": network}
        learned = [parameter for parameter in network.parameters() if parameter.requires_grad]
        groups = [
            {"params": [p for p in learned if p.ndim > 1], "weight_decay": self.arguments["decay"]},
            {"params": [p for p in learned if p.ndim < 2], "weight_decay": 0.0},
        ]
        self.optimizers = {"network": torch.optim.AdamW(groups, self.arguments["rate"], betas=(0.9, 0.99))}
        self.shares = {
            name: float(share) for name, _, share in (part.partition(":") for part in self.arguments["shares"].split(",") if part)
        }
        self.album: Album | None = None

    def batch(self, photos: PhotoSet, rng: np.random.Generator, progress: float) -> tuple[Tensor, ...]:
        """RGB N 3 S S uint8, lightness as the encoder sees it N 1 S S float32 in [0, 1]; of the first M pictures once more, with hints:
        segments M S S int16, all colors given M bool, revealed M 2; places (N + M) K int64."""
        if self.album is None or self.album.photos is not photos:
            self.album = Album(photos, self.shares, self.arguments["least_chroma"])
        a, size = self.arguments, int(rng.choice(_SIZES, p=_SIZE_CHANCE))
        count, hinted = (max(least, round(a[name] * (_USUAL / size) ** 2)) for name, least in (("photos", 4), ("hinted", 2)))
        rgb = np.stack([self.album.draw(rng, size, squeezed=a["squeezed"]) for _ in range(count)])
        pictures = torch.from_numpy(np.ascontiguousarray(rgb.transpose(0, 3, 1, 2)))
        lightness = rgb_to_lab(pictures.float() / 255)[:, 0].numpy()
        seen = np.stack([otherwise_taken(rng, picture) for picture in lightness])[:, None] / 100
        said, revealed = [], []
        for picture in rgb[:hinted]:
            kind = rng.random()
            none, many = float(kind > _POINTS + _MANY), float(kind > _POINTS)
            said.append(simulate(rng, picture, none=none, many=many, strokes=a["strokes"]))
            revealed.append((_ALONE if none else _BESIDE)[rng.integers(len(_ALONE if none else _BESIDE))])
        return (
            pictures,
            torch.from_numpy(seen.astype(np.float32)),
            torch.from_numpy(np.stack([segments for segments, _ in said])),
            torch.tensor([everything for _, everything in said]),
            torch.from_numpy(np.stack(revealed)),
            torch.from_numpy(rng.integers(0, (size // GRID) ** 2, (count + hinted, a["places"]))),
        )

    def step(self, batch: tuple[Tensor, ...], progress: float) -> dict[str, float]:
        a, (pictures, lightness, segments, everything, revealed, places) = self.arguments, batch
        count, hinted = len(pictures), len(segments)
        twice = torch.cat([torch.arange(count), torch.arange(hinted)]).to(pictures.device)
        with torch.autocast(pictures.device.type, enabled=False):
            rgb = pictures.float() / 255
            ab = rgb_to_lab(rgb)[:, 1:]
            hint, mask = reveal(ab[:hinted], segments.long(), everything)
            hints = F.pad(cells(hint / 110, mask), (0, 0, 0, 0, 0, 0, count, 0))
            joined = statistics.join(statistics.histogram(ab[:hinted]), statistics.saturation(rgb[:hinted]), revealed)
            joined = F.pad(joined.flatten(1), (0, 0, count, 0))
            truth = F.avg_pool2d(ab, GRID)[twice]
        seen = Seen(*(part[twice] for part in self.network.see(lightness)))
        features = self.network.decoder(seen, hints.contiguous(memory_format=torch.channels_last), joined, unhinted=count)
        out, logits = self.network.decoder.ab(features), self.network.decoder.classify(features, places)
        with torch.autocast(pictures.device.type, enabled=False):
            out = from_ab(out.float())
            regression = F.huber_loss(out, truth, delta=a["delta"]) / a["delta"]
            there = truth.flatten(2).gather(2, places[:, None].expand(-1, 2, -1)).transpose(1, 2).reshape(-1, 2)
            entropy = -(soft_encode(there) * F.log_softmax(logits.float().flatten(0, 1), 1)).sum(1).mean()
            loss = regression + a["certainty"] * entropy
        norm = descend(self.network, self.optimizers["network"], loss, a["rate"] * falling(progress, a["warmup"]))
        error, whole = (out.detach() - truth).square().mean((1, 2, 3)), truth.square().mean((1, 2, 3))
        # What is explained of the chroma: 0 is gray, 1 is everything.
        shares = {"automatic": slice(0, count), "hinted": slice(count, None)}
        explained = {name: 1 - error[part].sum() / whole[part].sum() for name, part in shares.items()}
        losses = {"huber": regression, "entropy": entropy, "norm": norm, **explained}
        return {key: float(value.detach()) for key, value in losses.items()}


def falling(progress: float, warmup: float) -> float:
    """The share of the peak rate: up in a line, then down in a line to a fiftieth."""
    if progress < warmup:
        return max(progress / warmup, 0.01)
    return max(0.02, 1 - (progress - warmup) / (1 - warmup))
