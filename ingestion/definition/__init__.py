"""Source definitions: TOML files that say how a source is read, checked with sentences.

Nothing is imported here: the readers check their own options with ``definition.section``.
"""
