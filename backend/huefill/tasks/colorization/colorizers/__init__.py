"""Networks that say colors, behind one protocol."""
