"""What every inpainting network shares: the contract of its ONNX file, recipe, critic, evaluation."""
