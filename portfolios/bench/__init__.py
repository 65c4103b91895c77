"""Benchmarks of valuation, refresh and reads, on a firm made for the purpose."""
