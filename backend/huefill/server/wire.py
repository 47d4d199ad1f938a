"""Bodies to arrays and back. The layout itself is the client's (`huefill_protocol.wire`): both ends share one parser."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import numpy.typing as npt

from huefill.tasks.contract import Result
from huefill_protocol.wire import Tensor, pack, unpack

Array = npt.NDArray[Any]

_DTYPES: dict[str, np.dtype[Any]] = {"U8": np.dtype("<u1"), "U16": np.dtype("<u2"), "F32": np.dtype("<f4")}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


def arrays_from_body(body: bytearray | bytes) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays (uint8, uint16 or float32; views into ``body``) and the JSON values. Raises `huefill_protocol.wire.WireError`."""
    tensors, values = unpack(body)
    return {name: _array(tensor) for name, tensor in tensors.items()}, values


def body_from_result(result: Result) -> list[Any]:
    """The buffers of a result's body, in order; the pixels are not copied where they lie in one piece."""
    values = {"origin": [int(item) for item in result.origin], "recipe": result.recipe, "seconds": result.seconds}
    return pack({"image": _tensor(result.image), "alpha": _tensor(result.alpha)}, values)


def _array(tensor: Tensor) -> Array:
    array: Array = np.frombuffer(tensor.data, dtype=_DTYPES[tensor.dtype]).reshape(tensor.shape)
    # A foreign client may write a header of odd length; libraries below want aligned numbers of the machine's own order.
    return np.require(array, array.dtype.newbyteorder("="), ["ALIGNED"]) if sys.byteorder == "big" or not array.flags.aligned else array


def _tensor(array: Array) -> Tensor:
    plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return Tensor(_NAMES[plain.dtype], plain.shape, plain.data)
