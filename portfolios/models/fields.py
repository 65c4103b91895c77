"""Shared column types, so that every table rounds money and units alike."""

from typing import Any

from django.db import models


def units(**options: Any) -> models.DecimalField:
    """Column for a quantity of units or a cash amount in its own currency."""
    return models.DecimalField(max_digits=30, decimal_places=10, **options)


def money(**options: Any) -> models.DecimalField:
    """Column for an amount of money as booked or derived, unrounded."""
    return models.DecimalField(max_digits=30, decimal_places=10, **options)


def rate(**options: Any) -> models.DecimalField:
    """Column for a price or an exchange rate."""
    return models.DecimalField(max_digits=30, decimal_places=14, **options)


def currency(**options: Any) -> models.CharField:
    """Column for an ISO 4217 currency code (always the major unit)."""
    return models.CharField(max_length=3, **options)


class Lineage(models.Model):
    """Where and when a fact became known: knowledge window, batch, file and line.

    A row is effective at T when ``known_from <= T`` and (``known_to`` is null or ``known_to > T``).
    Rows are only ever inserted; ``known_to`` alone may be set later, when a successor is known, and
    with it the batch that brought the first one: a successor may have been captured long before it
    was delivered.
    """

    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True, blank=True)
    ended_by_batch_id = models.IntegerField(
        null=True, blank=True, help_text="The batch that ended the window, where a record did."
    )
    batch_id = models.IntegerField()
    file_id = models.IntegerField()
    line_no = models.IntegerField()

    class Meta:
        abstract = True


class Statement(Lineage):
    """A fact that several sources may state: what each said is kept, one is believed at a time.

    A row that is believed again after another source's word ended is written again as a copy, so
    that each row has one window. ``ended_at``: from when on its own source no longer stands by it.
    """

    ended_at = models.DateTimeField(null=True, blank=True)
    copy_of = models.BigIntegerField(
        null=True, blank=True, help_text="The row that this one repeats, believed again."
    )

    class Meta:
        abstract = True
