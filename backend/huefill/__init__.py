"""Huefill's backend: color and clean removal for photographs, as tasks behind a local server and a command line."""

import os

from huefill_protocol import __version__

# ONNX Runtime sends how it is used to its maker unless this is set before it is loaded. Huefill sends nothing anywhere.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__all__ = ["__version__"]
