"""A torch module as one self-contained ONNX file."""

from __future__ import annotations

import contextlib
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from huefill_models.onnx_reading import HALF

OPSET = 18


# Smaller tensors are biases and constants of the arithmetic: they stay in single precision.
_LEAST_HALVED = 1024


def write(
    network: nn.Module,
    example: tuple[Tensor, ...],
    path: Path,
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
    dynamic: tuple[Any, ...],
    half: bool = False,
) -> None:
    """Export ``network`` with ``example`` inputs to ``path``, atomically; ``dynamic`` is torch.onnx's ``dynamic_shapes``.

    With ``half`` the weights are stored in half precision and computed with in single: the file is half as large.
    """
    with _quiet():
        program = torch.onnx.export(
            network,
            example,
            dynamo=True,
            opset_version=OPSET,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_shapes=dynamic,
            verbose=False,
            optimize=False,
        )
        assert program is not None
        _simplify(program.model, set(network.state_dict()))
    model = program.model_proto
    _forget_origin(model)
    if half:
        _halve(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(model.SerializeToString())
    os.replace(beside, path)


def _simplify(model: Any, names: set[str]) -> None:
    """Fold constants, but never a weight: training may start again from the file (`huefill_models.harness.start`).

    Meanwhile the weights count as inputs, which nothing may be computed from beforehand: a batch norm, for example, would be made part of
    the convolution before it. ONNX Runtime does all this when it loads the file.
    """
    from onnxscript import optimizer

    weights = [value for name, value in model.graph.initializers.items() if name in names]
    model.graph.inputs.extend(weights)
    optimizer.optimize_ir(model)
    del model.graph.inputs[len(model.graph.inputs) - len(weights) :]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns of libraries that are not used here, of names that do not matter, and of weights that are kept as was asked."""
    loggers = {logger: logger.level for logger in map(logging.getLogger, ("torch.onnx", "onnx_ir"))}
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, before in loggers.items():
            logger.setLevel(before)


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


def _halve(model: Any) -> None:
    """Store large weights as float16 behind a Cast, which ONNX Runtime folds away when it loads the file."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < _LEAST_HALVED:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype("float16"), name + HALF))
        casts.append(helper.make_node("Cast", [name + HALF], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
