"""The pages: each view permits, fetches, chooses a template and renders."""
