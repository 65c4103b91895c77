"""What a person reads when the database refuses a write: a sentence, not an error page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from psycopg.errors import InsufficientPrivilege

REFUSED: Final = (
    "The database refused this change: you may give and end access only to portfolios you manage, "
    "and never to yourself. Nothing was changed."
)


@contextmanager
def refusals_in_words(sentence: str = REFUSED) -> Iterator[None]:
    """Context in which a refused write is undone and raised as PermissionDenied in words.

    The forms offer only what is allowed; this is for requests that were made by other means, and
    for rights that ended while the form was open.
    """
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if isinstance(error.__cause__, InsufficientPrivilege):
            raise PermissionDenied(sentence) from error
        raise
