"""Scratches, cracks, hairs and dust on scans of old photos: found by what they are, without learning."""

from huefill.imaging.scratches.finder import default_width, find_scratches

__all__ = ["default_width", "find_scratches"]
