"""Huefill's installer: ``python3 installer COMMAND`` from a fresh clone, with nothing but the standard library."""
