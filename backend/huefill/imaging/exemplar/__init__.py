"""Exemplar filling: a hole is completed with pieces of the same photo. Pure functions on arrays, no learning.

`fill` completes a monochrome; `lift` brings it to the photo's full resolution with its own detail; `transfer_color` copies the
colors along.
"""

from huefill.imaging.exemplar.filling import Filled, fill
from huefill.imaging.exemplar.lifting import lift, transfer_color

__all__ = ["Filled", "fill", "lift", "transfer_color"]
