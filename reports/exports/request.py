"""What an export was asked for, checked: every refusal is a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from portfolios.figures import queries
from portfolios.models import Portfolio

FORMATS: Final = ("csv", "xlsx", "pdf")
PROFILES: Final = ("plain", "excel")
# These are told of portfolios one by one, or of all of them taken as one.
IN_ONE: Final = ("bridge", "contributions", "attribution")
# Few people want ten years of transactions in one file; an auditor may ask for them by the year.
MOST_DAYS: Final = 3 * 366


class ExportRefusedError(Exception):
    """The export cannot be made as asked; the message is for the person who asked."""


class ForeignPortfolioError(ExportRefusedError):
    """A portfolio was named that this person does not see, or that does not exist."""


@dataclass(frozen=True)
class Wanted:
    """A report, its portfolios and days, and the kind of file.

    ``as_of`` is the valuation day meant; ``until`` the last calendar day of a span, which may be
    no valuation day and still have events. ``in_one`` is the currency in which the portfolios are
    taken as one; empty where each is told by itself.
    """

    report: str
    portfolios: tuple[Portfolio, ...]
    start: dt.date
    as_of: dt.date
    until: dt.date
    cut: queries.Cut | None = None
    format: str = "csv"
    profile: str = "plain"
    language: str = ""
    in_one: str = ""

    @property
    def known_at(self) -> dt.datetime | None:
        """The moment whose knowledge is meant, in UTC; None for now."""
        return self.cut.known_at.astimezone(dt.UTC) if self.cut else None

    @property
    def portfolio_ids(self) -> list[int]:
        """Ids of the portfolios, in order."""
        return sorted(portfolio.pk for portfolio in self.portfolios)

    def parameters(self) -> dict[str, Any]:
        """The parameters as the manifest and the register keep them."""
        kept: dict[str, Any] = {
            "report": self.report,
            "portfolios": [portfolio.code for portfolio in self.portfolios],
            "from": self.start.isoformat(),
            "to": self.until.isoformat(),
            "as_of": self.as_of.isoformat(),
            "format": self.format,
        }
        if self.in_one:
            kept["in_one"] = self.in_one
        if self.known_at:
            kept["known_at"] = self.known_at.isoformat()
        if self.profile != "plain":
            kept["profile"] = self.profile
            kept["language"] = self.language
        return kept


def check(
    *,
    report: str,
    reports: Iterable[str],
    codes: Iterable[str] = (),
    start: dt.date | None = None,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
    format: str = "csv",  # noqa: A002  as in the address and on the command line
    profile: str = "plain",
    language: str = "",
    in_one: str = "",
) -> Wanted:
    """What is wanted, within what the person who asks may see. Raises ExportRefusedError.

    ``in_one`` is the currency in which the portfolios are to be taken as one, if they are.
    """
    _one_of("report", report, tuple(reports))
    if in_one and report not in IN_ONE:
        raise ExportRefusedError(
            f"Portfolios are taken as one in {', '.join(IN_ONE)} only, not in {report}."
        )
    _one_of("format", format, FORMATS)
    _one_of("profile", profile, PROFILES)
    if profile != "plain" and format != "csv":
        raise ExportRefusedError("A profile is for CSV files only.")
    if queries.head() is None:
        raise ExportRefusedError("There are no figures yet; nothing can be exported.")
    try:
        cut = queries.knowledge_cut(known_at) if known_at else None
        # A span of the ledger may end after what had a value then: records are known in advance.
        valued = None if as_of and report == "transactions" else cut
        day = queries.resolve_as_of(as_of.isoformat() if as_of else None, valued)
    except (queries.NoSuchDay, queries.NotKnown) as missing:
        raise ExportRefusedError(str(missing)) from None
    until = as_of or day
    first = start or day.replace(month=1, day=1)
    if first > until:
        raise ExportRefusedError(f"The first day ({first}) is after the last ({until}).")
    if (until - first).days > MOST_DAYS:
        raise ExportRefusedError("An export spans three years at most; ask for one after another.")
    portfolios = _visible(tuple(codes))
    return Wanted(report, portfolios, first, day, until, cut, format, profile, language, in_one)


def _visible(codes: tuple[str, ...]) -> tuple[Portfolio, ...]:
    portfolios = Portfolio.objects.select_related("desk").order_by("code")
    if codes:
        portfolios = portfolios.filter(code__in=codes)
    found = tuple(portfolios)
    missing = sorted(set(codes) - {portfolio.code for portfolio in found})
    if missing:
        raise ForeignPortfolioError(
            f"No access to {', '.join(missing)}, or no such portfolio. Ask your desk's manager."
        )
    if not found:
        raise ForeignPortfolioError(
            "No portfolio was granted to you yet, so there is nothing to export."
        )
    return found


def _one_of(name: str, value: str, offered: tuple[str, ...]) -> None:
    if value not in offered:
        raise ExportRefusedError(
            f"“{value[:40]}” is no {name} here. Choose from {', '.join(offered)}."
        )
