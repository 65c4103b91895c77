"""What a day did to the firm or a desk, by cause: read as sums of its desks, never by portfolio."""

from datetime import date
from typing import Any

from portfolios.explain.bridge import Bridge, Effects
from portfolios.explain.changes import causes
from portfolios.explain.parts import Asked, Facts, Section
from portfolios.figures import ground, queries

NOT_THEN = "What prices, rates and trades did to the firm is told of what is known now alone."


def since_the_day_before(asked: Asked, row: queries.CompositeRow) -> Section:
    """The causes between the two closes, in money that sums to the change."""
    if asked.cut is not None:
        return Facts("By cause", (("Not told", NOT_THEN),))
    return causes(asked, bridge(row, asked.as_of))


def bridge(row: queries.CompositeRow, as_of: date) -> Bridge:
    """From the opening to the closing value of the composite, in the firm's currency."""
    done: dict[str, Any]
    [done] = ground.rows("composite_cause", None, as_of=as_of, desk_id=row.desk_id)
    return Bridge(
        opening=row.opening_value,
        closing=row.net_asset_value,
        securities=Effects(
            price=done["price_effect"],
            currency=done["currency_effect"],
            trading=done["trading_effect"],
            income=done["dividend_income"],
        ),
        cash_currency=done["cash_currency_effect"],
        deals=done["deals_effect"],
        management_fee=done["management_fee"],
        safekeeping_fee=done["safekeeping_fee"],
        inflow=row.inflow_day,
        outflow=row.outflow_day,
    )
