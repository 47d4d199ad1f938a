"""Pure functions on arrays: color spaces, masks, regions, blending, chroma upsampling, metrics."""
