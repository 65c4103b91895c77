"""Returns by calendar month and year, with what flowed and the Modified Dietz beside them."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise

from portfolios.performance.daily import modified_dietz
from portfolios.performance.figures import History
from portfolios.performance.risk import ends_month

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class MonthReturn:
    """A calendar month, the first and last possibly partial; amounts as in the history.

    ``modified_dietz`` is a comparison, empty in the first month (finance.md § 5).
    """

    year: int
    month: int
    opening_value: Decimal
    closing_value: Decimal
    net_flow: Decimal
    net: float
    benchmark: float | None
    modified_dietz: float | None

    @property
    def key(self) -> str:
        """The month as ``2025-10``."""
        return f"{self.year}-{self.month:02}"


@dataclass(frozen=True, slots=True)
class YearReturn:
    """A calendar year from its first to its last day in the history, possibly partial."""

    year: int
    first_on: date
    last_on: date
    net: float
    gross: float | None
    benchmark: float | None

    @property
    def active(self) -> float | None:
        """Net return less the benchmark's, arithmetic."""
        return None if self.benchmark is None else self.net - self.benchmark


def month_table(history: History, calendar: Sequence[date]) -> list[MonthReturn]:
    """Every calendar month of the history, in order.

    ``calendar`` are the firm's valuation days, one past the history's end where there is one.
    """
    return [
        MonthReturn(
            year=history.days[last].year,
            month=history.days[last].month,
            opening_value=history.net_asset_values[first - 1] if first else ZERO,
            closing_value=history.net_asset_values[last],
            net_flow=sum(history.net_flows[first : last + 1], ZERO),
            net=_grown(history.wealth_net, first, last),
            benchmark=_benchmark(history, first, last),
            modified_dietz=_modified_dietz(history, first, last, calendar) if first else None,
        )
        for first, last in _spans([(day.year, day.month) for day in history.days])
    ]


def year_table(history: History) -> list[YearReturn]:
    """Every calendar year of the history, in order."""
    return [
        YearReturn(
            year=history.days[last].year,
            first_on=history.days[first],
            last_on=history.days[last],
            net=_grown(history.wealth_net, first, last),
            gross=_grown(history.wealth_gross, first, last) if history.wealth_gross else None,
            benchmark=_benchmark(history, first, last),
        )
        for first, last in _spans([(day.year,) for day in history.days])
    ]


def _spans(keys: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    """First and last position of each run of equal keys."""
    lengths = [len(list(run)) for _, run in groupby(keys)]
    starts = [sum(lengths[:at]) for at in range(len(lengths) + 1)]
    return ((first, following - 1) for first, following in pairwise(starts))


def _grown(wealth: Sequence[float], first: int, last: int) -> float:
    return wealth[last] / (wealth[first - 1] if first else 1.0) - 1.0


def _benchmark(history: History, first: int, last: int) -> float | None:
    """Return of the benchmark; empty where it lacks a day."""
    if any(one is None for one in history.benchmark_returns[first : last + 1]):
        return None
    return _grown(history.wealth_benchmark, first, last)


def _modified_dietz(
    history: History, first: int, last: int, calendar: Sequence[date]
) -> float | None:
    end = history.days[last]
    if ends_month(end, calendar):
        end = end.replace(day=monthrange(end.year, end.month)[1])
    earned = modified_dietz(
        history.net_asset_values[first - 1],
        history.net_asset_values[last],
        zip(history.days[first : last + 1], history.net_flows[first : last + 1], strict=True),
        end,
        end.day,
    )
    return None if earned is None else float(earned)
