"""Helpers of the tests of figures: the case's facts and its expected answers."""
