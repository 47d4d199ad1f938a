"""A result of several layers and variants over real HTTP, in both orders of a document's channels."""

from __future__ import annotations

import numpy as np
import pytest

from huefill_client.jobs import ResultLayer
from huefill_client.requests import Job
from huefill_client.session import Session
from huefill_protocol.wire import BGRA, MAX_TENSORS, RGBA, Tensor, pack, unpack
from tests.backend.harness import outcome_of
from tests.backend.layers_task import CORNER, TWO, layers_of

NUMBERS = {"U8": np.uint8, "U16": np.uint16, "F32": np.float32}


def photo(dtype: str, channels: int) -> np.ndarray:
    random = np.random.default_rng(3)
    shape = (41, 57, channels)
    if dtype == "F32":
        return random.random(shape, np.float32)
    return random.integers(0, np.iinfo(NUMBERS[dtype]).max + 1, shape).astype(NUMBERS[dtype])


def job(image: np.ndarray, dtype: str, order: str) -> Job:
    tensor = Tensor(dtype, image.shape, np.ascontiguousarray(image).data)
    return Job("layers", "Layers", {"version": 1, "seed": TWO}, {"image": tensor}, (100, 200), pixels=order)


def pixels(layer: ResultLayer) -> np.ndarray:
    return np.frombuffer(layer.pixels.data, NUMBERS[layer.pixels.dtype]).reshape(layer.pixels.shape)


@pytest.mark.parametrize("dtype", NUMBERS)
@pytest.mark.parametrize("order", [RGBA, BGRA])
@pytest.mark.parametrize("channels", [2, 4])
def test_layers_and_variants_arrive_bit_for_bit_in_the_order_of_the_document(
    session: Session, dtype: str, order: str, channels: int
) -> None:
    image = photo(dtype, channels)
    turned = order == BGRA and channels == 4 and dtype != "F32"
    sent = image[..., [2, 1, 0, 3]] if turned else image
    result = outcome_of(session, job(sent, dtype, order)).result
    assert result is not None
    wanted = layers_of(image, TWO)
    for layers, expected in zip((result.layers, *result.variants), (wanted, wanted[:1], wanted[::-1]), strict=True):
        assert len(layers) == len(expected)
        for layer, whole in zip(layers, expected, strict=True):
            arrived = pixels(layer)
            assert np.array_equal(arrived[..., [2, 1, 0, 3]] if turned else arrived, whole.pixels)


def test_every_layer_says_its_name_and_its_place_in_the_document(session: Session) -> None:
    result = outcome_of(session, job(photo("U8", 4), "U8", RGBA)).result
    assert result is not None
    below, above = result.layers
    assert (below.name, above.name) == ("negative ?", "mirror")
    assert below.origin == (100, 200)
    assert above.origin == (100 + CORNER[0], 200 + CORNER[1])
    assert (above.rect.width, above.rect.height) == (57 - CORNER[0] - 2, 41 - CORNER[1] - 3)
    assert result.recipe["order"] == "first lowest"


def test_an_order_of_channels_that_nobody_knows_is_refused(session: Session) -> None:
    error = outcome_of(session, job(photo("U8", 4), "U8", "argb")).error
    assert error is not None
    assert "order of pixels" in error.message


def test_a_body_takes_many_layers_but_not_any_number() -> None:
    def body(count: int) -> bytes:
        return b"".join(pack({f"layers/{number}": Tensor("U8", (1, 1, 4), bytes(4)) for number in range(count)}, {}))

    assert len(unpack(body(MAX_TENSORS))[0]) == MAX_TENSORS
    with pytest.raises(ValueError, match="more than"):
        unpack(body(MAX_TENSORS + 1))
