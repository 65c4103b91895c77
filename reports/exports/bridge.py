"""Value bridge: one row per portfolio between two days, from opening to closing value."""

from collections.abc import Iterator
from typing import Any, Final

from helio.columns import Column, Kind
from portfolios.figures import queries
from reports.exports import spans
from reports.exports.dataset import Dataset
from reports.exports.frame import dataset
from reports.exports.request import Wanted


def _money(name: str, heading: str, width: int = 0) -> Column:
    return Column(name, heading, Kind.MONEY, width, total=True)


COLUMNS: Final = (
    *spans.COLUMNS,
    _money("opening_value", "Opening value", 7),
    _money("external_inflow", "Inflows", 6),
    _money("external_outflow", "Outflows", 6),
    _money("average_realised", "Realised", 6),
    _money("average_unrealised_change", "Unrealised, change", 6),
    _money("fifo_realised", "Realised, FIFO"),
    _money("fifo_unrealised_change", "Unrealised, change, FIFO"),
    _money("dividend_income", "Dividends", 6),
    _money("management_fee", "Management fee", 5),
    _money("safekeeping_fee", "Safekeeping fee", 5),
    _money("average_rest", "Rest", 5),
    _money("fifo_rest", "Rest, FIFO"),
    _money("translation", "Base currencies"),
    _money("price_effect", "Price"),
    _money("currency_effect", "Currency, securities"),
    _money("cash_currency_effect", "Currency, cash"),
    _money("dealing_effect", "Dealing"),
    _money("profit", "Profit", 6),
    _money("closing_value", "Closing value", 7),
)
# Columns that the bridge calls otherwise.
_CALLED: Final = {
    "external_inflow": "inflow",
    "external_outflow": "outflow",
    "average_unrealised_change": "average_unrealised",
    "fifo_unrealised_change": "fifo_unrealised",
}


def build(wanted: Wanted, version: queries.Version) -> Dataset:
    """Flows, profit by booking at both cost methods and by cause; flows and fees are positive."""
    return dataset(
        report="bridge",
        title="Value bridge",
        wanted=wanted,
        version=version,
        columns=COLUMNS,
        records=_records(wanted),
        spans_days=True,
    )


def _records(wanted: Wanted) -> Iterator[dict[str, Any]]:
    for shared, span in spans.spans(wanted):
        bridge = queries.value_bridge(queries.contributions_of(span))
        names = (column.name for column in COLUMNS if column.name not in shared)
        yield shared | {name: getattr(bridge, _CALLED.get(name, name)) for name in names}
