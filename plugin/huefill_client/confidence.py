"""How sure the network is of the colors, as a veil over the picture: the less sure, the denser. Knows no toolkit."""

from __future__ import annotations

from huefill_protocol.wire import Tensor

_VEIL = (255, 0, 255)  # no photo has much of it
_DENSEST = 0.8
# Of a value of the map: the veil's alpha.
_ALPHA = bytes(round(_DENSEST * (255 - sure)) for sure in range(256))


def veil(confidence: Tensor) -> Tensor:
    """Of a map h w U8 (255 sure) the picture h w 4 (R, G, B, A, not premultiplied) that lies over the photo's."""
    height, width = confidence.shape
    sure = bytes(confidence.data)
    pixels = bytearray(bytes((*_VEIL, 0)) * (height * width))
    pixels[3::4] = sure.translate(_ALPHA)
    return Tensor("U8", (height, width, 4), bytes(pixels))
