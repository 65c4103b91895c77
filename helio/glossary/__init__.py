"""The glossary: each figure once. ``terms/*.toml`` say it, pages and files show it.

A name is the ``data-figure`` of a page, the header of a file's column and the address of an
explanation; a test compares all three with the entries here.
"""

from helio.glossary.book import Glossary, glossary
from helio.glossary.entry import OWNERS, UNITS, Convention, Entry, GlossaryFault

__all__ = ["OWNERS", "UNITS", "Convention", "Entry", "Glossary", "GlossaryFault", "glossary"]
