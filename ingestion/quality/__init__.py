"""Checks of data quality: what does not look right in files, facts and figures, and where."""
