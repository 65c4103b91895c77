"""A return by its sub-periods: values and flows of each, and how they link to the whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final, Protocol

from portfolios.explain.parts import (
    Amount,
    Asked,
    Explanation,
    Head,
    Row,
    Section,
    Table,
    Target,
    money,
    percent,
    plain,
)
from portfolios.explain.result import return_of_the_day
from portfolios.figures import queries
from portfolios.figures.aggregates import AggregateDay
from portfolios.figures.days import last_until, valuation_days
from portfolios.figures.ledger import effective
from portfolios.models import Transaction
from portfolios.performance.periods import DAYS_A_YEAR, PERIODS, SHORTEST_ANNUALISED
from portfolios.valuation.cost import ZERO

# A period of so many days is told by day, a longer one by calendar month.
MOST_DAYS: Final = 31
FLOWS: Final = 40
_FLOW_KINDS: Final = ("SUBSCRIPTION", "REDEMPTION", "TRANSFER_IN", "TRANSFER_OUT")
_BY_KEY: Final = {period.key: period for period in PERIODS}


@dataclass(frozen=True, slots=True)
class Span:
    """The period of a return: after ``anchor`` (None: from the start) up to ``until``."""

    key: str
    label: str
    anchor: date | None
    until: date
    years: int | None = None


class Day(Protocol):
    """What a sub-period is made of: a day of a book, of the firm or of a desk."""

    @property
    def valued_on(self) -> date: ...
    @property
    def net_asset_value(self) -> Decimal: ...
    @property
    def inflow(self) -> Decimal: ...
    @property
    def outflow(self) -> Decimal: ...
    @property
    def wealth(self) -> float: ...
    @property
    def wealth_gross(self) -> float | None: ...
    @property
    def benchmark_wealth(self) -> float | None: ...


# The sub-periods, and what they link to: one return, or the two whose difference is the figure.
Linked = tuple[Table, tuple[float | None, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """A sub-period: its values, its flows, and growth net, gross and of the benchmark."""

    label: str
    opening: Decimal
    inflow: Decimal
    outflow: Decimal
    closing: Decimal
    growth: float
    gross: float | None
    benchmark: float | None


def of_period(asked: Asked) -> Explanation:
    """The return of a named period, a calendar month or a calendar year."""
    family, span = named(asked)
    if span.key == "day":
        return return_of_the_day(asked)
    series = _series(asked, span)
    if not series:
        return Explanation(percent(None), "")
    told = explained(family, series, span, table_of(family, series, span, asked.currency))
    told.sections.extend(_flows(asked, span))
    return told


def table_of(family: str, series: Sequence[Day], span: Span, currency: str) -> Linked:
    """The sub-periods of a net, gross, benchmark or active return, and what they link to."""
    return _TABLES[family](steps(series, span), currency)


def explained(
    family: str,
    series: Sequence[Day],
    span: Span,
    linked_up: Linked,
) -> Explanation:
    """The return as shown: linked, and a year where it is one."""
    table, totals = linked_up
    a_year_each = [a_year(total, series, span) for total in totals]
    shown = _less(*a_year_each)
    sections: list[Section] = [table]
    if a_year_each != list(totals):
        sections.append(_annualised(totals, a_year_each, series, span))
    kind = "points" if family == "active_return" else "percent"
    return Explanation(Amount(shown, kind, 4, signed=True), "", sections)


def named(asked: Asked) -> tuple[str, Span]:
    """The family of the figure, and the period that its name or its key tells."""
    for family in ("return_net", "return_gross", "benchmark_return", "active_return"):
        if asked.figure == family:
            return family, span_of(asked.key or "month", asked.as_of)
        if asked.figure.startswith(f"{family}_"):
            return family, span_of(asked.figure.removeprefix(f"{family}_"), asked.as_of)
    raise LookupError(f"{asked.figure} is no return.")


def span_of(key: str, as_of: date) -> Span:
    """The period of a key: month … inception_annualised, ``2025-03`` or ``2025``."""
    if key == "day":
        return Span(key, "day", None, as_of)
    if key.startswith("inception"):
        return Span(key, "since the start", None, as_of)
    if key in _BY_KEY:
        period = _BY_KEY[key]
        return Span(key, period.label, period.anchor(as_of), as_of, period.years)
    year, _, month = key.partition("-")
    if not (year.isdecimal() and (not month or month.isdecimal())):
        raise LookupError(f"“{key}” is no period.")
    first = date(int(year), int(month or 1), 1)
    last = _month_end(date(int(year), int(month or 12), 1))
    return Span(key, key, first - timedelta(days=1), min(last, as_of))


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _series(asked: Asked, span: Span) -> list[AggregateDay]:
    """The days of the span, with the close it starts from where there is one."""
    days = valuation_days(span.until, asked.cut)
    if not days:
        return []
    start = (last_until(days, span.anchor) if span.anchor else None) or days[0]
    return queries.aggregate_series(asked.ids, start, days[-1], asked.currency, asked.cut)


def steps(series: Sequence[Day], span: Span) -> list[Step]:
    """The sub-periods of the span, by day or by calendar month."""
    inside = [day for day in series if span.anchor is None or day.valued_on > span.anchor]
    before = series[0] if series and len(inside) < len(series) else None
    length = len("2025-03-31") if len(inside) <= MOST_DAYS else len("2025-03")
    found = []
    opening = before.net_asset_value if before else ZERO
    wealth = before.wealth if before else 1.0
    gross = before.wealth_gross if before else 1.0
    index = before.benchmark_wealth if before else 1.0
    for label, days in groupby(inside, key=lambda day: day.valued_on.isoformat()[:length]):
        part = list(days)
        last = part[-1]
        found.append(
            Step(
                label=label,
                opening=opening,
                inflow=sum((day.inflow for day in part), ZERO),
                outflow=sum((day.outflow for day in part), ZERO),
                closing=last.net_asset_value,
                growth=last.wealth / wealth,
                gross=_grown(last.wealth_gross, gross),
                benchmark=_grown(last.benchmark_wealth, index),
            )
        )
        opening, wealth, gross = last.net_asset_value, last.wealth, last.wealth_gross
        index = last.benchmark_wealth
    return found


def _grown(now: float | None, before: float | None) -> float | None:
    return now / before if now and before else None


def linked(growths: Iterable[float | None]) -> float | None:
    """The product of the growths less one; None where one of them is missing."""
    total = 1.0
    for growth in growths:
        if growth is None:
            return None
        total *= growth
    return total - 1.0


_VALUES: Final = (
    Head("", number=False),
    Head("V0", rest=True),
    Head("IN", rest=True),
    Head("OUT", rest=True),
    Head("V1"),
)
_LINK_NOTE: Final = "Linked: the product of 1 + each return, less 1."


def _net(parts: Sequence[Step], currency: str) -> Linked:
    total = linked(step.growth for step in parts)
    rows = tuple(Row(s.label, (*_values(s), percent(s.growth - 1))) for s in parts)
    last = Row("Linked", ("", "", "", "", percent(total)))
    heads = (*_VALUES, Head("Return"))
    note = f"{_LINK_NOTE} Amounts in {currency}."
    return Table("By sub-period", heads, rows, last, note, key="steps"), (total,)


def _benchmark(parts: Sequence[Step], currency: str) -> Linked:
    total = linked(step.benchmark for step in parts)
    rows = tuple(Row(step.label, (_less_one(step.benchmark),)) for step in parts)
    heads = (Head("", number=False), Head("Benchmark"))
    note = f"{_LINK_NOTE} Index level × fixing into {currency}, close to close."
    last = Row("Linked", (percent(total),))
    return Table("By sub-period", heads, rows, last, note, key="steps"), (total,)


def _active(parts: Sequence[Step], currency: str) -> Linked:
    mine, index = linked(s.growth for s in parts), linked(s.benchmark for s in parts)
    rows = tuple(
        Row(s.label, (percent(s.growth - 1), _less_one(s.benchmark), _points(s))) for s in parts
    )
    heads = (Head("", number=False), Head("Net return"), Head("Benchmark"), Head("Difference"))
    shown = Amount(_less(mine, index), "points", 4, signed=True)
    note = "The whole is the difference of the linked returns: the differences do not add up to it."
    last = Row("Linked", (percent(mine), percent(index), shown))
    return Table("By sub-period", heads, rows, last, note, key="steps"), (mine, index)


def _less(mine: float | None, index: float | None = 0.0) -> float | None:
    """The difference of two returns; a return alone as it is."""
    return None if mine is None or index is None else mine - index


def _gross(parts: Sequence[Step], currency: str) -> Linked:
    """Gross beside net: between them is the management fee."""
    net, total = linked(step.growth for step in parts), linked(step.gross for step in parts)
    rows = tuple(
        Row(s.label, (percent(s.growth - 1), _less_one(s.gross), _fee(s.gross, s))) for s in parts
    )
    heads = (Head("", number=False), Head("Net"), Head("Gross"), Head("Management fee"))
    fee = Amount(_less(total, net), "points", 4, signed=True)
    last = Row("Linked", (percent(net), percent(total), fee))
    return Table("By sub-period", heads, rows, last, _LINK_NOTE, key="steps"), (total,)


_TABLES: Final = {
    "return_net": _net,
    "return_gross": _gross,
    "benchmark_return": _benchmark,
    "active_return": _active,
}


def _values(step: Step) -> tuple[Amount, ...]:
    return tuple(money(v) for v in (step.opening, step.inflow, step.outflow, step.closing))


def _less_one(growth: float | None) -> Amount:
    return percent(None if growth is None else growth - 1.0)


def _points(step: Step) -> Amount:
    missing = step.benchmark is None
    return Amount(None if missing else step.growth - step.benchmark, "points", 4, signed=True)  # type: ignore[operator]


def _fee(gross: float | None, step: Step) -> Amount:
    return Amount(None if gross is None else gross - step.growth, "points", 4, signed=True)


def a_year(total: float | None, series: Sequence[Day], span: Span) -> float | None:
    """The return as an average a year where the figure is one; else as it is."""
    if total is None:
        return None
    if span.years is not None:
        return (1.0 + total) ** (1.0 / span.years) - 1.0
    if span.key == "inception_annualised":
        days = (span.until - series[0].valued_on).days + 1
        return (1.0 + total) ** (DAYS_A_YEAR / days) - 1.0 if days >= SHORTEST_ANNUALISED else None
    return total


def _annualised(
    totals: Sequence[float | None],
    a_year_each: Sequence[float | None],
    series: Sequence[Day],
    span: Span,
) -> Table:
    days = (span.until - series[0].valued_on).days + 1
    exponent = 1.0 / span.years if span.years else DAYS_A_YEAR / days
    names = ("Linked return",) if len(totals) == 1 else ("Net return", "Benchmark")
    blank = ("",) * (len(totals) - 1)
    return Table(
        title="As an average a year",
        heads=(Head("", number=False), *(Head(name) for name in names)),
        rows=(
            Row("R", tuple(percent(total) for total in totals)),
            Row("Calendar days", (Amount(days, "units", 0), *blank)),
            Row("Exponent", (plain(exponent), *blank)),
        ),
        total=Row("(1 + R) ^ exponent − 1", tuple(percent(each) for each in a_year_each)),
        key="annualised",
    )


def _flows(asked: Asked, span: Span) -> list[Section]:
    """The external flows of the period, each leading to its record."""
    known_at = asked.cut.known_at if asked.cut else None
    found = effective(known_at).filter(
        portfolio_id__in=asked.ids, kind__in=_FLOW_KINDS, effective_on__lte=span.until
    )
    if span.anchor is not None:
        found = found.filter(effective_on__gt=span.anchor)
    rows = tuple(
        _flow(one) for one in found.select_related("portfolio").order_by("effective_on", "id")
    )
    if not rows:
        return []
    heads = (
        Head("Day", number=False),
        Head("Portfolio", number=False, rest=True),
        Head("Kind", number=False),
        Head("Listing", number=False, rest=True),
        Head("Cash"),
        Head("", number=False),
    )
    note = f"The newest {FLOWS} of {len(rows)}." if len(rows) > FLOWS else ""
    return [Table("External flows", heads, rows[-FLOWS:], note=note, key="flows")]


def _flow(one: Transaction) -> Row:
    return Row(
        one.effective_on.isoformat(),
        (
            one.portfolio.code,
            one.get_kind_display(),
            one.listing.key if one.listing else "",
            money(one.cash_effect, signed=True) if one.cash_effect is not None else "in kind",
            one.currency,
        ),
        Target("transaction", str(one.pk), portfolio=one.portfolio.code),
    )
