"""Removal, repaired color and extension: structure from an engine, color from the photo itself."""
