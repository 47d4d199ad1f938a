"""Transformers over superpixels (Vaswani et al. 2017; Xia et al. 2022, section 3.3): every superpixel sees every other."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

_TEMPERATURE = 10000.0
_DROPPED = 0.1


class Transformer(nn.Module):
    """``layers`` encoder layers of ``width`` channels, ``heads`` heads and ``inner`` channels between; norms come after the sums.

    Places are told to queries and keys of every layer (the published "dense" encoding), never to values.
    """

    def __init__(self, width: int = 64, layers: int = 6, heads: int = 8, inner: int = 256) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_Layer(width, heads, inner) for _ in range(layers))

    def forward(self, tokens: Tensor) -> Tensor:
        """``tokens`` N C h w to the same."""
        height, width = tokens.shape[-2:]
        where = positions(height, width, tokens.shape[1], tokens.device).flatten(1).T.to(tokens.dtype)
        x = tokens.flatten(2).transpose(1, 2)
        for layer in self.layers:
            x = layer(x, where)
        return x.transpose(1, 2).reshape(tokens.shape)


class _Layer(nn.Module):
    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.inputs, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.widen, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])

    def forward(self, x: Tensor, where: Tensor) -> Tensor:
        """``x`` N T C, ``where`` T C."""
        x = self.norms[0](x + self._dropped(self._attention(x, where)))
        hidden = self.narrow(self._dropped(F.relu(self.widen(x))))
        return self.norms[1](x + self._dropped(hidden))  # type: ignore[no-any-return]

    def _attention(self, x: Tensor, where: Tensor) -> Tensor:
        number, count, width = x.shape
        placed = F.linear(x + where, self.inputs.weight[: 2 * width], self.inputs.bias[: 2 * width])
        value = F.linear(x, self.inputs.weight[2 * width :], self.inputs.bias[2 * width :])
        query, key, value = (
            part.reshape(number, count, self.heads, width // self.heads).transpose(1, 2) for part in (*placed.chunk(2, 2), value)
        )
        # Written out: for so few places torch's own attention is slower on a CPU in training.
        weight = (query @ key.transpose(2, 3) / math.sqrt(width // self.heads)).softmax(3)
        answer = self._dropped(weight) @ value
        return self.out(answer.transpose(1, 2).reshape(number, count, width))  # type: ignore[no-any-return]

    def _dropped(self, x: Tensor) -> Tensor:
        return F.dropout(x, _DROPPED, self.training)


def positions(height: int, width: int, channels: int, device: torch.device | None = None) -> Tensor:
    """(channels, height, width): sines and cosines by turns, the first half of the channels of the row, the second of the column.

    Both run from just above 0 at the first to 2 pi at the last, however large the grid is (Carion et al. 2020, normalised).
    """
    index = torch.arange(channels // 2, device=device)
    wave = _TEMPERATURE ** (2 * (index // 2) / (channels // 2))

    def along(length: int) -> Tensor:
        place = torch.arange(1, length + 1, device=device).float()
        angle = (place / (length + 1e-6) * (2 * math.pi))[:, None] / wave
        return torch.stack([angle[:, 0::2].sin(), angle[:, 1::2].cos()], 2).flatten(1)

    rows = along(height).T[:, :, None].expand(-1, -1, width)
    columns = along(width).T[:, None].expand(-1, height, -1)
    return torch.cat([rows, columns])
