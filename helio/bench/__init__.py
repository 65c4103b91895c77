"""Benchmarks: figures as ratios against a floor measured in the same run.

Each app measures its own stage in a module named in ``settings.HELIO_BENCHMARKS``: a function
``measure(place)`` that yields lines. Everything runs on embedded servers of its own.
"""
