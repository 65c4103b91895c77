"""Live pages: what changed since the version a page shows, pushed to those who may see it."""
