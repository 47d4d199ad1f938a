"""How much of a photo around a selection a removal needs: one rule for the plugin, which sends it, and the backend, which works on it."""

from __future__ import annotations

# Pixels on each side of a hole, in units of its longer side, and never less than this many. Measured on object masks: less
# starves the search for similar pieces, more costs time and draws in what does not belong to the place.
SHARE = 0.9
LEAST = 112
# A selection is grown by a rim and a band before it is filled (`huefill.imaging.parts`). What is sent has room for that: this
# many pixels where the selection is small, and where it is large the tenth of its side that `SHARE` leaves over.
_GROWTH = 24


def needed(longest: int) -> int:
    """Pixels that the backend uses on each side of a hole whose longer side is ``longest`` pixels."""
    return max(LEAST, round(SHARE * longest))


def sent(longest: int) -> int:
    """Pixels that a plugin sends on each side of a selection whose longer side is ``longest`` pixels.

    Never less than `needed` for the selection once it is grown; the backend drops what is more.
    """
    return max(LEAST + _GROWTH, longest)
