"""The day's result: V1 − V0 − IN + OUT, its causes, and the day's bookings."""

from portfolios.explain.changes import since_the_day_before
from portfolios.explain.parts import (
    Asked,
    Explanation,
    Head,
    Row,
    Section,
    Table,
    money,
    percent,
)
from portfolios.explain.position import booking
from portfolios.figures import queries
from portfolios.figures.days import eve_of
from portfolios.figures.ledger import effective

BOOKINGS = 25


def day_pnl(asked: Asked) -> Explanation:
    """The result of the day."""
    today = day_of(asked)
    if today is None:
        return Explanation(money(None), asked.currency)
    opening = today.net_asset_value - today.pnl - today.inflow + today.outflow
    steps = Table(
        title="V1 − V0 − IN + OUT",
        heads=(Head("", number=False), Head(asked.currency)),
        rows=(
            Row(f"V1: net asset value {asked.as_of}", (money(today.net_asset_value),)),
            Row("− V0: net asset value the day before", (money(opening),)),
            Row("− IN: flows in", (money(today.inflow),)),
            Row("+ OUT: flows out", (money(today.outflow),)),
        ),
        total=Row("P&L of the day", (money(today.pnl, signed=True),)),
        key="steps",
    )
    sections: list[Section] = [steps, *since_the_day_before(asked), *bookings_of_the_day(asked)]
    return Explanation(money(today.pnl, signed=True), asked.currency, sections)


def return_of_the_day(asked: Asked) -> Explanation:
    """The day's return from its values and flows."""
    today = day_of(asked)
    if today is None or today.return_net is None:
        return Explanation(percent(None), "")
    opening = today.net_asset_value - today.pnl - today.inflow + today.outflow
    steps = Table(
        title="(V1 + OUT) ÷ (V0 + IN) − 1",
        heads=(Head("", number=False), Head(asked.currency)),
        rows=(
            Row(f"V1: net asset value {asked.as_of}", (money(today.net_asset_value),)),
            Row("OUT: flows out", (money(today.outflow),)),
            Row("V0: net asset value the day before", (money(opening),)),
            Row("IN: flows in", (money(today.inflow),)),
        ),
        total=Row("Return of the day", (percent(today.return_net),)),
        key="steps",
    )
    sections: list[Section] = [steps, *since_the_day_before(asked), *bookings_of_the_day(asked)]
    return Explanation(percent(today.return_net), "", sections)


def day_of(asked: Asked) -> queries.AggregateDay | None:
    """The day's values and flows; None on a day without any."""
    series = queries.aggregate_series(
        asked.ids, asked.as_of, asked.as_of, asked.currency, asked.cut
    )
    return series[-1] if series and series[-1].valued_on == asked.as_of else None


def bookings_of_the_day(asked: Asked) -> list[Section]:
    """What was booked since the close before."""
    known_at = asked.cut.known_at if asked.cut else None
    found = effective(known_at).filter(portfolio_id__in=asked.ids, effective_on__lte=asked.as_of)
    eve = eve_of(asked.as_of)
    if eve is not None:
        found = found.filter(effective_on__gt=eve)
    count = found.count()
    if not count:
        return []
    return [
        Table(
            title="Booked on the day",
            heads=(
                Head("Day", number=False),
                Head("Kind", number=False),
                Head("Units"),
                Head("Cash effect"),
                Head("", number=False),
            ),
            rows=tuple(
                booking(one)
                for one in found.select_related("portfolio").order_by("effective_on", "id")[
                    :BOOKINGS
                ]
            ),
            note=f"The first {BOOKINGS} of {count}." if count > BOOKINGS else "",
            key="bookings",
        )
    ]
