"""Learning-free propagation of known chroma along a monochrome: a baseline, and first guesses for the internal colorizer."""

from huefill.imaging.propagation.few import Propagation
from huefill.imaging.propagation.levin import levin

__all__ = ["Propagation", "levin"]
