"""What both editor plugins share, in the standard library alone: wire format, HTTP, supervision, geometry."""
