"""Networks for hints as ONNX: Lab pixels in, ab and the colors' probabilities at chosen places out, height and width dynamic.

``python -m huefill_models.hints.export CHECKPOINT [CHECKPOINT ...] OUT.onnx [--scores FILE]``
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from huefill_models import card
from huefill_models.gamut import REACH, STEP, bins
from huefill_models.harness import checkpoint, onnx_file
from huefill_models.hints import global_statistics as statistics
from huefill_models.hints.histogram_fitting import agree, blur
from huefill_models.hints.network import COMPACT, MULTIPLE, HintsNetwork, Trunk

# Zhang et al. 2017's tool softens the published networks' distribution by this factor before the softmax.
PUBLISHED_TEMPERATURE = 0.2
# How much the side branch's expectation counts beside the trunk's ab where no histogram is given (chosen by benchmarks/colorize.py).
_EXPECTED = 0.3


class LocalAndGlobal(nn.Module):
    """What is exported of our own network.

    ``lightness`` 1 1 H W in 0..100, ``ab`` 1 2 H W in -110..110 (0 without a hint), ``mask`` 1 1 H W (1 at a hint), ``histogram`` 1 313
    and ``saturation`` 1 with ``given`` 1 2 (1 where each is given), ``at`` 1 K 2 int64 (x, y on the grid of a quarter of the size).
    Gives ``ab`` 1 2 H W and ``probability`` 1 K 313. H and W are multiples of 8. The trunk's ab is drawn, at a quarter of the size,
    towards what the side branch expects on the mean; with a histogram all the way, once that branch agrees with it.
    """

    inputs = ("lightness", "ab", "mask", "histogram", "saturation", "given", "at")
    blurs: Tensor
    centres: Tensor

    def __init__(self, network: HintsNetwork) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("blurs", blur())
        self.register_buffer("centres", torch.from_numpy(bins()).float())

    def forward(
        self, lightness: Tensor, ab: Tensor, mask: Tensor, histogram: Tensor, saturation: Tensor, given: Tensor, at: Tensor
    ) -> tuple[Tensor, Tensor]:
        joined = statistics.join(histogram, saturation, given)
        rows, columns = lightness.shape[2] // 4, lightness.shape[3] // 4
        out, logits = self.network((lightness - 50) / 100, ab / REACH, mask, joined)
        probability = torch.softmax(logits, 2)
        with_histogram = given[:, :1, None]
        probability = torch.lerp(probability, agree(probability, histogram @ self.blurs), with_histogram)
        expected = (probability @ self.centres).transpose(1, 2).reshape(1, 2, rows, columns)
        share = _EXPECTED + (1 - _EXPECTED) * with_histogram[..., None]
        drawn = share * (expected - F.avg_pool2d(out * REACH, 4))
        fused = out * REACH + F.interpolate(drawn, scale_factor=4.0, mode="bilinear", align_corners=False)
        index = at[..., 1] * columns + at[..., 0]
        return fused, probability.gather(1, index[..., None].expand(-1, -1, probability.shape[2]))


class LocalOnly(nn.Module):
    """What is exported of a published network (see `importers`): as `LocalAndGlobal` without global hints.

    ``probability`` is 1 K 529, over the whole grid of ab in steps of 10, a-major. ``centre`` is what the weights expect to be
    subtracted from the mask: 0, or 0.5 for retrained ones.
    """

    inputs = ("lightness", "ab", "mask", "at")

    def __init__(self, trunk: Trunk, classes: nn.Conv2d, centre: float = 0.0) -> None:
        super().__init__()
        self.trunk, self.classes, self.centre = trunk, classes, centre

    def forward(self, lightness: Tensor, ab: Tensor, mask: Tensor, at: Tensor) -> tuple[Tensor, Tensor]:
        out, features = self.trunk((lightness - 50) / 100, ab / REACH, mask - self.centre)
        eight = features[-1]
        index = at[..., 1] * eight.shape[-1] + at[..., 0]
        columns = eight.flatten(2).gather(2, index[:, None].expand(-1, eight.shape[1], -1))
        logits = self.classes(columns[..., None])[..., 0].transpose(1, 2)
        return out * REACH, torch.softmax(PUBLISHED_TEMPERATURE * logits, 2)


Exportable = LocalAndGlobal | LocalOnly


def from_checkpoints(paths: Sequence[Path]) -> LocalAndGlobal:
    """The averaged network of a training checkpoint, ready for use; of several of one training, the mean of their weights."""
    states = [checkpoint.load(path)["average"] for path in paths]
    network = HintsNetwork(COMPACT)
    network.load_state_dict({name: torch.stack([state[name].double() for state in states]).mean(0) for name in states[0]})
    return LocalAndGlobal(network).eval()


def example(network: Exportable, height: int, width: int, seed: int = 0) -> dict[str, Tensor]:
    """Inputs by name: a random picture with random hints, two places."""
    random = torch.Generator().manual_seed(seed)
    mask = (torch.rand(1, 1, height, width, generator=random) < 0.05).float()
    every = {
        "lightness": 100 * torch.rand(1, 1, height, width, generator=random),
        "ab": 80 * (2 * torch.rand(1, 2, height, width, generator=random) - 1) * mask,
        "mask": mask,
        "histogram": torch.softmax(torch.rand(1, len(bins()), generator=random), 1),
        "saturation": torch.rand(1, generator=random),
        "given": torch.ones(1, 2),
        "at": torch.tensor([[[1, 2], [width // 4 - 1, height // 4 - 1]]]),
    }
    return {name: every[name] for name in network.inputs}


def export(network: Exportable, path: Path, *, half: bool = False) -> None:
    """Write one self-contained ONNX file, atomically; ``half`` as in `onnx_file.write`."""
    rows, columns = torch.export.Dim("rows", min=2, max=512), torch.export.Dim("columns", min=2, max=512)
    sizes = {2: MULTIPLE * rows, 3: MULTIPLE * columns}
    shapes = {"lightness": sizes, "ab": sizes, "mask": sizes, "at": {1: torch.export.Dim("places", min=1, max=4096)}}
    onnx_file.write(
        network,
        tuple(example(network, 64, 96).values()),
        path,
        inputs=network.inputs,
        outputs=["ab_out" if name == "ab" else name for name in ("ab", "probability")],
        dynamic=tuple(shapes.get(name) for name in network.inputs),
        half=half,
    )


def largest_difference(network: Exportable, path: Path, height: int, width: int) -> float:
    """The largest absolute difference between torch and ONNX Runtime: of ab in units of 110, and of the probabilities."""
    import onnxruntime

    given = example(network, height, width, seed=1)
    with torch.no_grad():
        expected = network(*given.values())
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    out = session.run(None, {name: value.numpy() for name, value in given.items()})
    scales = (REACH, 1)
    return max(float((torch.from_numpy(o) - e).abs().max()) / scale for o, e, scale in zip(out, expected, scales, strict=True))


def description(network: Exportable) -> dict[str, object]:
    """What a model card says of inputs, outputs and bins."""
    where = {"lightness": "1 1 H W, L* 0..100", "ab": "1 2 H W, -110..110, 0 without a hint", "mask": "1 1 H W, 1 at a hint, else 0"}
    where |= {"histogram": "1 313, sums to 1", "saturation": "1, 0..1", "given": "1 2, 1 where histogram, saturation are given"}
    where |= {"at": "1 K 2 int64, x y on the grid of a quarter of the size"}
    whole = isinstance(network, LocalAndGlobal)
    axis = range(-REACH, REACH + 1, STEP)
    return {
        "inputs": {name: where[name] for name in network.inputs},
        "outputs": {"ab_out": "1 2 H W, -110..110", "probability": f"1 K {313 if whole else 529}, sums to 1 at each place"},
        "multiple": MULTIPLE,
        "global_hints": whole,
        "bins": bins().tolist() if whole else [[a, b] for a in axis for b in axis],
    }


def write_card(network: Exportable, trained: Path, path: Path, scores: Path | None) -> None:
    """The card of the exported ``path``: what a card that lies there says of licence, data and use stays, the rest is of now."""
    beside = path.parent / "card.json"
    former = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {"name": path.stem, "task": "hints"}
    state = checkpoint.load(trained)
    training = {**former.get("training", {}), "minutes": round(state["seconds"] / 60, 1), "steps": state["step"]}
    facts = {**former, "training": training, **description(network)}
    if scores is not None:
        facts["scores"] = json.loads(scores.read_text(encoding="utf-8"))
    card.write(path, facts)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m huefill_models.hints.export", description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+", help="the last one is the newest")
    parser.add_argument("onnx", type=Path)
    parser.add_argument("--scores", type=Path, help="a JSON file for the card, as benchmarks/colorize.py writes it")
    given = parser.parse_args()
    network = from_checkpoints(given.checkpoints)
    export(network, given.onnx, half=True)
    write_card(network, given.checkpoints[-1], given.onnx, given.scores)
    for height, width in ((64, 64), (128, 200), (256, 256)):
        print(f"{width} x {height}: largest difference from torch {largest_difference(network, given.onnx, height, width):.2e}")


if __name__ == "__main__":
    main()
