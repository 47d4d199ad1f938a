"""Where a point is put on the small photo, and of which color; read inside GIMP and by the tests."""

POINT, COLOR = (30, 140), "#d02020"
