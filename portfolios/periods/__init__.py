"""Closing months: figures as published, and what was restated after."""
