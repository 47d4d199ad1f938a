"""The body in which pictures travel: the safetensors layout, written and read with `struct` and `json` (docs/protocol.md).

Pixels are neither copied nor looked at: a tensor's data is any bytes-like object on the way out, and a view into the
received body on the way in.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ITEM_SIZES = {"U8": 1, "U16": 2, "F32": 4}
MEDIA_TYPE = "application/x-safetensors"
# A 100-megapixel RGBA image in 16 bits is 0.8 GB; the limit leaves room for its mask and an alpha.
BODY_LIMIT = 3 << 29
HEADER_LIMIT = 1 << 20
# A result of several layers in several variants is the largest body by count.
MAX_TENSORS = 256
# The order of the channels of a document's 8- and 16-bit RGB: as files have it, or as Krita keeps it in memory. Gray and floats are the
# same in both. What is not of the document (a reference) is always R, G, B.
RGBA, BGRA = "rgba", "bgra"
PIXEL_ORDERS = (RGBA, BGRA)
DOCUMENT_TENSORS = ("image", "hints", "painted")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class WireError(ValueError):
    """The bytes are not a body of this layout; the text is one sentence for a person."""


@dataclass(frozen=True)
class Tensor:
    """``dtype`` is "U8", "U16" or "F32" (little-endian), ``shape`` (H, W, C), (H, W) or (N,), ``data`` the raw bytes in C order."""

    dtype: str
    shape: tuple[int, ...]
    data: Any

    def __post_init__(self) -> None:
        view = memoryview(self.data)
        if not view.c_contiguous:
            raise WireError("The pixels do not lie in one piece.")
        if view.nbytes != size_in_bytes(self.dtype, self.shape):
            raise WireError(f"{view.nbytes} bytes are not a {self.dtype} tensor of shape {self.shape}.")


def size_in_bytes(dtype: str, shape: tuple[int, ...]) -> int:
    if dtype not in ITEM_SIZES:
        raise WireError(f"The number type {dtype} is not one of {', '.join(ITEM_SIZES)}.")
    size = ITEM_SIZES[dtype]
    for length in shape:
        size *= length
    return size


def pack(tensors: Mapping[str, Tensor], values: Mapping[str, Any]) -> list[Any]:
    """The body as a list of buffers to be sent one after another: the header, then each tensor's own data.

    ``values`` becomes the metadata key ``json``. Wide numbers go first, so that every tensor is aligned to its numbers.
    """
    ordered = sorted(tensors, key=lambda name: -ITEM_SIZES[tensors[name].dtype])
    header: dict[str, Any] = {"__metadata__": {"json": json.dumps(values)}}
    position = 0
    for name in ordered:
        tensor = tensors[name]
        end = position + memoryview(tensor.data).nbytes
        header[name] = {"dtype": tensor.dtype, "shape": list(tensor.shape), "data_offsets": [position, end]}
        position = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return [struct.pack("<Q", len(text)) + text] + [memoryview(tensors[name].data).cast("B") for name in ordered]


def unpack(body: Any) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors, whose data are views into ``body``, and the JSON values. Anything malformed raises `WireError`."""
    view = memoryview(body).cast("B")
    header = _header(view)
    metadata = header.pop("__metadata__", {})
    if len(header) > MAX_TENSORS:
        raise WireError(f"The body has more than {MAX_TENSORS} tensors.")
    data = view[8 + struct.unpack("<Q", view[:8])[0] :]
    tensors: dict[str, Tensor] = {}
    position = 0
    entries = [(*_entry(name, entry), name) for name, entry in header.items()]
    for begin, end, dtype, shape, name in sorted(entries, key=lambda entry: entry[:2]):
        if begin != position or end > len(data):
            raise WireError(f"The data of the tensor {name!r} overlap others, leave a gap or lie outside the body.")
        tensors[name] = Tensor(dtype, shape, data[begin:end])
        position = end
    if position != len(data):
        raise WireError(f"The body has {len(data) - position} bytes that belong to no tensor.")
    return tensors, _values(metadata)


def _header(view: memoryview) -> dict[str, Any]:
    if len(view) < 8:
        raise WireError("The body is shorter than its own header.")
    (length,) = struct.unpack("<Q", view[:8])
    if length > min(HEADER_LIMIT, len(view) - 8):
        raise WireError("The header is longer than the body, or than any header can be.")
    return _object(bytes(view[8 : 8 + length]), "The header")


def _values(metadata: Any) -> dict[str, Any]:
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise WireError("The metadata are not texts by name.")
    return _object(metadata.get("json", "{}"), "The metadata key 'json'")


def _object(text: bytes | str, what: str) -> dict[str, Any]:
    try:
        plain = text.decode() if isinstance(text, bytes) else text
        value = json.loads(plain, parse_constant=_no_number)
        if not plain.isascii() or _HALF.search(plain):
            # Half of a surrogate pair is no character: it could be neither shown nor logged.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise WireError(f"{what} is not readable JSON.") from None
    if not isinstance(value, dict):
        raise WireError(f"{what} is not a JSON object.")
    return value


def _no_number(name: str) -> None:
    """Python reads NaN and Infinity, JSON does not have them."""
    raise ValueError(name)


def _entry(name: str, entry: Any) -> tuple[int, int, str, tuple[int, ...]]:
    try:
        dtype, shape, (begin, end) = entry["dtype"], tuple(entry["shape"]), entry["data_offsets"]
    except (TypeError, KeyError, ValueError):
        raise WireError(f"The tensor {name!r} lacks its dtype, shape or data_offsets.") from None
    numbers = (*shape, begin, end)
    if not isinstance(dtype, str) or not all(type(number) is int and 0 <= number <= BODY_LIMIT for number in numbers):
        raise WireError(f"The tensor {name!r} has a dtype, shape or data_offsets that make no sense.")
    if not 1 <= len(shape) <= 4 or 0 in shape:
        raise WireError(f"The tensor {name!r} is empty, or has more than four dimensions.")
    if end - begin != size_in_bytes(dtype, shape):
        raise WireError(f"The tensor {name!r} does not have as many bytes as its shape needs.")
    return begin, end, dtype, shape
