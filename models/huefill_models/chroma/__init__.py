"""The chroma prior: what photographs have in common about how colour continues into a hole whose monochrome is known.

It is the starting point of the internal colorizer's `fast` and `best`, which train it further on the one image.
"""
