"""Rendered parts of pages, shared by people who see the same, for as long as a version lasts."""
