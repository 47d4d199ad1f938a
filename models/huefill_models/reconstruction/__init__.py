"""The external reconstruction network: DeepFill v2 with a monochrome bottleneck."""
