"""The client's own writer and reader against the safetensors library, and bodies that no library would write."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
import safetensors
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from huefill_protocol.wire import Tensor, WireError, pack, unpack

NAMES = {"U8": np.uint8, "U16": np.uint16, "F32": np.float32}
arrays = st.sampled_from(list(NAMES.values())).flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(max_dims=3, max_side=7)))
pictures = st.dictionaries(st.text(min_size=1, max_size=8).filter(lambda name: name != "__metadata__"), arrays, max_size=5)
json_values = st.dictionaries(st.text(max_size=8), st.none() | st.booleans() | st.integers() | st.text(max_size=8), max_size=5)


def tensor(array: np.ndarray) -> Tensor:
    name = next(name for name, dtype in NAMES.items() if dtype == array.dtype)
    return Tensor(name, array.shape, np.ascontiguousarray(array).data)


@given(pictures, json_values)
def test_the_library_reads_what_the_client_writes(given_arrays: dict[str, np.ndarray], values: dict[str, object]) -> None:
    body = b"".join(pack({name: tensor(array) for name, array in given_arrays.items()}, values))
    read = safetensors.numpy.load(body)
    assert set(read) == set(given_arrays)
    for name, array in given_arrays.items():
        np.testing.assert_array_equal(read[name], array)
        assert read[name].dtype == array.dtype
    assert unpack(body)[1] == values


@given(pictures)
def test_the_client_reads_what_the_library_writes(given_arrays: dict[str, np.ndarray]) -> None:
    body = safetensors.numpy.save(given_arrays, {"json": json.dumps({"origin": [1, 2]})})
    tensors, values = unpack(body)
    assert values == {"origin": [1, 2]}
    assert set(tensors) == set(given_arrays)
    for name, array in given_arrays.items():
        np.testing.assert_array_equal(np.frombuffer(tensors[name].data, NAMES[tensors[name].dtype]).reshape(tensors[name].shape), array)


@given(pictures)
def test_every_tensor_is_aligned_to_its_numbers(given_arrays: dict[str, np.ndarray]) -> None:
    body = b"".join(pack({name: tensor(array) for name, array in given_arrays.items()}, {}))
    (length,) = struct.unpack("<Q", body[:8])
    header = json.loads(body[8 : 8 + length])
    for name, array in given_arrays.items():
        assert (8 + length + header[name]["data_offsets"][0]) % array.itemsize == 0


def test_pixels_are_not_copied_on_the_way_in_or_out() -> None:
    pixels = bytearray(12)
    buffers = pack({"image": Tensor("U8", (2, 2, 3), pixels)}, {})
    pixels[0] = 7
    assert buffers[1][0] == 7
    body = bytearray(b"".join(buffers))
    tensors, _ = unpack(body)
    body[-1] = 9
    assert tensors["image"].data[-1] == 9


@pytest.mark.parametrize(("dtype", "shape"), [("U8", (2, 2)), ("U16", (12,)), ("F32", (3, 2)), ("F16", (6,)), ("U8", (12, 0))])
def test_a_tensor_must_have_as_many_bytes_as_it_says(dtype: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(WireError):
        Tensor(dtype, shape, bytes(12))


def test_pixels_that_do_not_lie_in_one_piece_are_refused() -> None:
    with pytest.raises(WireError, match="one piece"):
        Tensor("U8", (2, 3), np.zeros((2, 6), np.uint8)[:, ::2].data)
