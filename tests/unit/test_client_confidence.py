"""A veil over the picture says where the network is unsure."""

from __future__ import annotations

from huefill_client.confidence import veil
from huefill_protocol.wire import Tensor


def test_the_veil_is_dense_where_the_network_is_unsure_and_none_where_it_is_sure() -> None:
    shown = veil(Tensor("U8", (2, 3), bytes([255, 128, 0, 0, 255, 255])))
    assert shown.shape == (2, 3, 4)
    pixels = [tuple(bytes(shown.data)[at : at + 4]) for at in range(0, 24, 4)]
    assert {pixel[:3] for pixel in pixels} == {(255, 0, 255)}
    alpha = [pixel[3] for pixel in pixels]
    assert alpha[0] == alpha[4] == 0
    assert alpha[0] < alpha[1] < alpha[2] == alpha[3] < 255, "the photo is still seen through it"
