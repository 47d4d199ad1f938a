"""The internal colorizer: small networks trained on one image that give a hole its colors (Wang et al. 2021, section 3.3).

Importing this loads no torch; the first call does.
"""

from huefill.internal.presets import PRESETS, training_memory
from huefill.internal.recolor import LOADING, Recolored, is_gray, recolor

__all__ = ["LOADING", "PRESETS", "Recolored", "is_gray", "recolor", "training_memory"]
