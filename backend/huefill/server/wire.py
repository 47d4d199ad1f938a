"""Bodies to arrays and back. The layout itself is `huefill_protocol.wire`: both ends share one parser."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.tasks.contract import Layer, Result
from huefill_protocol.wire import BGRA, DOCUMENT_TENSORS, Tensor, pack, unpack

Array = npt.NDArray[Any]

_DTYPES: dict[str, np.dtype[Any]] = {"U8": np.dtype("<u1"), "U16": np.dtype("<u2"), "F32": np.dtype("<f4")}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


def arrays_from_body(body: bytearray | bytes) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays (uint8, uint16 or float32; views into ``body``) and the JSON values. Raises `huefill_protocol.wire.WireError`."""
    tensors, values = unpack(body)
    return {name: _array(tensor) for name, tensor in tensors.items()}, values


def in_rgba(tensors: Mapping[str, Array], order: str) -> dict[str, Array]:
    """The tensors with the document's own pixels in R, G, B, A; ``order`` is that in which they came, "rgba" or "bgra"."""
    return {name: _reordered(array, order) if name in DOCUMENT_TENSORS else array for name, array in tensors.items()}


def body_from_result(result: Result, order: str) -> list[Any]:
    """The buffers of a result's body, its pixels in ``order``; they are copied only where that order is another, or they lie scattered."""
    tensors = _tensors("layers", result.layers, order)
    for number, layers in enumerate(result.variants):
        tensors |= _tensors(f"variants/{number}/layers", layers, order)
    if result.selection is not None:
        tensors["selection"] = _tensor(result.selection)
    values = {
        "layers": _described(result.layers),
        "variants": [_described(layers) for layers in result.variants],
        "recipe": result.recipe,
        "seconds": result.seconds,
        "warnings": [warning.to_wire() for warning in result.warnings],
    }
    return pack(tensors, _readable(values))


def _readable(value: Any) -> Any:
    """What every JSON reader takes: half a surrogate pair, as in the name of a file that is no text, is a question mark, and what is no
    finite number is null. A finished result is not lost for a word in its record."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {_readable(name): _readable(item) for name, item in value.items()}
    return [_readable(item) for item in value] if isinstance(value, (list, tuple)) else value


def body(arrays: Mapping[str, Array], values: Mapping[str, Any]) -> list[Any]:
    """The buffers of a body of these arrays and JSON values."""
    return pack({name: _tensor(array) for name, array in arrays.items()}, values)


def _tensors(prefix: str, layers: Sequence[Layer], order: str) -> dict[str, Tensor]:
    return {f"{prefix}/{number}": _tensor(_reordered(one.pixels, order)) for number, one in enumerate(layers)}


def _described(layers: Sequence[Layer]) -> list[dict[str, Any]]:
    return [{"name": one.name, "origin": [int(item) for item in one.origin], "visible": one.visible} for one in layers]


def _reordered(pixels: Array, order: str) -> Array:
    """Between R, G, B(, A) and ``order``, which is its own way back. Gray and floats have the same order in both."""
    if order != BGRA or pixels.ndim != 3 or pixels.shape[2] < 3 or pixels.dtype.kind != "u":
        return pixels
    out = pixels.copy()
    out[..., 0], out[..., 2] = pixels[..., 2], pixels[..., 0]
    return out


def _array(tensor: Tensor) -> Array:
    array: Array = np.frombuffer(tensor.data, dtype=_DTYPES[tensor.dtype]).reshape(tensor.shape)
    # A foreign client may write a header of odd length; libraries below want aligned numbers of the machine's own order.
    return np.require(array, array.dtype.newbyteorder("="), ["ALIGNED"]) if sys.byteorder == "big" or not array.flags.aligned else array


def _tensor(array: Array) -> Tensor:
    plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return Tensor(_NAMES[plain.dtype], plain.shape, plain.data)
