"""Benchmarks of pages and pushes."""
