"""DeepFill v2 (Yu et al. 2019): a coarse network, then a refinement network of two branches (dilated convolutions; contextual attention).

Published form: ``Generator(5, 3, width=48)`` on masked RGB, ones and hole. `build` makes Huefill's form, in both variants.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from huefill_models.deepfill.attention import ContextualAttention
from huefill_models.deepfill.layers import Convolution, GatedConvolution, GatedUpsampling


class _Decoder(nn.Sequential):
    def __init__(self, inputs: int, width: int, outputs: int, padding: str) -> None:
        super().__init__(
            GatedConvolution(inputs, 2 * width, padding=padding),
            GatedConvolution(2 * width, 2 * width, padding=padding),
            GatedUpsampling(2 * width, width, padding=padding),
            GatedConvolution(width, width, padding=padding),
            GatedUpsampling(width, width // 2, padding=padding),
            GatedConvolution(width // 2, width // 4, padding=padding),
            Convolution(width // 4, outputs, 3, padding=padding),
            nn.Tanh(),
        )


def _dilated(width: int, padding: str) -> list[nn.Module]:
    return [GatedConvolution(2 * width, 2 * width, dilation=rate, padding=padding) for rate in (2, 4, 8, 16)]


class Coarse(nn.Module):
    """Downsample twice, widen the view with dilations 2, 4, 8, 16, upsample twice."""

    def __init__(self, inputs: int, outputs: int, width: int, padding: str) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            GatedConvolution(inputs, width // 2, 5, padding=padding),
            GatedConvolution(width // 2, width, stride=2, padding=padding),
            GatedConvolution(width, width, padding=padding),
            GatedConvolution(width, 2 * width, stride=2, padding=padding),
            GatedConvolution(2 * width, 2 * width, padding=padding),
            GatedConvolution(2 * width, 2 * width, padding=padding),
            *_dilated(width, padding),
        )
        self.decoder = _Decoder(2 * width, width, outputs, padding)

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder(x))


class Refinement(nn.Module):
    """Two encoders beside each other, one with dilated convolutions and one with contextual attention, and one decoder."""

    def __init__(self, inputs: int, outputs: int, width: int, padding: str, attention: ContextualAttention) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            GatedConvolution(inputs, width // 2, 5, padding=padding),
            GatedConvolution(width // 2, width // 2, stride=2, padding=padding),
            GatedConvolution(width // 2, width, padding=padding),
            GatedConvolution(width, width, stride=2, padding=padding),
            GatedConvolution(width, 2 * width, padding=padding),
            GatedConvolution(2 * width, 2 * width, padding=padding),
            *_dilated(width, padding),
        )
        self.before_attention = nn.Sequential(
            GatedConvolution(inputs, width // 2, 5, padding=padding),
            GatedConvolution(width // 2, width // 2, stride=2, padding=padding),
            GatedConvolution(width // 2, width, padding=padding),
            GatedConvolution(width, 2 * width, stride=2, padding=padding),
            GatedConvolution(2 * width, 2 * width, padding=padding),
            GatedConvolution(2 * width, 2 * width, padding=padding, activation="relu"),
        )
        self.attention = attention
        self.after_attention = nn.Sequential(
            GatedConvolution(2 * width, 2 * width, padding=padding),
            GatedConvolution(2 * width, 2 * width, padding=padding),
        )
        self.decoder = _Decoder(4 * width, width, outputs, padding)

    def forward(self, x: Tensor, hole: Tensor) -> Tensor:
        attended = self.attention(self.before_attention(x), hole)
        return self.decoder(torch.cat([self.convolutions(x), self.after_attention(attended)], dim=1))


class Generator(nn.Module):
    """Coarse and refinement network.

    ``inputs``    channels of x.
    ``outputs``   channels of the result. The channels of x that hold the same thing, masked, start at ``known``.
    ``width``     channels at half resolution (48 published); a multiple of 4.
    ``context``   whether the refinement sees x beside the completed image (published: no).
    ``padding``, ``fuse``, ``halve``: see `layers.Convolution` and `attention.ContextualAttention`.
    """

    def __init__(
        self,
        inputs: int = 5,
        outputs: int = 3,
        width: int = 48,
        *,
        known: int = 0,
        context: bool = False,
        padding: str = "symmetric",
        fuse: bool = True,
        halve: str = "first",
    ) -> None:
        super().__init__()
        if width % 4:
            raise ValueError(f"width must be a multiple of 4, not {width}")
        self.outputs, self.known, self.context = outputs, known, context
        self.coarse = Coarse(inputs, outputs, width, padding)
        attention = ContextualAttention(fuse=fuse, halve=halve)
        self.refinement = Refinement(outputs + (inputs if context else 0), outputs, width, padding, attention)

    def forward(self, x: Tensor, hole: Tensor) -> tuple[Tensor, Tensor]:
        """``x`` N inputs H W, image channels in [-1, 1] with 0 in the hole; ``hole`` N 1 H W, 1 in the hole; H, W multiples of 8.

        Gives the coarse and the refined image, N outputs H W in [-1, 1], over the whole picture: the caller composes.
        """
        known = x[:, self.known : self.known + self.outputs]
        coarse = self.coarse(x)
        completed = coarse * hole + known * (1 - hole)
        refined = self.refinement(torch.cat([completed, x], dim=1) if self.context else completed, hole)
        return coarse, refined


def build(variant: str, width: int) -> Generator:
    """An untrained network for x of `huefill_models.inpainting.contract`, giving gray ("mono") or RGB ("rgb"); its refinement sees x."""
    outputs, known = {"mono": (1, 3), "rgb": (3, 0)}[variant]
    generator = Generator(5, outputs, width, known=known, context=True, fuse=False, halve="strict")
    for layer in generator.modules():
        if isinstance(layer, Convolution):
            _initialise(layer)
    return generator


def _initialise(layer: Convolution) -> None:
    """Draw weights that keep the variance from layer to layer.

    Without normalisation layers a common start lets the signal die: each gate halves it, seventeen times over.
    E[elu(2.5 z)^2] E[sigmoid(z')^2] = 1 for standard normal z, z'.
    """
    weight = layer.conv.weight
    fan = weight[0].numel()
    assert layer.conv.bias is not None
    nn.init.zeros_(layer.conv.bias)
    if not isinstance(layer, GatedConvolution):
        nn.init.normal_(weight, std=0.3 / fan**0.5)
        return
    feature, gate = weight.data.chunk(2)
    nn.init.normal_(feature, std=2.5 / fan**0.5)
    nn.init.normal_(gate, std=1.0 / fan**0.5)
