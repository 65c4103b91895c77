"""Why a figure is another than it was known at a moment: by cause, in parts that sum.

The figure is computed as known then, and again each time one more kind of record is taken as known
now, in a fixed order: records entered, amended, cancelled, closes, fixings. A kind's part is the
step between two neighbours, so the parts telescope to the whole change to the last digit. Where two
kinds touch the same holding (a late purchase, and its restated close) their product is with the
later one: that is the order's doing, and why the order never changes.
"""

from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.utils import timezone

from portfolios.explain.parts import Amount, Asked, Facts, Head, Row, Section, Table, Target
from portfolios.figures import queries
from portfolios.figures.restated import Learnt
from portfolios.figures.then.amounts import amounts
from portfolios.figures.then.blend import Blend, Ledgers, Markets, Reference
from portfolios.figures.then.cut import Cut
from portfolios.figures.then.market import Market
from portfolios.models import Portfolio
from portfolios.valuation.cost import ZERO

RECORDS: Final = 30

# Figures that can be told so, and the attribute of a portfolio's row that holds them.
FIGURES: Final = {
    "net_asset_value": "net_asset_value",
    "net_asset_value_base": "net_asset_value_base",
    "day_pnl": "day_pnl",
    "cash_share": "cash_share",
    "return_net_day": "day_return",
    "return_net_month": "month",
    "return_net_quarter": "quarter",
    "return_net_year": "year",
    "return_net_twelve_months": "twelve_months",
    "return_net_inception": "inception",
    "volatility": "volatility",
    "maximum_drawdown": "max_drawdown",
}
_MONEY: Final = frozenset({"net_asset_value", "net_asset_value_base", "day_pnl"})


@dataclass(frozen=True, slots=True)
class Cause:
    """A kind of record that became known afterwards, what it did, and the records."""

    label: str
    effect: Any
    records: tuple[Learnt, ...]


@dataclass(frozen=True, slots=True)
class Restated:
    """A figure then and now; the effects of the causes sum to the difference."""

    then: Any
    now: Any
    causes: tuple[Cause, ...]

    @property
    def change(self) -> Any:
        """Now less then."""
        return self.now - self.then


def since(asked: Asked, cut: Cut) -> list[Section]:
    """Sections on what changed since a cut; a sentence where there was no figure then."""
    if cut.position(asked.as_of) is None:
        return [_nothing_then(asked, cut)]
    if not asked.is_one:
        return [_by_portfolio(asked, cut)]
    [portfolio] = asked.portfolios
    if not cut.knows(portfolio):
        return [_nothing_then(asked, cut)]
    told = restated(portfolio, asked, cut, Markets(cut, timezone.now()))
    if told is None:
        return [_nothing_then(asked, cut)]
    return [_causes(asked, cut, told), *_records(told, portfolio)]


def restated(portfolio: Portfolio, asked: Asked, cut: Cut, markets: Markets) -> Restated | None:
    """The figure's change from the cut to now by cause; None where either has none."""
    ledgers = Ledgers(cut, markets.now, portfolio)
    blended = partial(_blended, asked, markets, ledgers)
    market = markets.of_then
    last = then = blended(market, frozenset())
    final = blended(markets.of_now, None)
    if then is None or final is None:
        return None
    learnt = queries.learnt_since(portfolio, asked.as_of, cut)
    causes, taken = [], frozenset[tuple[str, str]]()
    for label, kind, what in _ORDER:
        records = tuple(
            one for one in learnt if one.kind == kind and (not what or one.what == what)
        )
        if not records:
            continue
        if kind == "transaction":
            taken |= {(one.source, one.source_reference) for one in records}
        else:
            market = markets.of_now if kind == "fixing" else markets.closes_of_now
        told = blended(market, taken)
        causes.append(Cause(label, told - last, records))
        last = told
    if final != last:
        causes.append(Cause(OTHER, final - last, ()))
    return Restated(then, final, tuple(causes))


_ORDER: Final = (
    ("Records entered afterwards", "transaction", "entered"),
    ("Records amended", "transaction", "amended"),
    ("Records cancelled", "transaction", "cancelled"),
    ("Closes released or restated", "price", ""),
    ("Fixings released or restated", "fixing", ""),
)
KINDS: Final = tuple(label for label, _, _ in _ORDER)
OTHER: Final = "Other records"


def _blended(
    asked: Asked,
    markets: Markets,
    ledgers: Ledgers,
    market: Market,
    taken: frozenset[Reference] | None,
) -> Any:
    """The figure by a market, with some records of the ledger as of now; None without any."""
    portfolio = ledgers.portfolio
    cut = Blend(markets, market, ledgers, ledgers.with_now(taken))
    if asked.figure in _MONEY:
        told = amounts(cut, portfolio.pk, asked.as_of, asked.currency)
        return None if told is None else getattr(told, FIGURES[asked.figure])
    rows = queries.portfolio_table(asked.as_of, asked.currency, [portfolio.pk], cut)
    return getattr(rows[0], FIGURES[asked.figure]) if rows else None


def _amount(figure: str, value: Any, *, signed: bool = False) -> Amount:
    if figure in _MONEY:
        return Amount(value, "money", 2, signed)
    return Amount(value, "points" if signed else "percent", 6, signed)


def _causes(asked: Asked, cut: Cut, told: Restated) -> Table:
    rows = [Row(f"As known at {cut}", (_amount(asked.figure, told.then),))]
    for cause in told.causes:
        count = f" ({len(cause.records)})" if cause.records else ""
        rows.append(Row(cause.label + count, (_amount(asked.figure, cause.effect, signed=True),)))
    change = _amount(asked.figure, told.change, signed=True)
    note = (
        "Nothing that became known since touches it."
        if not told.causes
        else "Each kind of record is taken as known now after the ones above it, always in this "
        "order; the steps sum to the change."
    )
    return Table(
        title="Since then, by what became known",
        heads=(Head("Cause", number=False), Head(asked.currency if asked.figure in _MONEY else "")),
        rows=(*rows, Row("Change", (change,))),
        total=Row("As known now", (_amount(asked.figure, told.now),)),
        note=note,
        key="since",
    )


def _records(told: Restated, portfolio: Portfolio) -> list[Section]:
    records = [one for cause in told.causes for one in cause.records]
    if not records:
        return []
    records.sort(key=lambda one: one.learnt_at)
    heads = (
        Head("Learnt (UTC)", number=False),
        Head("Record", number=False),
        Head("Of", number=False),
        Head("Was", rest=True),
        Head("Is"),
        Head("", number=False),
    )
    rows = tuple(_record(one, portfolio) for one in records[-RECORDS:])
    note = f"The newest {RECORDS} of {len(records)}." if len(records) > RECORDS else ""
    return [Table("The records", heads, rows, note=note, key="records")]


def _record(one: Learnt, portfolio: Portfolio) -> Row:
    to = Target("line", one.line_path)
    if one.transaction_id:
        to = Target("transaction", str(one.transaction_id), portfolio=portfolio.code)
    return Row(
        f"{one.learnt_at.astimezone(UTC):%Y-%m-%d %H:%M}",
        (
            one.words,
            f"{one.subject or one.unit} {one.touches_on}",
            Amount(one.was, "plain", 4) if one.was is not None else "",
            Amount(one.value, "plain", 4) if one.value is not None else "",
            one.unit,
        ),
        to,
    )


def _nothing_then(asked: Asked, cut: Cut) -> Facts:
    last = cut.days[-1] if cut.days else None
    words = f"At {cut} nothing of {asked.as_of} was known; the last day with figures was {last}."
    return Facts("Since then", (("New since", words),), note="The figure is new altogether.")


def _by_portfolio(asked: Asked, cut: Cut) -> Table:
    """A selection: the portfolios whose figure changed, and their sum."""
    attribute = FIGURES[asked.figure]
    as_of, ids = asked.as_of, asked.ids
    now = {row.code: row for row in queries.portfolio_table(as_of, asked.currency, ids)}
    then = {row.code: row for row in queries.portfolio_table(as_of, asked.currency, ids, cut)}
    rows, sums = [], [ZERO, ZERO]
    for code in sorted(now.keys() | then.keys()):
        was, is_now = (_held(told.get(code), attribute) for told in (then, now))
        sums = [sums[0] + was, sums[1] + is_now]
        if abs(is_now - was) >= Decimal("0.005"):
            cells = (was, is_now, is_now - was)
            amounts = tuple(Amount(c, "money", 2, signed=i == 2) for i, c in enumerate(cells))
            rows.append(
                Row(code, amounts, Target("portfolio", figure=asked.figure, portfolio=code))
            )
    total = (*sums, sums[1] - sums[0])
    return Table(
        title=f"Since {cut}, by portfolio",
        heads=(
            Head("Portfolio", number=False),
            Head("Then", rest=True),
            Head("Now"),
            Head("Change"),
        ),
        rows=tuple(rows),
        total=Row(
            "All portfolios",
            tuple(Amount(c, "money", 2, signed=i == 2) for i, c in enumerate(total)),
        ),
        note="Only portfolios whose figure changed are listed; each tells the causes."
        if rows
        else "No portfolio's figure changed.",
        key="since",
    )


def _held(row: Any, attribute: str) -> Decimal:
    return ZERO if row is None else getattr(row, attribute)


def can_be_told(asked: Asked) -> bool:
    """True where causes can be told: any listed figure of one portfolio, amounts of several."""
    return asked.figure in (FIGURES if asked.is_one else _MONEY)
