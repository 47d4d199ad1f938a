"""A network over a pyramid that gives a hole its chroma: gray and known chroma in, chroma of every level out."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.chroma.propagate import enlarge, halve, propagate

INPUTS = 10  # gray, known, known chroma (2), propagated chroma (2), chroma of the coarser level (2), position (2)
WIDTHS = (48, 96, 112, 128)
MOST_KEYS = 2048
COARSEST = 64  # the pyramid stops before its shorter side falls below this


class Block(nn.Module):
    """x + conv(act(conv(act(x)))); the second convolution starts at zero, which stands in for a normalisation."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.leaky_relu(self.first(F.leaky_relu(x, 0.2)), 0.2))


class Retrieval(nn.Module):
    """Every place looks for places of known colour that look like it, wherever they lie, and takes what they hold."""

    def __init__(self, width: int, heads: int = 4, depth: int = 16, held: int = 24) -> None:
        super().__init__()
        self.heads, self.depth, self.held = heads, depth, held
        self.query = nn.Conv2d(width, heads * depth, 1)
        self.key_value = nn.Conv2d(width, heads * (depth + held), 1)
        self.out = nn.Conv2d(heads * held, width, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x: Tensor, known: Tensor) -> Tensor:
        count, _, height, width = x.shape
        stride = 1
        while -(-height // stride) * -(-width // stride) > MOST_KEYS:
            stride += 1
        places = F.avg_pool2d(x, stride, ceil_mode=True) if stride > 1 else x
        share = F.avg_pool2d(known, stride, ceil_mode=True) if stride > 1 else known

        def by_head(y: Tensor, depth: int) -> Tensor:
            return y.reshape(count, self.heads, depth, -1).transpose(2, 3)

        key_value = self.key_value(places).reshape(count, self.heads, self.depth + self.held, -1)
        key, value = key_value.split((self.depth, self.held), 2)
        bias = torch.log(share + 1e-4).reshape(count, 1, 1, -1).to(key.dtype)
        query = by_head(self.query(x), self.depth)
        found = F.scaled_dot_product_attention(
            query, key.transpose(2, 3), value.transpose(2, 3), attn_mask=bias.expand(-1, 1, query.shape[2], -1)
        )
        return x + self.out(found.transpose(2, 3).reshape(count, self.heads * self.held, height, width))


class ChromaNet(nn.Module):
    """A U-shaped network, shared by all levels of a pyramid, on top of the propagated chroma.

    Each level gets what the coarser one said, enlarged, beside the chroma propagated at its own level; it says where to
    trust which of the two, and adds a correction.
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.enter = nn.Conv2d(4 * INPUTS, widths[0], 3, padding=1)
        self.down, self.encoders, self.ups, self.decoders = (nn.ModuleList() for _ in range(4))
        for index, width in enumerate(widths):
            if index:
                self.down.append(nn.Conv2d(widths[index - 1], width, 2, stride=2))
            blocks: list[nn.Module] = [Block(width), Block(width)]
            self.encoders.append(nn.ModuleList(blocks))
            if index:
                self.ups.append(nn.Conv2d(width, widths[index - 1], 1))
                self.decoders.append(nn.Sequential(Block(widths[index - 1])))
        self.retrievals = nn.ModuleDict({str(index): Retrieval(widths[index]) for index in (1, 2)})
        self.leave = nn.Conv2d(widths[0], 4 * 3, 3, padding=1)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, gray: Tensor, chroma: Tensor, known: Tensor, *, coarsest: int = COARSEST) -> list[Tensor]:
        """N 1 H W gray in [0, 1], N 2 H W chroma (R - Y, B - Y), N 1 H W known (1 or 0) to the chroma of every level, coarsest first."""
        levels, guesses = [(gray, chroma * known, known)], propagate(gray, chroma, known)
        while min(levels[-1][0].shape[-2:]) // 2 >= coarsest:
            levels.append(halve(*levels[-1]))
        said: list[Tensor] = []
        for (gray_, chroma_, known_), guess in zip(reversed(levels), reversed(guesses[: len(levels)]), strict=True):
            coarse = enlarge(said[-1], gray_) if said else guess
            said.append(self.level(gray_, chroma_, known_, guess, coarse))
        return said

    def level(self, gray: Tensor, chroma: Tensor, known: Tensor, guess: Tensor, coarse: Tensor) -> Tensor:
        height, width = gray.shape[-2:]
        step = 2 ** len(self.encoders)
        x = torch.cat([gray - 0.5, known, 3 * chroma * known, 3 * guess, 3 * coarse, _position(gray)], 1)
        x = F.pad(x, (0, -width % step, 0, -height % step), mode="replicate")
        share = F.avg_pool2d(x[:, 1:2], 2)
        x = self.enter(F.pixel_unshuffle(x, 2))
        kept: list[Tensor] = []
        for index, blocks in enumerate(self.encoders):
            if index:
                kept.append(x)
                x = self.down[index - 1](x)
                share = F.avg_pool2d(share, 2)
            x = blocks[0](x)
            if str(index) in self.retrievals:
                x = self.retrievals[str(index)](x, share)
            x = blocks[1](x)
        for index in reversed(range(len(kept))):
            x = kept[index] + F.interpolate(self.ups[index](x), scale_factor=2, mode="nearest")
            x = self.decoders[index](x)
        x = F.pixel_shuffle(self.leave(x), 2)[..., :height, :width].float()
        said = guess + torch.sigmoid(x[:, 2:]) * (coarse - guess) + 0.3 * x[:, :2]
        return said + known * (chroma - said)


def _position(gray: Tensor) -> Tensor:
    rows = torch.linspace(-1, 1, gray.shape[-2], device=gray.device, dtype=gray.dtype)[:, None].expand(gray.shape[-2:])
    columns = torch.linspace(-1, 1, gray.shape[-1], device=gray.device, dtype=gray.dtype)[None].expand(gray.shape[-2:])
    return torch.stack([rows, columns]).expand(gray.shape[0], -1, -1, -1)
