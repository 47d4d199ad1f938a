"""Remove by Brush: paint over a thing on a layer that is there for the while, and what is painted is removed."""

from .mode import Brush, brush

__all__ = ["Brush", "brush"]
