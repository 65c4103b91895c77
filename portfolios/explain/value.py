"""What values are made of: positions and cash, or portfolios; and what a bucket holds."""

from collections.abc import Iterable
from decimal import Decimal

from portfolios.explain.changes import since_the_day_before
from portfolios.explain.parts import (
    Amount,
    Asked,
    Explanation,
    Head,
    Row,
    Table,
    Target,
    money,
    percent,
    plain,
    shortened,
)
from portfolios.figures import queries
from portfolios.figures.holdings import CASH
from portfolios.valuation.cost import ZERO


def net_asset_value(asked: Asked) -> Explanation:
    """The value by position or by portfolio, and the bridge from the day before."""
    parts = _positions(asked, held(asked)) if asked.is_one else _portfolios(asked)
    value = _total(parts)
    return Explanation(money(value), asked.currency, [parts, *since_the_day_before(asked)])


def cash_value(asked: Asked) -> Explanation:
    """The balances of all currencies."""
    rows = [row for row in held(asked) if row.security_type == CASH]
    table = _balances(asked, rows)
    return Explanation(money(_total(table)), asked.currency, [table])


def cash_share(asked: Asked) -> Explanation:
    """Cash over net asset value, and its balances."""
    rows = held(asked)
    cash = _balances(asked, [row for row in rows if row.security_type == CASH])
    total = _sum(row.value for row in rows)
    share = _share(asked, "Cash", _total(cash), total)
    return Explanation(percent(_over(_total(cash), total), signed=False), "", [share, cash])


def bucket(asked: Asked) -> Explanation:
    """The positions in a bucket of a breakdown, and its share of net asset value."""
    rows = held(asked)
    inside = rows if asked.key in ("", "total") else [r for r in rows if _is_in(r, asked)]
    value, total = _sum(row.value for row in inside), _sum(row.value for row in rows)
    name = "Everything" if asked.key in ("", "total") else asked.key
    share = _share(asked, name, value, total)
    shown = money(value) if asked.figure == "value_base" else percent(_over(value, total), 4)
    unit = asked.currency if asked.figure == "value_base" else ""
    return Explanation(shown, unit, [_positions(asked, inside), share])


def share_of_position(asked: Asked) -> Explanation:
    """A position's value over net asset value."""
    rows = held(asked)
    value = _sum(row.value for row in rows if row.listing_key == asked.key)
    total = _sum(row.value for row in rows)
    share = _share(asked, asked.key, value, total)
    return Explanation(percent(_over(value, total)), "", [share])


def held(asked: Asked) -> list[queries.PositionRow]:
    """Everything held, largest first."""
    rows = queries.positions(asked.as_of, asked.currency, asked.ids, asked.cut)
    return sorted(rows, key=lambda row: (row.value is None, -(row.value or ZERO)))


def _is_in(row: queries.PositionRow, asked: Asked) -> bool:
    """True for a position that the breakdown puts into the bucket."""
    breakdown = asked.breakdown or "sector"
    if breakdown == "currency":
        return row.price_currency == asked.key
    if row.security_type == CASH:
        return asked.key == CASH
    if breakdown == "sector" and row.security_type in ("ETF", "Fund"):
        return asked.key == "Fund"
    return (getattr(row, breakdown, "") or "Unclassified") == asked.key


def _positions(asked: Asked, rows: list[queries.PositionRow]) -> Table:
    lines = [
        Row(
            row.listing_key,
            (
                Amount(row.units, "units", row.units_places),
                plain(row.price, 4),
                row.price_currency,
                money(row.value),
            ),
            Target("figure", row.listing_key, "base_value" if asked.is_one else "value"),
        )
        for row in rows
    ]
    return Table(
        title="Positions and cash",
        heads=(
            Head("Listing", number=False),
            Head("Units", rest=True),
            Head("Price", rest=True),
            Head("", number=False, rest=True),
            Head(f"Value {asked.currency}"),
        ),
        rows=shortened(lines, [row.value for row in rows]),
        total=Row("Together", ("", "", "", money(_sum(row.value for row in rows)))),
        key="positions",
    )


def _portfolios(asked: Asked) -> Table:
    rows = queries.portfolio_table(asked.as_of, asked.currency, asked.ids, asked.cut)
    rows.sort(key=lambda row: -row.net_asset_value)
    lines = [
        Row(
            row.code,
            (money(row.net_asset_value_base), row.base_currency, money(row.net_asset_value)),
            Target("portfolio", figure="net_asset_value", portfolio=row.code),
            note=row.name,
        )
        for row in rows
    ]
    return Table(
        title="By portfolio",
        heads=(
            Head("Portfolio", number=False),
            Head("In base currency", rest=True),
            Head("", number=False, rest=True),
            Head(f"Value {asked.currency}"),
        ),
        rows=shortened(lines, [row.net_asset_value for row in rows]),
        total=Row("Together", ("", "", money(_sum(row.net_asset_value for row in rows)))),
        key="portfolios",
    )


def _balances(asked: Asked, rows: list[queries.PositionRow]) -> Table:
    lines = tuple(
        Row(
            row.price_currency,
            (money(row.units), plain(_over(row.value, row.units), 8), money(row.value)),
        )
        for row in rows
    )
    return Table(
        title="Balances",
        heads=(
            Head("Currency", number=False),
            Head("Balance"),
            Head("Rate", rest=True),
            Head(f"Value {asked.currency}"),
        ),
        rows=lines,
        total=Row("Together", ("", "", money(_sum(row.value for row in rows)))),
        key="balances",
    )


def _share(asked: Asked, name: str, part: Decimal, whole: Decimal) -> Table:
    return Table(
        title="Share of net asset value",
        heads=(Head("", number=False), Head("")),
        rows=(
            Row(f"{name}, {asked.currency}", (money(part),)),
            Row(f"÷ net asset value, {asked.currency}", (money(whole),)),
        ),
        total=Row("Share", (percent(_over(part, whole), signed=False),)),
        key="share",
    )


def _over(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return part / whole if part is not None and whole else None


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), ZERO)


def _total(table: Table) -> Decimal:
    """The amount of a table's last row."""
    last = table.total.cells[-1] if table.total else None
    return last.value if isinstance(last, Amount) and isinstance(last.value, Decimal) else ZERO
