"""Color for gray photos: by points, by a reference, by a saturation, live."""
