"""What both editor plugins share, in the standard library alone: sessions, jobs, live photos, supervision, geometry."""
