"""One listing: value = units × price × rate with its sources, its cost, and its day."""

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal

from helio.numbers import day
from portfolios.explain.bridge import Crosses, Effects, bridge
from portfolios.explain.changes import HEADS, MOST_PORTFOLIOS, by_listing, effects_row
from portfolios.explain.parts import (
    Amount,
    Asked,
    Explanation,
    Facts,
    Head,
    Row,
    Section,
    Table,
    Target,
    money,
    plain,
)
from portfolios.figures import ground, queries
from portfolios.figures.inputs import Input, inputs_of
from portfolios.figures.ledger import effective
from portfolios.models import Listing, Transaction
from portfolios.valuation.cost import ZERO

BOOKINGS = 15
Position = queries.PositionRow | None


def value(asked: Asked) -> Explanation:
    """Units × price × rate, the sources of price and rate, and what the day did."""
    row = position(asked)
    sections: list[Section] = []
    if row is not None:
        if asked.is_one:
            sections = [_product(asked, row), *_inputs(asked, row)]
        else:
            sections = [_by_portfolio(asked, row)]
    sections += [*_day(asked), *_bookings(asked)]
    return Explanation(_shown(asked, row), asked.currency, sections)


def cost(asked: Asked) -> Explanation:
    """What the position cost, what it is worth, and the bookings that made it so."""
    row = position(asked)
    fifo = asked.figure.startswith("fifo")
    sections: list[Section] = []
    if row is not None and row.cost is not None:
        paid = row.fifo_cost if fifo else row.cost
        gain = row.fifo_unrealised if fifo else row.unrealised
        sections.append(
            Table(
                title="Value less cost",
                heads=(Head("", number=False), Head(asked.currency)),
                rows=(
                    Row("Value", (money(row.value),), Target("figure", asked.key, _value(asked))),
                    Row(
                        "− Cost, first in, first out" if fifo else "− Cost, average", (money(paid),)
                    ),
                ),
                total=Row("Unrealised profit", (money(gain, signed=True),)),
                key="unrealised",
            )
        )
    sections += _bookings(asked)
    return Explanation(_shown(asked, row), asked.currency, sections)


def change(asked: Asked) -> Explanation:
    """What the listing did on the day, and to the return; without one, what all of them did."""
    if asked.key in ("", "total"):
        told = bridge(asked.portfolios, asked.as_of, asked.currency, asked.cut)
        total = money(told.securities.total, signed=True)
        return Explanation(total, asked.currency, by_listing(told.listings, asked))
    effects = _effects(asked)
    sections: list[Section] = _day(asked)
    shown: Amount = money(effects.total if effects else None, signed=True)
    if asked.figure == "contribution_to_return":
        table, shown = _contribution(asked, effects.total if effects else ZERO)
        sections.insert(0, table)
    unit = "" if asked.figure == "contribution_to_return" else asked.currency
    return Explanation(shown, unit, [*sections, *_bookings(asked)])


def position(asked: Asked) -> Position:
    """The listing's position on the day; None where nothing is held."""
    rows = queries.positions(asked.as_of, asked.currency, asked.ids, asked.cut)
    return next((row for row in rows if row.listing_key == asked.key), None)


_SHOWN: dict[str, Callable[[queries.PositionRow], Amount]] = {
    "units_held": lambda row: Amount(row.units, "units", row.units_places),
    "unit_price": lambda row: plain(row.price, 4),
    "average_cost_base": lambda row: money(row.cost),
    "average_unrealised": lambda row: money(row.unrealised, signed=True),
    "fifo_cost_base": lambda row: money(row.fifo_cost),
    "fifo_unrealised": lambda row: money(row.fifo_unrealised, signed=True),
    "value_price_currency": lambda row: money(row.value_price_currency),
}


def _shown(asked: Asked, row: Position) -> Amount:
    if row is None:
        return money(None)
    return _SHOWN.get(asked.figure, lambda one: money(one.value))(row)


def _value(asked: Asked) -> str:
    return "base_value" if asked.is_one else "value"


def _product(asked: Asked, row: queries.PositionRow) -> Table:
    held = row.value_price_currency
    crossed = row.value / held if row.value is not None and held else None
    into = f"{asked.currency} for one {row.price_currency}"
    rows = [
        Row("Units", (Amount(row.units, "units", row.units_places), "")),
        Row("× Price", (plain(row.price, 6), row.price_currency)),
    ]
    if row.price_currency != asked.currency:
        rows.append(Row("× Exchange rate", (plain(crossed, 10), into)))
    note = (
        "An oversold quantity is worth nothing." if row.units < 0 and row.cost is not None else ""
    )
    return Table(
        title="Units × price × rate",
        heads=(Head("", number=False), Head(""), Head("", number=False)),
        rows=tuple(rows),
        total=Row("Value", (money(row.value), asked.currency)),
        note=note,
        key="product",
    )


def _inputs(asked: Asked, row: queries.PositionRow) -> list[Section]:
    known_at = asked.cut.known_at if asked.cut else None
    return [_input(one) for one in inputs_of(row, asked.currency, asked.as_of, known_at)]


def _input(one: Input) -> Facts:
    pairs: list[tuple[str, Amount | str]] = [("Of", day(one.of_day)), ("Said", one.said)]
    if one.line:
        pairs += [
            ("Source", str(one.line["source_title"])),
            ("File", f"{one.line['file_name']}, line {one.line['line_no']}"),
            ("Received", f"{one.line['received_at'].astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"),
            ("Known from", f"{one.line['known_from'].astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"),
        ]
    line = one.line["line_text"] if one.line else None
    return Facts(one.name, tuple(pairs), line)


def _by_portfolio(asked: Asked, row: queries.PositionRow) -> Table:
    held = ground.rows(
        "bridge_holding", asked.cut, as_of=asked.as_of, eve=None, portfolio_ids=asked.ids
    )
    mine = {one["portfolio_id"]: one for one in held if one["listing_id"] == row.listing_id}
    rates, rows = Crosses(asked.cut), []
    for portfolio in asked.portfolios:
        one = mine.get(portfolio.pk)
        if one is not None:
            rate = rates.cross(portfolio.base_currency, asked.currency, asked.as_of)
            units = Amount(one["units"], "units", row.units_places)
            to = Target("portfolio", asked.key, "base_value", portfolio.code)
            rows.append(Row(portfolio.code, (units, money(one["base_value"] * rate)), to))
    return Table(
        title="By portfolio",
        heads=(Head("Portfolio", number=False), Head("Units"), Head(f"Value {asked.currency}")),
        rows=tuple(rows),
        total=Row("Together", (Amount(row.units, "units", row.units_places), money(row.value))),
        key="portfolios",
    )


def _effects(asked: Asked) -> Effects | None:
    if len(asked.portfolios) > MOST_PORTFOLIOS:
        return None
    told = bridge(asked.portfolios, asked.as_of, asked.currency, asked.cut)
    listing = Listing.objects.filter(key=asked.key).first()
    return told.listings.get(listing.pk) if listing else None


def _day(asked: Asked) -> list[Section]:
    effects = _effects(asked)
    if effects is None:
        return []
    return [
        Table(
            title="What the day did",
            heads=HEADS,
            rows=(effects_row(asked.key, effects, None),),
            note="Price and trading at the rate of before, trading against the close with charges, "
            "what the rate did to value and trades, dividends. Together: value now − value before "
            "+ cash of trades + dividends.",
            key="day",
        )
    ]


def _contribution(asked: Asked, change_of_day: Decimal) -> tuple[Table, Amount]:
    series = queries.aggregate_series(
        asked.ids, asked.as_of, asked.as_of, asked.currency, asked.cut
    )
    today = series[-1] if series else None
    # V0 + IN = V1 + OUT − P&L
    invested = today.net_asset_value + today.outflow - today.pnl if today else ZERO
    share = change_of_day / invested if invested else None
    shown = Amount(share, "points", 6, signed=True)
    table = Table(
        title="Contribution to the day’s return",
        heads=(Head("", number=False), Head(asked.currency)),
        rows=(
            Row("Change of the day", (money(change_of_day, signed=True),)),
            Row("÷ V0 + IN", (money(invested),)),
        ),
        total=Row("Contribution", (shown,)),
        key="contribution",
    )
    return table, shown


def _bookings(asked: Asked) -> list[Section]:
    """The last transactions of the listing, newest first."""
    known_at = asked.cut.known_at if asked.cut else None
    found = effective(known_at).filter(
        portfolio_id__in=asked.ids, listing__key=asked.key, effective_on__lte=asked.as_of
    )
    count = found.count()
    if not count:
        return []
    newest = found.select_related("portfolio").order_by("-effective_on", "-id")[:BOOKINGS]
    return [
        Table(
            title="Bookings behind it",
            heads=(
                Head("Day", number=False),
                Head("Kind", number=False),
                Head("Units"),
                Head("Cash effect"),
                Head("", number=False),
            ),
            rows=tuple(booking(one) for one in newest),
            note=f"The newest {BOOKINGS} of {count}." if count > BOOKINGS else "",
            key="bookings",
        )
    ]


def booking(one: Transaction) -> Row:
    """A ledger record as a row that leads to it and its source line."""
    return Row(
        one.effective_on.isoformat(),
        (
            one.get_kind_display(),
            Amount(one.units, "units", 0, signed=True) if one.units is not None else "",
            money(one.cash_effect, signed=True) if one.cash_effect is not None else "",
            one.currency,
        ),
        Target("transaction", str(one.pk), portfolio=one.portfolio.code),
    )
