"""Pure functions on arrays: colour spaces, masks, regions, blending, chroma upsampling, metrics."""
