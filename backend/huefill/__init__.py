"""Huefill's backend: color and clean removal for photographs, as tasks behind a local server and a command line."""

from huefill_protocol import __version__

__all__ = ["__version__"]
