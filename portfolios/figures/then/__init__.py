"""Figures as known then: the facts believed at a moment, valued by the same pure functions.

``Cut`` reads and values, ``rows`` gives what the stored statements of sql/figures give.
"""
