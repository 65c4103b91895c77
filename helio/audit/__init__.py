"""Append-only, hash-chained record of who did what: see sql/ for what makes it so."""
