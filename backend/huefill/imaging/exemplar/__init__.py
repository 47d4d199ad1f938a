"""Exemplar filling: a hole is completed with pieces of the same photo. Pure functions on arrays, no learning.

`fill` completes a monochrome, `fill_border` what lies beyond a photo's edge, with its colors; `lift` brings it to the photo's full
resolution with its own detail; `transfer_color` copies the colors along.
"""

from huefill.imaging.exemplar.filling import Filled, fill, fill_border
from huefill.imaging.exemplar.grain import match_grain
from huefill.imaging.exemplar.lifting import lift, transfer_color

__all__ = ["Filled", "fill", "fill_border", "lift", "match_grain", "transfer_color"]
