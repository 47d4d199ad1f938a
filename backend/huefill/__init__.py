"""Huefill's backend: colour and clean removal for photographs, as tasks behind a local server and a command line."""

__version__ = "0.1.0"
