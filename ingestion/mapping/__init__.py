"""From a source's fields to Helio's records: a small, safe set of expressions, and types."""
