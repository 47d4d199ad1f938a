"""A small network, trained on the one image, from the features of a place to its chroma."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from huefill.internal.one_cycle import OneCycle
from huefill.internal.presets import Ensemble
from huefill.internal.watch import Watch

Image = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_RATE, _DECAY = 6e-3, 1e-3
_THREADS = 1


@contextlib.contextmanager
def _few_threads() -> Iterator[None]:
    """Matrices this small are slower on many threads, which wait for each other, above all where other programs run too."""
    before = torch.get_num_threads()
    torch.set_num_threads(min(before, _THREADS))
    try:
        yield
    finally:
        torch.set_num_threads(before)


@_few_threads()
def fit_and_predict(
    features: Image, chroma: Image, known: Mask, weight: Image, preset: Ensemble, seed: int, device: str, watch: Watch, step_cost: float
) -> Image:
    """H W K features, H W 2 chroma valid where ``known``, H W sampling ``weight`` to H W 2 predicted chroma.

    ``step_cost`` is what a step is planned at, in seconds. A robust loss on samples of the known pixels, one-cycle
    rate; the mean and size of the chroma are taken out first.
    """
    torch.manual_seed(seed)
    height, width, depth = features.shape
    x = torch.from_numpy(features.reshape(-1, depth)).to(device)
    index = torch.from_numpy(np.flatnonzero(known)).to(device)
    target = torch.from_numpy(chroma.reshape(-1, 2)).to(device)[index]
    mean, scale = target.mean(0), target.std(unbiased=False).clamp_min(1e-3)
    target = (target - mean) / scale
    chances = weight.reshape(-1)[known.reshape(-1)].astype(np.float64)
    picks = np.random.default_rng(seed).choice(len(index), (preset.iterations, preset.batch), p=chances / chances.sum())
    network = _network(depth, preset.width).to(device)
    optimizer = OneCycle(network.parameters(), _RATE, preset.iterations + 1, _DECAY)
    for step in range(preset.iterations):
        pick = torch.from_numpy(picks[step]).to(device)
        error = network(x[index[pick]]) - target[pick]
        loss = torch.sqrt(error.square().sum(1) + 0.01).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        watch.advance("network", step_cost)
    with torch.no_grad():
        parts = []
        for part in torch.split(x, 32768):
            parts.append(network(part))
            watch.poll()
        out = torch.cat(parts) * scale + mean
    return np.asarray(out.cpu().numpy().reshape(height, width, 2), np.float32)


def _network(depth: int, width: int) -> nn.Module:
    return nn.Sequential(nn.Linear(depth, width), nn.ReLU(), _Residual(width), _Residual(width), nn.LayerNorm(width), nn.Linear(width, 2))


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.inner(x)
        return out
