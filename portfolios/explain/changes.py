"""The bridge of a value as sections: by cause in sum, and listing by listing."""

from collections.abc import Mapping
from decimal import Decimal

from helio import numbers
from portfolios.explain.bridge import Bridge, Effects, bridge
from portfolios.explain.parts import (
    Asked,
    Head,
    Row,
    Section,
    Table,
    Target,
    money,
    shortened,
)
from portfolios.figures import queries
from portfolios.figures.days import eve_of
from portfolios.models import Listing
from portfolios.valuation.cost import ZERO

# Beyond it a day is told portfolio by portfolio, without what each price and rate did.
MOST_PORTFOLIOS = 60
# What rounding of stored values leaves; shown from a cent on, so that it would be seen.
CENT = Decimal("0.005")


def since_the_day_before(asked: Asked) -> list[Section]:
    """Why the value is another than at the close before: parts in money that sum to the change."""
    if not asked.portfolios:
        return []
    if len(asked.portfolios) > MOST_PORTFOLIOS:
        return [_by_portfolio(asked)]
    told = bridge(asked.portfolios, asked.as_of, asked.currency, asked.cut)
    return [causes(asked, told), *by_listing(told.listings, asked)]


def causes(asked: Asked, told: Bridge) -> Table:
    """The causes that did something, between the two values."""
    eve = eve_of(asked.as_of)
    parts = [
        (name, amount)
        for name, amount in told.parts
        if amount and (name != "Rounding" or abs(amount) >= CENT)
    ]
    changed = f"{numbers.money(told.change, signed=True)} {asked.currency}"
    opening = Row(f"Net asset value {eve}", (money(told.opening),))
    rows = [Row(name, (money(amount, signed=True),)) for name, amount in parts]
    return Table(
        title="Since the day before",
        heads=(Head("Cause", number=False), Head(f"Amount {asked.currency}")),
        rows=(opening, *rows),
        total=Row(f"Net asset value {asked.as_of}", (money(told.closing),)),
        note=f"Change {changed}. Prices and trades are told at the rates of before: what a price "
        "and its rate did together is with the currencies.",
        key="bridge",
    )


def by_listing(listings: Mapping[int, Effects], asked: Asked) -> list[Section]:
    """What each listing did, largest first, and all of them together."""
    moved = {pk: one for pk, one in listings.items() if any((one.total, one.price, one.currency))}
    if not moved:
        return []
    names = Listing.objects.in_bulk(list(moved))
    ordered = sorted(moved.items(), key=lambda pair: (-abs(pair[1].total), names[pair[0]].key))
    rows = [effects_row(names[pk].key, one, asked) for pk, one in ordered]
    total = sum(moved.values(), Effects())
    return [
        Table(
            title="By listing",
            heads=HEADS,
            rows=shortened(rows, [one.total for _, one in ordered]),
            total=effects_row("All listings", total, None),
            key="listings",
        )
    ]


HEADS = (
    Head("Listing", number=False),
    Head("Price"),
    Head("Currency", rest=True),
    Head("Trading", rest=True),
    Head("Income", rest=True),
    Head("Together"),
)


def effects_row(label: str, one: Effects, asked: Asked | None) -> Row:
    """A listing's effects and their sum."""
    amounts = (one.price, one.currency, one.trading, one.income, one.total)
    to = Target("figure", label, "value_change") if asked is not None else None
    return Row(label, tuple(money(amount, signed=True) for amount in amounts), to)


def _by_portfolio(asked: Asked) -> Table:
    told = queries.portfolio_table(asked.as_of, asked.currency, asked.ids, asked.cut)
    told.sort(key=lambda row: -abs(row.day_pnl))
    rows = [
        Row(
            one.code,
            (money(one.day_pnl, signed=True),),
            Target("portfolio", figure="day_pnl", portfolio=one.code),
        )
        for one in told
    ]
    results = [one.day_pnl for one in told]
    return Table(
        title="The day's result by portfolio",
        heads=(Head("Portfolio", number=False), Head(f"P&L {asked.currency}")),
        rows=shortened(rows, results),
        total=Row("Together", (money(sum(results, ZERO), signed=True),)),
        note=f"Over more than {MOST_PORTFOLIOS} portfolios what each price and rate did is not "
        "told apart: choose some of them.",
        key="bridge",
    )
