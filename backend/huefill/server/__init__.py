"""The loopback HTTP server: jobs, events, authentication. Knows tasks by their registry, no image arithmetic."""
