"""Encoders that were trained on other people's photographs, for networks of ours to stand on."""
