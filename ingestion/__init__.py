"""Ingestion: source files in, landed as received, staged, joined to one key, kept as facts."""
