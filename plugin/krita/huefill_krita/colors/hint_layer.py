"""The document's hint layer: a paint layer whose dots and strokes are hints. Krita's own undo and file format keep them."""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from huefill_client.geometry import Rect
from huefill_protocol.actions import HINT_LAYER
from huefill_protocol.wire import Tensor

from .. import document as adapter
from ..pixels import Space
from ..scratch import converted


def find(document: Any) -> Any:
    """The document's hint layer, or None."""
    return next((node for node in document.topLevelNodes() if node.name() == HINT_LAYER and node.type() == "paintlayer"), None)


def make(document: Any, above: Any) -> Any:
    """A new, empty hint layer above the node ``above``, active: one step in the history, asked for by a click."""
    layer = document.createNode(HINT_LAYER, "paintlayer")
    above.parentNode().addChildNode(layer, above)
    return layer


@dataclass(frozen=True)
class Painted:
    """The layer over the whole canvas (H W 4, an RGB space that travels), and a ``digest`` of it: cheaper to compare than the pixels."""

    picture: Tensor
    digest: bytes


def read(layer: Any, canvas: Rect, space: Space) -> Generator[int, None, Painted | None]:
    """The layer in ``space``; None where it is hidden or has nothing on it. Read in strips, with a pause after each."""
    bounds = layer.bounds()
    rect = Rect(bounds.x(), bounds.y(), max(0, bounds.width()), max(0, bounds.height())).clip(canvas)
    if rect.empty or not layer.visible():
        return None
    size, own = space.pixel_size, adapter.space_of(layer)
    # Pages of zeros that cost nothing before they are written: a bytearray would hold Krita up.
    picture = mmap.mmap(-1, canvas.width * canvas.height * size)
    digest = hashlib.blake2b(f"{rect} {space}".encode())
    for strip in adapter.strips(rect):
        data = bytes(layer.pixelData(strip.x, strip.y, strip.width, strip.height))
        data = converted(data, strip, own, space)
        digest.update(data)
        row = strip.width * size
        for line in range(strip.height):
            at = ((strip.y - canvas.y + line) * canvas.width + strip.x - canvas.x) * size
            picture[at : at + row] = data[line * row : (line + 1) * row]
        yield 0
    return Painted(Tensor(space.dtype, (canvas.height, canvas.width, 4), picture), digest.digest())
