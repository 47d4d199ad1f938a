"""Networks, their training recipes, their ONNX export and the weights that are shipped."""

import os

# ONNX Runtime sends how it is used to its maker unless this is set before it is loaded. Huefill sends nothing anywhere.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
