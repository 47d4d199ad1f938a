"""Devices, ONNX sessions, the model store, progress and the memory budget."""
