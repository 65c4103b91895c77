"""Which function tells a figure: the one table of what can be explained."""

from collections.abc import Callable
from typing import Final

from portfolios.explain import firm, position, restatement, result, returns, risk, value
from portfolios.explain.parts import Asked, Explanation
from portfolios.figures import queries
from portfolios.performance.periods import PERIODS

Tell = Callable[[Asked], Explanation]

_POSITION: Final[dict[str, Tell]] = {
    "base_value": position.value,
    "value": position.value,
    "units_held": position.value,
    "unit_price": position.value,
    "value_price_currency": position.value,
    "average_cost_base": position.cost,
    "average_unrealised": position.cost,
    "fifo_cost_base": position.cost,
    "fifo_unrealised": position.cost,
    "value_change": position.change,
    "contribution_to_return": position.change,
}
_BOOK: Final[dict[str, Tell]] = {
    "net_asset_value": value.net_asset_value,
    "net_asset_value_base": value.net_asset_value,
    "cash_value": value.cash_value,
    "cash_share": value.cash_share,
    "day_pnl": result.day_pnl,
    "share_of_nav": value.bucket,
    "value_base": value.bucket,
}
_PERIODS: Final = ("day", *(period.key for period in PERIODS), "inception", "inception_annualised")
_RETURNS: Final[dict[str, Tell]] = {
    f"{family}{ending}": returns.of_period
    for family in ("return_net", "return_gross", "benchmark_return", "active_return")
    for ending in ("", *(f"_{key}" for key in _PERIODS))
}
_RISK: Final[dict[str, Tell]] = dict.fromkeys(risk.names(), risk.of_portfolio)

OF_SELECTION: Final = _POSITION | _BOOK | _RETURNS
OF_PORTFOLIO: Final = OF_SELECTION | _RISK
OF_FIRM: Final = firm.names()
# The sums of a table of positions: what they are the sum of.
_TOTALS: Final = {"base_value": "net_asset_value", "value": "net_asset_value"}
_BREAKDOWNS: Final = frozenset({"share_of_nav", "value_base"})


def can_be_told(asked: Asked) -> bool:
    """True where there is more to say than the definition."""
    return asked.figure in (OF_PORTFOLIO if asked.is_one else OF_SELECTION)


def explanation(asked: Asked) -> Explanation | None:
    """What stands behind the figure; None where the glossary's entry is all there is.

    Raises LookupError for a key that names no period.
    """
    if asked.key == "total" and asked.figure in _TOTALS:
        asked = asked.of(figure=_TOTALS[asked.figure], key="")
    if not asked.portfolios or not can_be_told(asked):
        return None
    if asked.figure == "share_of_nav" and not asked.breakdown and asked.key not in ("", "total"):
        return value.share_of_position(asked)
    table = OF_PORTFOLIO if asked.is_one else OF_SELECTION
    return table[asked.figure](asked)


def of_firm(asked: Asked) -> Explanation | None:
    """What stands behind a figure of the firm or a desk; None where there is nothing to add."""
    return firm.explanation(asked) if asked.figure in OF_FIRM else None


def composite_of(asked: Asked) -> queries.CompositeRow | None:
    """The row of the firm, or of the desk that ``key`` names; None for who may not see it."""
    return firm.row_of(asked)


__all__ = [
    "OF_FIRM",
    "OF_PORTFOLIO",
    "OF_SELECTION",
    "composite_of",
    "explanation",
    "of_firm",
    "restatement",
]
