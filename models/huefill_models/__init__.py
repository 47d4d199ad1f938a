"""Networks, their training recipes, their ONNX export and the weights that are shipped."""
