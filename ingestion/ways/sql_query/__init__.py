"""A source in a database: one read-only query, from a high-water mark on, landed as CSV."""
