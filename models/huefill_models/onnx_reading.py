"""What an ONNX file holds, read without running it and without torch: its weights by name, and the files it keeps data in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

# Added to the name of a weight that is stored in half precision (`huefill_models.harness.onnx_file`).
HALF = "_half"
# The key under which ONNX names a file of external data; a file without these bytes has none.
_LOCATION = b"location"


def external_files(path: Path) -> set[str]:
    """Names of the files beside ``path`` that it reads data from; raises ValueError for a file that is no ONNX, OSError as reading does."""
    if not _contains(path, _LOCATION):
        return set()
    import onnx

    entries = (entry for tensor in _tensors(_model(path, onnx), onnx.TensorProto) for entry in tensor.external_data)
    return {entry.value for entry in entries if entry.key == "location"}


def weights(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The weights (initializers) by their names in the network that was exported, in single precision where they are floats.

    Raises ValueError for a file that is no ONNX.
    """
    import onnx
    from onnx import numpy_helper

    found = {}
    for tensor in _model(path, onnx).graph.initializer:
        values = numpy_helper.to_array(tensor, str(path.parent))
        half = values.dtype == np.float16
        found[tensor.name.removesuffix(HALF) if half else tensor.name] = values.astype(np.float32) if half else values
    return found


def _model(path: Path, onnx: Any) -> Any:
    from google.protobuf.message import DecodeError

    try:
        return onnx.load(str(path), load_external_data=False)
    except DecodeError as error:
        raise ValueError("it is not an ONNX file") from error


def _tensors(message: Any, kind: type) -> Iterator[Any]:
    """Every tensor in a message: weights, constants in attributes, those of graphs within."""
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for item in value if isinstance(value, Sequence) else (value,):
            if isinstance(item, kind):
                yield item
            else:
                yield from _tensors(item, kind)


def _contains(path: Path, word: bytes) -> bool:
    with path.open("rb") as file:
        before = b""
        while block := file.read(1 << 20):
            if word in before + block:
                return True
            before = block[-len(word) :]
    return False
