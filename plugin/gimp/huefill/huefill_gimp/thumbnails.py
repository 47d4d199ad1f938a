"""Small pictures for looking at, and for counting colors."""

from __future__ import annotations

from array import array
from typing import Any

from gi.repository import Gegl

from huefill_protocol.wire import Tensor


def small(drawable: Any, longest: int) -> Tensor:
    """All of ``drawable`` as R, G, B, A in sRGB bytes, every n-th pixel of it: at most ``longest`` on a side."""
    width, height = drawable.get_width(), drawable.get_height()
    area = Gegl.Rectangle.new(0, 0, width, height)
    return thinned(drawable.get_buffer().get(area, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE), width, height, longest)


def thinned(data: bytes, width: int, height: int, longest: int) -> Tensor:
    """Every n-th pixel of ``data`` (4 bytes each). Taken apart here: a plug-in's buffer does not give scaled pixels, it gives zeros."""
    step = -(-max(width, height) // longest)
    pixels = array("I", data)
    rows = [pixels[row * width : (row + 1) * width : step] for row in range(0, height, step)]
    return Tensor("U8", (len(rows), len(rows[0]), 4), b"".join(row.tobytes() for row in rows))
