"""What completes the monochrome of a hole: networks that cards describe, and the photo's own pieces."""
