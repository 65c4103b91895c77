"""Figures: what people may see, read under the identity in force (``queries`` is the way in)."""
