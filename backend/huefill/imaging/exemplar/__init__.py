"""Exemplar filling: a hole is completed with pieces of the same photo. Pure functions on arrays, no learning.

`fill` completes a monochrome; `correspond` finds where the content of a hole filled by other means has its like; `lift`
brings either to the photo's full resolution with its own detail; `transfer_color` copies the colors along.
"""

from huefill.imaging.exemplar.filling import Filled, correspond, fill
from huefill.imaging.exemplar.lifting import lift, transfer_color

__all__ = ["Filled", "correspond", "fill", "lift", "transfer_color"]
