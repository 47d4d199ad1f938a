"""Extending a photo into an empty border: with its own texture where that can be told from no copy, else calmly. Pure functions."""

from huefill.imaging.border.extension import Extension, extend

__all__ = ["Extension", "extend"]
