"""Exported files: a network may be several of them under one card, and each keeps its weights as they were trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from huefill.runtime.store import ModelStore
from huefill_models import card
from huefill_models.card import Sizes, part_file
from huefill_models.harness.export import Exportable, InParts, difference, write_parts
from huefill_models.onnx_reading import weights


class Graph(Exportable):
    """A convolution with its norm, as many channels out as in."""

    sizes = Sizes(minimum=8, multiple=4)

    def __init__(self, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        super().__init__()
        self.inputs, self.outputs = inputs, outputs
        self.layers = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1, bias=False), nn.BatchNorm2d(1))
        for value in self.state_dict().values():
            if value.is_floating_point():
                value.copy_(torch.rand_like(value) + 0.5)

    def forward(self, first: Tensor, second: Tensor | None = None) -> Tensor:
        return self.layers(first if second is None else first + second)  # type: ignore[no-any-return]

    def example(self, height: int, width: int, seed: int = 0) -> dict[str, Tensor]:
        random = torch.Generator().manual_seed(seed)
        return {name: torch.rand(1, 1, height, width, generator=random) for name in self.inputs}

    def dynamic(self) -> dict[str, Any]:
        rows, columns = torch.export.Dim("rows", min=2, max=64), torch.export.Dim("columns", min=2, max=64)
        return {name: {2: 4 * rows, 3: 4 * columns} for name in self.inputs}

    def description(self) -> dict[str, Any]:
        return {"inputs": dict.fromkeys(self.inputs, "a map"), "outputs": dict.fromkeys(self.outputs, "another")}


def test_several_parts_lie_beside_each_other_under_one_card(tmp_path: Path) -> None:
    whole = InParts({"role": "doubling"}, {"first": Graph(("x",), ("y",)), "second": Graph(("y", "z"), ("out",))}).eval()
    files = write_parts(whole, tmp_path / "mine" / "mine.onnx")
    assert files == {"first": "mine_first.onnx", "second": "mine_second.onnx"}
    made = card.write(tmp_path / "mine", {"name": "mine", **whole.description()}, files)
    assert set(made.inputs) == {"x", "z"} and set(made.outputs) == {"y", "out"}
    ModelStore([tmp_path]).verify(made)
    assert difference(whole, tmp_path / "mine" / "mine.onnx", (8, 8), (20, 37)) < 1e-5


def test_one_part_has_the_name_that_was_given(tmp_path: Path) -> None:
    assert write_parts(Graph(("x",), ("y",)).eval(), tmp_path / "mine.onnx") == {card.NETWORK: "mine.onnx"}
    assert part_file(tmp_path / "mine.onnx", card.NETWORK).is_file()


def test_a_batch_norm_is_not_made_part_of_the_convolution_before_it(tmp_path: Path) -> None:
    """Training starts again from the file: every weight has to be there, under its name, as it was."""
    graph = Graph(("x",), ("y",)).eval()
    write_parts(graph, tmp_path / "mine.onnx")
    stored = weights(tmp_path / "mine.onnx")
    for name, value in graph.state_dict().items():
        if value.is_floating_point():
            assert torch.equal(torch.tensor(stored[name]), value), name
