"""Colorize with Points and Match Colors: a tab with the photo's live preview, suggested colors and points."""

from .studio import Studio
from .tab import ColorTab

__all__ = ["ColorTab", "Studio"]
