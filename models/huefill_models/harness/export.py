"""Trained networks as ONNX files with their cards: one way for every network.

``python -m huefill_models.harness.export CHECKPOINT [CHECKPOINT …] OUT.onnx [--data DIR …] [--scores FILE] [--full]``
"""

from __future__ import annotations

import argparse
import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from huefill_models import card
from huefill_models.architecture import architectures
from huefill_models.card import Sizes
from huefill_models.harness import checkpoint, onnx_file

_COMPARED = ((64, 64), (128, 200), (256, 256))


class Exportable(nn.Module):
    """What is exported of a network: tensors in pixels that a card describes, in and out.

    ``inputs`` and ``outputs`` are the names of forward's arguments and results, ``sizes`` what it takes; ``scales`` the unit of each
    output, 1 unless said, in which it is compared with the exported file; infinite for a choice, which a rounding may turn.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    sizes: Sizes
    scales: tuple[float, ...] = ()

    def parts(self) -> dict[str, Exportable]:
        """The only file of the card."""
        return {card.NETWORK: self}

    def fitting(self, height: int, width: int) -> tuple[int, int]:
        """The size next to this one, larger where it has to be, that the network takes."""
        multiple, least = self.sizes.multiple, self.sizes.minimum
        rows, columns = (-(-max(side, least) // multiple) * multiple for side in (height, width))
        return rows, columns

    @abstractmethod
    def example(self, height: int, width: int, seed: int = 0) -> dict[str, Tensor]:
        """Random inputs by name for a picture of this size."""

    @abstractmethod
    def dynamic(self) -> dict[str, Any]:
        """torch.onnx's ``dynamic_shapes`` by input; what is left out has one shape."""

    @abstractmethod
    def description(self) -> dict[str, Any]:
        """What a card says of it: role, inputs, outputs, sizes, detail, color."""


class InParts(nn.Module):
    """What is exported of a network as several files under one card, each a graph of its own.

    A part takes what it needs, by name, of the inputs and of what the parts before it gave. ``facts`` is what the card says of the whole.
    """

    def __init__(self, facts: Mapping[str, Any], parts: Mapping[str, Exportable]) -> None:
        super().__init__()
        self.facts, self.graphs, self._parts = dict(facts), nn.ModuleDict(parts), dict(parts)

    def parts(self) -> dict[str, Exportable]:
        """The graphs by the names that their files have in the card, in the order in which they run."""
        return dict(self._parts)

    def description(self) -> dict[str, Any]:
        """What the card says: every tensor once, an input where no part gives it."""
        described = [part.description() for part in self.parts().values()]
        outputs = {name: meaning for part in described for name, meaning in part["outputs"].items()}
        inputs = {name: meaning for part in described for name, meaning in part["inputs"].items() if name not in outputs}
        return {**self.facts, "inputs": inputs, "outputs": outputs}


def write_parts(exported: Exportable | InParts, onnx: Path, *, half: bool = False) -> dict[str, str]:
    """`write` for every part; gives the names of the files by part, as `card.write` takes them."""
    files = {}
    for name, graph in exported.parts().items():
        write(graph, card.part_file(onnx, name), half=half)
        files[name] = card.part_file(onnx, name).name
    return files


def difference(exported: Exportable | InParts, onnx: Path, *sizes: tuple[int, int]) -> float:
    """The largest of `largest_difference` over the parts and the ``sizes``."""
    return max(largest_difference(graph, card.part_file(onnx, name), *size) for name, graph in exported.parts().items() for size in sizes)


def write(network: Exportable, path: Path, *, half: bool = False) -> None:
    """Write one self-contained ONNX file, atomically; ``half`` as in `onnx_file.write`."""
    shapes = network.dynamic()
    onnx_file.write(
        network,
        tuple(network.example(*network.fitting(64, 96)).values()),
        path,
        inputs=network.inputs,
        outputs=network.outputs,
        dynamic=tuple(shapes.get(name) for name in network.inputs),
        half=half,
    )


def largest_difference(network: Exportable, path: Path, height: int, width: int) -> float:
    """The largest absolute difference between torch and ONNX Runtime on random inputs of about this size, in the network's ``scales``."""
    import onnxruntime

    given = network.example(*network.fitting(height, width), seed=1)
    with torch.no_grad():
        expected = network(*given.values())
    expected = expected if isinstance(expected, tuple) else (expected,)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors alone: it tells of every bias that it folds
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    out = session.run(None, {name: value.numpy() for name, value in given.items()})
    scales = network.scales or (1.0,) * len(out)
    return max(float((torch.from_numpy(o) - e).abs().max()) / scale for o, e, scale in zip(out, expected, scales, strict=True))


def from_checkpoints(paths: Sequence[Path]) -> tuple[Exportable | InParts, dict[str, Any]]:
    """What is exported of training checkpoints, and the last one's state: its averaged network; of several, the mean of their weights."""
    states = [checkpoint.load(path) for path in paths]
    last = states[-1]
    architecture = architectures()[last["recipe"]]
    network = architecture.build(last["variant"], **last["options"])
    averages = [state["average"] for state in states]
    # Counts (of batches, in batch norms) have no mean: the last one's do.
    mean = {
        name: torch.stack([weights[name].double() for weights in averages]).mean(0) if value.is_floating_point() else value
        for name, value in last["average"].items()
    }
    network.load_state_dict(mean)
    return architecture.wrap(network, last["variant"]).eval(), last


def facts_of(state: Mapping[str, Any], former: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A card's facts of a training ``state``. What a ``former`` card says of licence, source, data and use stays."""
    training = {
        **former.get("training", {}),
        "minutes": round(state["seconds"] / 60, 1),
        "steps": state["step"],
        "arguments": state["arguments"],
    }
    return {
        "name": name,
        "title": f"{state['recipe']}, trained by its user",
        **{key: value for key, value in former.items() if key not in ("score", "scores")},
        "architecture": state["recipe"],
        "variant": state["variant"],
        "options": state["options"],
        "training": training,
    }


def export(
    paths: Sequence[Path], onnx: Path, *, half: bool = True, scores: Mapping[str, Any] | None = None, data: Sequence[Path] = ()
) -> card.Card:
    """Export the checkpoints ``paths`` to ``onnx`` and write its card beside it.

    It is measured on the photographs in ``data``, or has ``scores`` from elsewhere (their key "score" is the card's score).
    """
    network, state = from_checkpoints(paths)
    files = write_parts(network, onnx, half=half)
    there = onnx.parent / card.CARD
    former = dict(card.read(there).facts) if there.exists() else {}
    facts = {**facts_of(state, former, former.get("name", onnx.stem)), **network.description()}
    facts["difference_from_torch"] = difference(network, onnx, *_COMPARED)
    if scores is not None:
        facts |= {"score": scores.get("score", {}), "scores": {key: value for key, value in scores.items() if key != "score"}}
    made = card.write(onnx.parent, facts, files)
    evaluate = architectures()[state["recipe"]].evaluate
    if data and evaluate is not None:
        facts["score"], facts["scores"] = evaluate(onnx.parent, list(data))
        made = card.write(onnx.parent, facts, files)
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m huefill_models.harness.export", description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+", help="of one training; the last one is the newest")
    parser.add_argument("onnx", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", default=[], help="folders of photographs to measure the network on")
    parser.add_argument("--scores", type=Path, help="a JSON file of scores measured elsewhere")
    parser.add_argument("--full", action="store_true", help="keep weights in single precision")
    given = parser.parse_args(arguments)
    scores = json.loads(given.scores.read_text(encoding="utf-8")) if given.scores else None
    made = export(given.checkpoints, given.onnx, half=not given.full, scores=scores, data=given.data)
    difference = made.facts["difference_from_torch"]
    print(f"{given.onnx}: {made.bytes / 2**20:.1f} MB, largest difference from torch {difference:.2e}, {dict(made.score)}")


if __name__ == "__main__":
    main()
