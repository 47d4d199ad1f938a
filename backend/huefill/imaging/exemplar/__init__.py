"""Exemplar filling: a hole is completed with pieces of the same photo. Pure functions on arrays, no learning.

`fill` completes a monochrome; `correspond` finds where the content of a hole filled by other means has its like; `lift`
brings either to the photo's full resolution with its own detail; `transfer_color` copies the colours along;
`self_similarity` tells beforehand how much a photo repeats itself.
"""

from huefill.imaging.exemplar.filling import Filled, correspond, fill
from huefill.imaging.exemplar.lifting import lift, transfer_color
from huefill.imaging.exemplar.similarity import self_similarity

__all__ = ["Filled", "correspond", "fill", "lift", "self_similarity", "transfer_color"]
