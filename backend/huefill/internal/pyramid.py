"""The faithful colorizer: generators G0 to GN on a pyramid, each trained afresh on the known pixels of the one image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from huefill.imaging.interruptible import import_interruptibly
from huefill.internal.generator import Generator
from huefill.internal.presets import Pyramid
from huefill.internal.watch import Watch
from huefill.runtime.progress import Progress

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# The coarsest level keeps at least this many pixels on its shorter side.
_COARSEST = 16
# A monochrome with less contrast tells no places apart, and batch norm's gradients overflow on it: it gets the mean known color.
_FLAT = 1e-3


@dataclass(frozen=True)
class Level:
    """One level: gray 1 1 H W, rgb 1 3 H W, known 1 1 H W (1 or 0)."""

    gray: Tensor
    rgb: Tensor
    known: Tensor


def colorize(gray: Image, rgb: Image, hole: Mask, preset: Pyramid, seed: int, device: str, progress: Progress) -> tuple[Image, int, float]:
    """H W gray, H W 3 rgb (valid outside ``hole``) to H W 3 RGB of the whole picture; also iterations and seconds per finest iteration."""
    if float(np.ptp(gray)) < _FLAT:
        return np.broadcast_to(rgb[~hole].mean(0), rgb.shape).astype(np.float32), 0, 0.0
    # Torch's first optimizer in a process would import it, for a second in which nothing else is heard.
    import_interruptibly(("torch._dynamo",), progress.check)
    torch.manual_seed(seed)
    levels = build(gray, rgb, hole, preset)[: preset.height]
    height = len(levels)
    iterations, rates = preset.iterations[height], preset.rates[height]
    costs = [_seconds(level) for level in reversed(levels)]
    watch = Watch(progress, {str(number): cost * count for number, (cost, count) in enumerate(zip(costs, iterations, strict=True))})
    color: Tensor | None = None
    for number, (level, count, rate) in enumerate(zip(reversed(levels), iterations, rates, strict=True)):
        inputs = level.gray if color is None else torch.cat([level.gray, _up(color, level.gray.shape[-2:], preset)], 1)
        generator = Generator(inputs.shape[1], preset.blocks).to(device).train()
        watch.over(generator)
        for out, _ in train(generator, inputs.to(device), level.rgb.to(device), level.known.to(device), preset, rate, count):
            color = out
            watch.advance(str(number), costs[number])
        assert color is not None
        color = color.cpu()
    assert color is not None
    picture = color[0].permute(1, 2, 0).numpy()
    return np.ascontiguousarray(picture), sum(iterations), costs[-1] * (watch.pace or 0.0)


def _seconds(level: Level) -> float:
    """What an iteration costs on four cores, about: a pixel of a large level costs more, as it does not fit the caches."""
    area = level.gray.shape[-1] * level.gray.shape[-2]
    return 3.4e-6 * area * (1 + area / 163_000)


def train(
    generator: Generator, inputs: Tensor, rgb: Tensor, known: Tensor, preset: Pyramid, rate: float, iterations: int
) -> Iterator[tuple[Tensor, float]]:
    """Train on the known pixels; yields the output before each step and its loss.

    The last output is the result, as in the authors' code.
    """
    optimizer = torch.optim.Adam(generator.parameters(), lr=rate)
    for _ in range(iterations):
        optimizer.zero_grad(set_to_none=True)
        out = generator(inputs)
        loss = _loss(out * known, rgb * known, known, preset)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        yield out.detach(), float(loss.detach())


def _loss(out: Tensor, target: Tensor, known: Tensor, preset: Pyramid) -> Tensor:
    difference = F.mse_loss(out, target, reduction="sum") if preset.loss == "mse" else F.l1_loss(out, target, reduction="sum")
    count = out.numel() if preset.over == "all" else known.sum().clamp_min(1) * out.shape[1]
    return difference / count


def build(gray: Image, rgb: Image, hole: Mask, preset: Pyramid) -> list[Level]:
    """The pyramid, finest first. Sides halve rounding up, so that any size has one; holes grow by max-pooling (3, stride 2, padding 1)."""
    shown = np.where(hole[..., None], gray[..., None], rgb)
    levels = [_level(gray, shown, torch.from_numpy(hole.astype(np.float32))[None, None])]
    missing = torch.from_numpy(hole.astype(np.float32))[None, None]
    while len(levels) < max(preset.iterations) and min(levels[-1].gray.shape[-2:]) // 2 >= _COARSEST:
        missing = F.max_pool2d(missing, 3, 2, 1)
        if bool(missing.all()):
            break
        size = (int(missing.shape[-2]), int(missing.shape[-1]))
        levels.append(_level(_resize(gray, size, preset.down), _resize(shown, size, preset.down), missing))
    return levels


def _level(gray: Image, rgb: Image, hole: Tensor) -> Level:
    return Level(
        torch.from_numpy(np.array(gray, np.float32))[None, None],
        torch.from_numpy(np.array(rgb, np.float32)).permute(2, 0, 1)[None].contiguous(),
        1 - hole,
    )


def _resize(image: Image, size: tuple[int, int], kind: str) -> Image:
    """H W or H W C float32 to ``size`` (height, width) by an image library's filter of that name."""
    from PIL import Image as Pillow

    filters = {
        "box": Pillow.Resampling.BOX,
        "bicubic": Pillow.Resampling.BICUBIC,
        "bilinear": Pillow.Resampling.BILINEAR,
        "lanczos": Pillow.Resampling.LANCZOS,
    }
    planes = image[..., None] if image.ndim == 2 else image
    out = [np.asarray(Pillow.fromarray(planes[..., k]).resize((size[1], size[0]), filters[kind])) for k in range(planes.shape[2])]
    return out[0] if image.ndim == 2 else np.stack(out, -1)


def _up(color: Tensor, size: torch.Size, preset: Pyramid) -> Tensor:
    picture = color[0].permute(1, 2, 0).numpy()
    if preset.clip_8_bit:
        picture = np.floor(np.clip(picture, 0, 1) * 255).astype(np.float32) / 255
    grown = np.clip(_resize(np.ascontiguousarray(picture), (int(size[0]), int(size[1])), preset.up), 0, 1)
    return torch.from_numpy(np.ascontiguousarray(grown)).permute(2, 0, 1)[None]
