"""The differential proof of isolation: what people read, compared with what they may read.

Many people with random grants read every relation, every page and their sockets, all at once,
while their grants change and servers die. Two things are made apart from each other and compared:
what the web role was shown, and what an oracle says that the person was allowed to see in that
moment. The oracle (``access``) keeps its own books of grants in Python and never asks the database
who may see what; the rows are read by the superuser from views without the rule (``truth``).

`make prove` runs it at any size, the tests at a small one, and they plant leaks that it must find.
"""
