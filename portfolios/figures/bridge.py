"""The value bridge of a span: opening value, flows, the profit by its parts, closing value."""

from portfolios.figures import ground
from portfolios.figures.contributed import Contributions
from portfolios.performance.value_bridge import ValueBridge
from portfolios.valuation.cost import ZERO


def value_bridge(contributions: Contributions) -> ValueBridge:
    """The bridge over the span of these contributions, in its currency."""
    span = contributions.span
    [booked] = ground.rows("value_bridge", span.cut, **span.asked())
    listings, cash = contributions.listings, contributions.cash
    return ValueBridge(
        **booked,
        price_effect=sum((row.price_effect for row in listings), ZERO),
        currency_effect=sum((row.currency_effect for row in listings), ZERO),
        cash_currency_effect=sum((row.currency_effect for row in cash), ZERO),
    )
