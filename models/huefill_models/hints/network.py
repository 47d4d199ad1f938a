"""The network: a frozen encoder with a neck, run once per photo, and a decoder that is run for each changed hint."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models.encoders.efficientnet_lite import EfficientNetLite, widths
from huefill_models.gamut import REACH, bins
from huefill_models.hints.attention import GlobalAttention, HintPropagation
from huefill_models.hints.global_statistics import INPUTS as GLOBAL_INPUTS
from huefill_models.lab import lab_to_rgb

GRID = 4
_TOKENS, _EIGHTH, _QUARTER = 192, 80, 40
_FROM_EIGHTH, _FROM_QUARTER = 64, 48
_GLOBALS, _BLOCKS = 128, 3
_EVIDENCE = 1280
_HINT = 3
# How much the distribution's mean counts beside the regressed ab where no histogram is given: chosen on photographs that were held back
# from training. The regression alone is a little nearer to the truth, the mean bolder.
EXPECTED = 0.5
# Hints are small numbers beside features: ab is divided by 110, and most colors of photographs lie below 40.
_STRONGER = 2.0


class Seen(NamedTuple):
    """What the decoder needs of a photo H x W: maps N 192 H/16 W/16, N 64 H/8 W/8, N 48 H/4 W/4."""

    sixteenth: Tensor
    eighth: Tensor
    quarter: Tensor


SEEN = (_TOKENS, _FROM_EIGHTH, _FROM_QUARTER)


def _convolution(inputs: int, outputs: int, kernel: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class _Residual(nn.Module):
    """Two 3 x 3 convolutions, added to their input; at first they add nothing."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _convolution(width, width, 3)
        norm = nn.BatchNorm2d(width)
        nn.init.zeros_(norm.weight)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, padding=1, bias=False), norm)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(self.first(x)))


class Neck(nn.Module):
    """The encoder's features, made narrow. ``dropped`` is the share of feature maps that training leaves out."""

    def __init__(self, encoder: str, dropped: float = 0.1) -> None:
        super().__init__()
        half, quarter, eighth, sixteenth, _ = widths(encoder)
        self.dropped = dropped
        self.sixteenth, self.evidence = nn.Conv2d(sixteenth, _TOKENS, 1), nn.Conv2d(_EVIDENCE, _TOKENS, 1)
        self.overall, self.norm = nn.Linear(_EVIDENCE, _TOKENS), nn.BatchNorm2d(_TOKENS)
        self.eighth = nn.Conv2d(eighth, _FROM_EIGHTH, 1)
        self.quarter = nn.Conv2d(quarter + 4 * half + GRID**2, _FROM_QUARTER, 1)

    def forward(self, lightness: Tensor, features: list[Tensor], evidence: Tensor) -> Seen:
        """``lightness`` N 1 H W in [0, 1], the encoder's features and its evidence."""
        half, quarter, eighth, sixteenth = (F.dropout2d(feature, self.dropped, self.training) for feature in features[:4])
        evidence = F.dropout2d(evidence, 2 * self.dropped, self.training)
        tokens = self.sixteenth(sixteenth) + self.overall(evidence.mean((2, 3)))[:, :, None, None]
        tokens = tokens + F.interpolate(self.evidence(evidence), scale_factor=2.0, mode="bilinear", align_corners=False)
        fine = F.pixel_unshuffle(4 * lightness.to(quarter.dtype) - 2, GRID)
        return Seen(self.norm(tokens), self.eighth(eighth), self.quarter(torch.cat([quarter, F.pixel_unshuffle(half, 2), fine], 1)))


class Decoder(nn.Module):
    """What was seen and what is said to features N 40 H/4 W/4, to ab and to the distribution over the 313 bins."""

    def __init__(self, dropped: float = 0.1) -> None:
        super().__init__()
        self.hints = nn.Conv2d(_HINT * GRID**2 + _HINT, _TOKENS, 1)
        self.global_hints = nn.Sequential(nn.Linear(GLOBAL_INPUTS, _GLOBALS), nn.ReLU(), nn.Linear(_GLOBALS, _TOKENS))
        self.propagation = HintPropagation(_FROM_EIGHTH + _TOKENS)
        self.propagated_sixteenth = nn.Conv2d(HintPropagation.OUTPUTS, _TOKENS, 1)
        self.propagated_eighth = nn.Conv2d(HintPropagation.OUTPUTS, _FROM_EIGHTH, 1)
        self.blocks = nn.ModuleList(GlobalAttention(_TOKENS, dropped) for _ in range(_BLOCKS))
        self.to_eighth = nn.Conv2d(_TOKENS, 4 * _FROM_EIGHTH, 1)
        self.join_eighth = _convolution(2 * _FROM_EIGHTH + _HINT, _EIGHTH, 1)
        self.eighth = nn.Sequential(_Residual(_EIGHTH), _Residual(_EIGHTH))
        self.to_quarter = nn.Conv2d(_EIGHTH, 4 * _FROM_QUARTER, 1)
        self.join_quarter = _convolution(2 * _FROM_QUARTER + _HINT, _QUARTER, 1)
        self.quarter = _Residual(_QUARTER)
        self.ab, self.logits = nn.Conv2d(_QUARTER, 2, 1), nn.Conv2d(_QUARTER, len(bins()), 1)
        nn.init.zeros_(self.ab.weight)  # before it has learned anything, a photo stays gray

    def forward(self, seen: Seen, hints: Tensor, global_hints: Tensor, unhinted: int = 0) -> Tensor:
        """``hints`` N 3 H/4 W/4 (see `cells`), ``global_hints`` N 316 (see `huefill_models.hints.global_statistics.join`).

        The first ``unhinted`` pictures are known to have no hint: propagation leaves them out.
        """
        hints = hints.to(seen.quarter.dtype)
        at_eighth, at_sixteenth = _mean_hints(hints, 2), _mean_hints(hints, 4)
        tokens = seen.sixteenth + self.global_hints(global_hints)[:, :, None, None]
        found = None
        # Without any hint anywhere, what is made for hints is no part of an exported file.
        if unhinted < len(hints):
            tokens = tokens + self.hints(_STRONGER * torch.cat([F.pixel_unshuffle(hints, GRID), at_sixteenth], 1))
            looks = torch.cat([seen.eighth, F.interpolate(seen.sixteenth, scale_factor=2.0, mode="nearest")], 1)
            found = self.propagation(looks[unhinted:], at_eighth[unhinted:]).to(hints.dtype)
            if unhinted:
                found = torch.cat([found.new_zeros(unhinted, *found.shape[1:]), found])
            tokens = tokens + self.propagated_sixteenth(_STRONGER * F.avg_pool2d(found, 2))
        else:
            tokens = tokens + _bias(self.hints) + _bias(self.propagated_sixteenth)
        for block in self.blocks:
            tokens = block(tokens)
        up = F.pixel_shuffle(self.to_eighth(tokens), 2)
        up = up + (_bias(self.propagated_eighth) if found is None else self.propagated_eighth(_STRONGER * found))
        eighth = self.eighth(self.join_eighth(torch.cat([up, seen.eighth, _STRONGER * at_eighth], 1)))
        up = F.pixel_shuffle(self.to_quarter(eighth), 2)
        return self.quarter(self.join_quarter(torch.cat([up, seen.quarter, _STRONGER * hints], 1)))  # type: ignore[no-any-return]

    def classify(self, features: Tensor, index: Tensor) -> Tensor:
        """Logits N K 313 at the places ``index`` N K int64 of the flat grid."""
        columns = features.flatten(2).gather(2, index[:, None].expand(-1, features.shape[1], -1)).transpose(1, 2)
        return F.linear(columns, self.logits.weight[:, :, 0, 0], self.logits.bias)


class HintsNetwork(nn.Module):
    """``encoder``: one of `huefill_models.encoders.efficientnet_lite.VARIANTS`. It stays as it was trained by others."""

    def __init__(self, encoder: str = "lite1") -> None:
        super().__init__()
        self.encoder = EfficientNetLite(encoder).requires_grad_(False)
        del self.encoder.classifier  # what speaks for each class is used, which class it is never
        self.neck, self.decoder = Neck(encoder), Decoder()

    def train(self, mode: bool = True) -> HintsNetwork:
        """The encoder stays in evaluation mode: its batch norms keep what they learned."""
        super().train(mode)
        self.encoder.eval()
        return self

    def see(self, lightness: Tensor) -> Seen:
        """``lightness`` N 1 H W in [0, 1] (L* / 100), H and W multiples of 32."""
        with torch.no_grad():
            gray = lab_to_rgb(torch.cat([100 * lightness, torch.zeros_like(lightness), torch.zeros_like(lightness)], 1))
            features = self.encoder(gray)
            evidence = self.encoder.evidence(features)
        return self.neck(lightness, features, evidence)  # type: ignore[no-any-return]

    def forward(self, lightness: Tensor, ab: Tensor, mask: Tensor, global_hints: Tensor) -> tuple[Tensor, Tensor]:
        """``lightness`` N 1 H W as (L - 50) / 100, ``ab`` N 2 H W / 110 (0 without a hint), ``mask`` N 1 H W, ``global_hints`` N 316 1 1.

        Gives ab / 110, N 2 H W, and the logits N K 313 at all places of the quarter-size grid, row by row.
        """
        features = self.decoder(self.see(lightness + 0.5), cells(ab, mask), global_hints.flatten(1))
        out = F.interpolate(self.decoder.ab(features), scale_factor=float(GRID), mode="bilinear", align_corners=False)
        return out, self.decoder.logits(features).flatten(2).transpose(1, 2)


def cells(ab: Tensor, mask: Tensor) -> Tensor:
    """``ab`` N 2 H W / 110 and ``mask`` N 1 H W to N 3 H/4 W/4: the mean ab of each cell's hinted pixels, and 1 where there are any."""
    covered = F.avg_pool2d(mask, GRID)
    return torch.cat([F.avg_pool2d(ab * mask, GRID) / covered.clamp_min(1 / GRID**2), (covered > 0).to(ab.dtype)], 1)


def _mean_hints(hints: Tensor, factor: int) -> Tensor:
    """The same on a grid that is coarser by ``factor``; last, the share of cells that are hinted."""
    pooled = F.avg_pool2d(hints, factor)
    return torch.cat([pooled[:, :2] / pooled[:, 2:].clamp_min(0.5 / factor**2), pooled[:, 2:]], 1)


def _bias(layer: nn.Conv2d) -> Tensor:
    """What the layer gives where there is nothing."""
    assert layer.bias is not None
    return layer.bias[:, None, None]


def from_ab(ab: Tensor) -> Tensor:
    """The decoder's ``ab`` in units of CIE Lab."""
    return ab * REACH
