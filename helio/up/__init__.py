"""`make run`: everything in the foreground, and nothing left once it ends."""
