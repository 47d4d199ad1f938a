"""A torch module as one self-contained ONNX file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

OPSET = 18


def write(
    network: nn.Module, example: tuple[Tensor, ...], path: Path, *, inputs: Sequence[str], outputs: Sequence[str], dynamic: tuple[Any, ...]
) -> None:
    """Export ``network`` with ``example`` inputs to ``path``, atomically; ``dynamic`` is torch.onnx's ``dynamic_shapes``."""
    program = torch.onnx.export(
        network,
        example,
        dynamo=True,
        opset_version=OPSET,
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_shapes=dynamic,
        verbose=False,
    )
    assert program is not None
    model = program.model_proto
    _forget_origin(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(model.SerializeToString())
    os.replace(beside, path)


def _forget_origin(model: Any) -> None:
    """Drop the stack traces that the exporter writes beside every node: half a megabyte of paths of the machine it ran on."""
    del model.metadata_props[:]
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*model.graph.value_info, *model.graph.initializer, *model.graph.input, *model.graph.output):
        del value.metadata_props[:]
        value.doc_string = ""
    del model.graph.value_info[:]
    model.graph.doc_string = ""
    del model.graph.metadata_props[:]
