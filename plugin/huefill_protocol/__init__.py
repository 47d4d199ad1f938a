"""What plugin and backend must agree on: bytes, places, words, actions and choices. The standard library alone."""

from __future__ import annotations

__version__ = "0.1.0"

# The version of docs/protocol.md that plugin and backend must have in common.
PROTOCOL = 1
