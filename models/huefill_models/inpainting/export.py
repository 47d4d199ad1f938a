"""The trained generator as ONNX: pixels in, gray out, height and width dynamic.

``python -m huefill_models.inpainting.export CHECKPOINT OUT.onnx``
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from huefill_models.deepfill.network import Generator, monochrome, monochrome_input
from huefill_models.harness import checkpoint, onnx_file

MULTIPLE = 8


class Reconstructor(nn.Module):
    """What is exported: ``image`` 1 3 H W in [0, 1] and ``hole`` 1 1 H W in {0, 1} give ``gray`` 1 1 H W in [0, 1].

    The image's values in the hole do not matter. The gray is 0.30 R + 0.59 G + 0.11 B as reconstructed: outside the hole
    it is near the image's own, not equal to it. H and W are multiples of 8.
    """

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, image: Tensor, hole: Tensor) -> Tensor:
        x, _ = monochrome_input(image, hole)
        _, refined = self.generator(x, hole)
        return refined * 0.5 + 0.5


def from_checkpoint(path: Path) -> Reconstructor:
    """The averaged generator of a training checkpoint, ready for use."""
    state = checkpoint.load(path)
    generator = monochrome(state["arguments"]["width"])
    generator.load_state_dict(state["average"])
    return Reconstructor(generator).eval()


def export(network: Reconstructor, path: Path) -> None:
    """Write one self-contained ONNX file, atomically."""
    rows, columns = torch.export.Dim("rows", min=4, max=512), torch.export.Dim("columns", min=4, max=512)
    sizes = {2: MULTIPLE * rows, 3: MULTIPLE * columns}
    example = (torch.rand(1, 3, 64, 96), torch.zeros(1, 1, 64, 96))
    onnx_file.write(network, example, path, inputs=["image", "hole"], outputs=["gray"], dynamic=(sizes, sizes))


def largest_difference(network: Reconstructor, path: Path, height: int, width: int, seed: int = 0) -> float:
    """The largest absolute difference between torch and ONNX Runtime on a random picture with a random hole."""
    import onnxruntime

    rng = np.random.default_rng(seed)
    image: npt.NDArray[np.float32] = rng.random((1, 3, height, width), np.float32)
    hole = np.kron(rng.random((1, 1, height // 8, width // 8)) < 0.3, np.ones((8, 8))).astype(np.float32)
    with torch.no_grad():
        expected = network(torch.from_numpy(image), torch.from_numpy(hole)).numpy()
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (given,) = session.run(["gray"], {"image": image, "hole": hole})
    return float(np.abs(given - expected).max())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m huefill_models.inpainting.export", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("onnx", type=Path)
    given = parser.parse_args()
    network = from_checkpoint(given.checkpoint)
    export(network, given.onnx)
    for height, width in ((64, 64), (128, 200), (256, 256)):
        print(f"{width} x {height}: largest difference from torch {largest_difference(network, given.onnx, height, width):.2e}")


if __name__ == "__main__":
    main()
