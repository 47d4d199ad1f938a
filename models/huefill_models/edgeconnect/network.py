"""EdgeConnect (Nazeri et al. 2019, "Generative Image Inpainting with Adversarial Edge Learning", section 3): one network completes the
edges of the photo, a second one the picture that has these edges.

Published form: ``EdgeConnect(4, 3, width=64, gray=REC709)`` and the weights of two files. `build` makes Huefill's form, in both variants.
The photo's own edges are drawn inside (`canny`): whoever runs the network gives photo and hole, as for any other.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.edgeconnect.canny import canny
from huefill_models.edgeconnect.losses import CRITICS, shown, terms
from huefill_models.inpainting.adversary import Shown
from huefill_models.inpainting.contract import channels
from huefill_models.lab import GRAY

BLOCKS = 8
# The gray of which the published networks saw edges (scikit-image's rgb2gray).
REC709 = (0.2125, 0.7154, 0.0721)


class Drawn(NamedTuple):
    """``logits`` N 1 H W of an edge; ``edges`` N 1 H W in [0, 1], the photo's own outside the hole; ``picture`` N C H W in [-1, 1]."""

    logits: Tensor
    edges: Tensor
    picture: Tensor


class Residual(nn.Module):
    """Two 3x3 convolutions, the first with dilation 2, added to what came in."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.wide, self.near = nn.Conv2d(width, width, 3, dilation=2), nn.Conv2d(width, width, 3)

    def forward(self, x: Tensor) -> Tensor:
        inner = F.relu(_normal(self.wide(_reflected(x, 2))))
        return x + _normal(self.near(_reflected(inner, 1)))


class Generator(nn.Module):
    """``inputs`` to ``outputs`` channels, N C H W, H and W multiples of 4: to a quarter of the size, residual blocks, and back.

    What it gives has no activation yet. ``width`` is the channels at full size (64 published). Every convolution but the last is followed
    by an instance norm without weights, which undoes whatever scale its weights have: the spectral norm of the published edge network
    changes nothing in use, only how fast it learns, and is left out.
    """

    def __init__(self, inputs: int, outputs: int, width: int, blocks: int = BLOCKS) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, width, 7)
        self.down = nn.ModuleList([nn.Conv2d(factor * width, 2 * factor * width, 4, stride=2, padding=1) for factor in (1, 2)])
        self.blocks = nn.Sequential(*(Residual(4 * width) for _ in range(blocks)))
        self.up = nn.ModuleList([nn.ConvTranspose2d(2 * factor * width, factor * width, 4, stride=2, padding=1) for factor in (2, 1)])
        self.last = nn.Conv2d(width, outputs, 7)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(_normal(self.first(_reflected(x, 3))))
        for convolution in self.down:
            x = F.relu(_normal(convolution(x)))
        x = self.blocks(x)
        for convolution in self.up:
            x = F.relu(_normal(convolution(x)))
        return self.last(_reflected(x, 3))


class EdgeConnect(nn.Module):
    """``x`` N 5 H W and ``hole`` N 1 H W of `huefill_models.inpainting.contract` to one picture N C H W in [-1, 1].

    ``inputs``  of the second network: the picture's planes (3; with the gray of "mono" 4) and the edges, or one more: the hole, too.
    ``gray``    the weights of r, g and b in the gray whose edges are drawn; "mono" has its own.
    """

    def __init__(
        self, inputs: int = 4, outputs: int = 3, width: int = 64, *, blocks: int = BLOCKS, gray: tuple[float, float, float] = GRAY
    ) -> None:
        super().__init__()
        self.critics = CRITICS
        self.colored, self.gray = outputs == 3, gray
        self.shows_hole = inputs - 1 > (3 if self.colored else 4)
        self.edges = Generator(3, 1, width, blocks)
        self.picture = Generator(inputs, outputs, width, blocks)

    def forward(self, x: Tensor, hole: Tensor) -> tuple[Tensor]:
        return (self.draw(x, hole).picture,)

    def learn(self, x: Tensor, hole: Tensor, truth: Tensor) -> tuple[tuple[Tensor], dict[str, Tensor], dict[str, Shown]]:
        """The picture, what the edges cost, and what their critic is shown: both networks learn at once, each its own (the published
        joint training)."""
        drawn = self.draw(x, hole)
        gray = self._gray(truth) if self.colored else (truth + 1) / 2
        true = canny(gray, torch.ones_like(hole))
        return (drawn.picture,), terms(drawn.logits, true, hole), shown(drawn.logits, true, hole, gray)

    def draw(self, x: Tensor, hole: Tensor) -> Drawn:
        """Both networks, one after the other; what the second learns does not reach the first."""
        own = self.known_edges(x, hole)
        logits = self.edge_logits(x, hole, own)
        edges = (torch.sigmoid(logits) * hole + own * (1 - hole)).detach()
        return Drawn(logits, edges, self.paint(x, hole, edges))

    def known_edges(self, x: Tensor, hole: Tensor) -> Tensor:
        """N 1 H W in {0, 1}: what Canny's detector sees outside the hole."""
        return canny(self._gray(x), 1 - hole)

    def edge_logits(self, x: Tensor, hole: Tensor, own: Tensor) -> Tensor:
        """The first network: N 1 H W, of edges everywhere, from the photo's ``own``."""
        return self.edges(torch.cat([_white(self._gray(x), hole), own * (1 - hole), hole], dim=1))

    def paint(self, x: Tensor, hole: Tensor, edges: Tensor) -> Tensor:
        """The second network: the picture N C H W in [-1, 1] with these ``edges`` (N 1 H W in [0, 1])."""
        planes = _white((x[:, : 3 if self.colored else 4] + 1) / 2, hole)
        return torch.tanh(self.picture(torch.cat([planes, *([hole] if self.shows_hole else []), edges], dim=1)))

    def _gray(self, x: Tensor) -> Tensor:
        if not self.colored:
            return (x[:, 3:4] + 1) / 2
        weights = torch.tensor(self.gray, dtype=x.dtype, device=x.device).view(1, 3, 1, 1)
        return ((x[:, :3] + 1) / 2 * weights).sum(1, keepdim=True)


def build(variant: str, width: int) -> EdgeConnect:
    """An untrained network for x of `huefill_models.inpainting.contract`, giving gray ("mono") or RGB ("rgb"); its second part sees the
    hole, which the published one has to guess from white."""
    network = EdgeConnect({"mono": 6, "rgb": 5}[variant], channels(variant), width)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, std=0.02)  # as published; the norms keep the signal's size
            assert layer.bias is not None
            nn.init.zeros_(layer.bias)
    return network


def _white(planes: Tensor, hole: Tensor) -> Tensor:
    return planes * (1 - hole) + hole


def _normal(x: Tensor) -> Tensor:
    return F.instance_norm(x)


def _reflected(x: Tensor, by: int) -> Tensor:
    return F.pad(x, [by] * 4, mode="reflect")
