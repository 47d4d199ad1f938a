"""Colorize with Points and Match Colors: a docker with the photo's live preview, suggested colors and points."""

from .docker import COLORS_DOCKER_ID, ColorsDocker
from .studio import Studio

__all__ = ["COLORS_DOCKER_ID", "ColorsDocker", "Studio"]
