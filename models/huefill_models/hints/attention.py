"""Two ways in which a place learns from places far away: by what it is, and by what was said of places that look like it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

_NEVER = -30.0


class GlobalAttention(nn.Module):
    """A transformer block over all places of a map (Vaswani et al. 2017), which a depthwise convolution tells where they lie.

    ``width`` channels in heads of 32; ``dropped`` is the share of the attention's answer that is left out in training.
    """

    HEAD = 32

    def __init__(self, width: int, dropped: float) -> None:
        super().__init__()
        self.heads, self.dropped = width // self.HEAD, dropped
        self.place = nn.Conv2d(width, width, 3, padding=1, groups=width)
        self.before = nn.LayerNorm(width)
        self.queries_keys_values, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.between = nn.LayerNorm(width)
        last = nn.Linear(2 * width, width)
        self.each = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), last)
        for layer in (self.out, last):
            nn.init.trunc_normal_(layer.weight, std=0.02)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """N C H W to the same."""
        x = x + self.place(x)
        number, width, height, across = x.shape
        tokens = x.flatten(2).transpose(1, 2)
        parts = self.queries_keys_values(self.before(tokens)).view(number, height * across, 3, self.heads, self.HEAD)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        # Written out: for so few places torch's own attention is several times slower on a CPU in training.
        weight = torch.matmul(query * self.HEAD**-0.5, key.transpose(-1, -2)).softmax(-1, dtype=torch.float32).to(value.dtype)
        answer = torch.matmul(weight, value).transpose(1, 2).reshape(number, height * across, width)
        tokens = tokens + F.dropout(self.out(answer), self.dropped, self.training)
        tokens = tokens + self.each(self.between(tokens))
        return tokens.transpose(1, 2).reshape(number, width, height, across)


class HintPropagation(nn.Module):
    """Each place takes the colors of the hinted places that look like it and lie near: attention over the hinted places alone.

    Values are the hints' own colors, so that what is passed on is what was said. Heads differ in how fast likeness counts less with the
    distance; each may also take none. ``looks`` channels tell what a place looks like.
    """

    HEADS, WIDTH = 4, 24
    OUTPUTS = 3 * HEADS

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.query, self.key = (nn.Conv2d(looks, self.HEADS * self.WIDTH, 1) for _ in range(2))
        self.nearness = nn.Parameter(torch.tensor([0.0, 1.5, 3.0, 4.5]))
        self.none = nn.Parameter(torch.zeros(self.HEADS))
        self.sharpness = nn.Parameter(torch.full((self.HEADS,), 1.5))

    def forward(self, looks: Tensor, hints: Tensor) -> Tensor:
        """``looks`` N C H W and ``hints`` N 3 H W (ab / 110, then how much of the place is hinted) to N 12 H W float32.

        For each head the color that was taken, times how much it was taken, and how much: 0 everywhere where nothing is hinted.
        """
        number, _, height, width = looks.shape
        query, key = (
            F.normalize(layer(looks).float().view(number, self.HEADS, self.WIDTH, height * width), dim=2)
            for layer in (self.query, self.key)
        )
        likeness = torch.matmul(query.transpose(2, 3), key) * self.sharpness.exp()[:, None, None]
        likeness = likeness - _square_distances(height, width, looks.device) * (self.nearness.exp() - 1)[:, None, None]
        hints = hints.float()
        likeness = likeness + torch.where(hints[:, 2:].flatten(2) > 0, 0.0, _NEVER)[:, :, None]
        none = self.none[None, :, None, None].expand(number, -1, height * width, 1)
        taken = torch.cat([likeness, none], 3).softmax(3)[..., :-1]
        said = torch.cat([hints[:, :2], torch.ones_like(hints[:, :1])], 1).flatten(2).transpose(1, 2)[:, None]
        found = torch.matmul(taken, said.expand(-1, self.HEADS, -1, -1))
        return found.permute(0, 1, 3, 2).reshape(number, self.OUTPUTS, height, width)


def _square_distances(height: int, width: int, device: torch.device) -> Tensor:
    """(H W, H W), in longer sides of the map."""
    rows, columns = torch.arange(height, device=device).float(), torch.arange(width, device=device).float()
    y, x = rows[:, None].expand(height, width).flatten(), columns[None].expand(height, width).flatten()
    # Python's own max would tie an exported network to pictures that are higher, or wider, than the example.
    longer = torch.sym_max(height, width)
    return ((y[:, None] - y) ** 2 + (x[:, None] - x) ** 2) / longer**2
