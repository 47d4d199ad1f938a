"""What both editor plugins share, in the standard library alone: wire format, HTTP, supervision, geometry."""

from __future__ import annotations

__version__ = "0.1.0"

# The version of docs/protocol.md that plugin and backend must have in common.
PROTOCOL = 1
