"""Learning-free propagation of known chroma along a monochrome: the papers' baselines, and first guesses for the internal colorizer."""

from huefill.imaging.propagation.domain_transform import domain_transform
from huefill.imaging.propagation.levin import levin

__all__ = ["domain_transform", "levin"]
