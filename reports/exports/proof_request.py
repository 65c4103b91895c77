"""What an access proof was asked for, checked: one portfolio and one day that has begun."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from portfolios.figures import queries
from portfolios.models import Portfolio
from reports.exports.catalogue import ACCESS_PROOF
from reports.exports.request import ExportRefusedError, ForeignPortfolioError, Wanted

FORMATS = ("pdf", "csv")


def check(*, code: str, day: str, format: str) -> Wanted:  # noqa: A002  as in the address
    """The proof wanted; raises ExportRefusedError with a sentence."""
    if format not in FORMATS:
        raise ExportRefusedError(f"“{format[:40]}” is no format of a proof: choose pdf or csv.")
    try:
        on = dt.date.fromisoformat(day)
    except ValueError:
        raise ExportRefusedError(f"“{day[:40]}” is no date. Write it as 2025-10-31.") from None
    if on > timezone.now().date():
        raise ExportRefusedError(f"{on} has not come yet: nothing can be proved of it.")
    if queries.head() is None:
        raise ExportRefusedError("There are no figures yet, so nobody could see any.")
    portfolio = Portfolio.objects.select_related("desk").filter(code=code).first()
    if portfolio is None:
        raise ForeignPortfolioError(f"There is no portfolio {code[:40]}.")
    return Wanted(ACCESS_PROOF, (portfolio,), on, on, on, format=format)
