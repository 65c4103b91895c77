"""A source behind an HTTP API: pages, conditional requests, a token, guarded addresses."""
