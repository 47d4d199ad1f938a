"""What an inpainting network takes and gives: as a backbone in torch, and as the ONNX file that the backend runs.

A backbone is a module that takes ``x`` N 5 H W and ``hole`` N 1 H W (1 in the hole) and gives one or more N C H W in [-1, 1], the last the
best. C is 3 for the variant "rgb" and 1 for "mono" (the monochromic bottleneck of Wang et al. 2021, section 3.1). ``x`` is the photo in
[-1, 1] with 0 in the hole, then the gray of the same kind ("mono") or ones ("rgb"), then the hole: any backbone becomes mono that way.

A backbone whose inner parts have losses of their own (an edge network) has a method ``learn(x, hole, truth)`` beside its forward; ``truth``
N C H W in [-1, 1] is what it is to give. It gives its stages and these losses by name, weighted; training calls it in forward's place.
Where such a part has a critic of its own, the backbone has ``critics``, its channels by name, and `learn` gives as a third what each is
shown (`huefill_models.inpainting.adversary.Shown`) by name.

A card describes tensors by objects, which the backend's engine obeys (`huefill.tasks.inpainting.engines.network`)::

    inputs   {"channels": planes in order, of "r", "g", "b", "gray", "hole" and "known" (masks), "ones";
              "range": [black, white] of the picture's planes, [0, 1] unless said;
              "mask": [value elsewhere, value in the plane's own part], [0, 1] unless said;
              "in_hole": the value that the picture's planes have in the hole, the photo's own unless said;
              "type": "float32" or "uint8"; "layout": "nchw" or "nhwc"}
    outputs  {"channels": ["gray"] or ["r", "g", "b"] in the network's order, "range", "layout"}: the whole picture; the caller composes
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from huefill_models.card import MEASURES, Sizes
from huefill_models.harness.export import Exportable
from huefill_models.lab import GRAY

ROLE = "inpainting"
# PSNR in dB of the gray in the hole, see `huefill_models.inpainting.evaluate`.
SCORE = MEASURES[ROLE]


def planes(rgb: Tensor, hole: Tensor, variant: str) -> tuple[Tensor, Tensor]:
    """``rgb`` N 3 H W in [0, 1], ``hole`` N 1 H W in {0, 1}: a backbone's x (N 5 H W), and what it is to give (N C H W in [-1, 1])."""
    rgb = rgb * 2 - 1
    if variant == "rgb":
        return torch.cat([rgb * (1 - hole), torch.ones_like(hole), hole], dim=1), rgb
    weights = torch.tensor(GRAY, dtype=rgb.dtype, device=rgb.device).view(1, 3, 1, 1)
    gray = (rgb * weights).sum(1, keepdim=True)
    return torch.cat([rgb * (1 - hole), gray * (1 - hole), hole], dim=1), gray


def channels(variant: str) -> int:
    """Of what a backbone of the variant gives."""
    return {"rgb": 3, "mono": 1}[variant]


class Inpainter(Exportable):
    """What is exported: ``image`` 1 3 H W in [0, 1] and ``hole`` 1 1 H W in {0, 1} give ``gray`` 1 1 H W or ``rgb`` 1 3 H W in [0, 1].

    The image's values in the hole do not matter. Outside the hole the result is near the image's own, not equal to it. H and W are
    multiples of the multiple in ``sizes``.
    """

    inputs = ("image", "hole")

    def __init__(self, backbone: nn.Module, variant: str, sizes: Sizes) -> None:
        super().__init__()
        self.backbone, self.variant, self.sizes = backbone, variant, sizes
        self.outputs = ("rgb" if variant == "rgb" else "gray",)

    def forward(self, image: Tensor, hole: Tensor) -> Tensor:
        x, _ = planes(image, hole, self.variant)
        stages: tuple[Tensor, ...] = self.backbone(x, hole)
        return stages[-1] * 0.5 + 0.5

    def example(self, height: int, width: int, seed: int = 0) -> dict[str, Tensor]:
        random = torch.Generator().manual_seed(seed)
        blocks = (torch.rand(1, 1, -(-height // 8), -(-width // 8), generator=random) < 0.3).float()
        hole = torch.kron(blocks, torch.ones(1, 1, 8, 8))[:, :, :height, :width].contiguous()
        return {"image": torch.rand(1, 3, height, width, generator=random), "hole": hole}

    def dynamic(self) -> dict[str, Any]:
        multiple = self.sizes.multiple
        least = -(-max(32, self.sizes.minimum) // multiple)
        rows, columns = (torch.export.Dim(name, min=least, max=4096 // multiple) for name in ("rows", "columns"))
        sides = {2: multiple * rows, 3: multiple * columns}
        return dict.fromkeys(self.inputs, sides)

    def description(self) -> dict[str, Any]:
        colors = ["r", "g", "b"]
        return {
            "role": ROLE,
            "inputs": {"image": {"channels": colors, "range": [0, 1]}, "hole": {"channels": ["hole"], "mask": [0, 1]}},
            "outputs": {self.outputs[0]: {"channels": colors if self.variant == "rgb" else ["gray"], "range": [0, 1]}},
            "sizes": self.sizes.to_json(),
            "detail": "exemplar",
            "color": "keep" if self.variant == "rgb" else "internal",
        }
