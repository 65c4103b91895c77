"""Helio's records: what a source's fields may be mapped to, with their types.

Each record has a staging table of the same name (staging/sql/) and a load (load/sql/).
"""

from dataclasses import dataclass
from typing import Final

TEXT: Final = "text"
WHOLE: Final = "whole"
UNITS: Final = "units"
RATE: Final = "rate"
DAY: Final = "day"
INSTANT: Final = "instant"
CURRENCY: Final = "currency"
TERMS: Final = "terms"
ZONE: Final = "zone"

NUMBERS: Final = frozenset({UNITS, RATE})

EVENT_KINDS: Final = (
    "BUY", "SELL", "SUBSCRIPTION", "REDEMPTION", "FX", "DIVIDEND", "SPLIT",
    "TRANSFER_IN", "TRANSFER_OUT", "MGMT_FEE", "CUSTODY_FEE",
)  # fmt: skip
STATUSES: Final = ("NEW", "AMEND", "CANCEL")
# What several sources may state: a rank says who decides (docs/adr). Events and postings have an
# identity within their source alone, and master data is what was stated last.
RANKED: Final = (
    "price", "fx_fixing", "index_level", "index_weight", "corporate_action", "holding",
)  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One kind of record: its fields with types, which it must have, and whom it names."""

    name: str
    fields: dict[str, str]
    required: frozenset[str]
    portfolio: bool = False
    listing: bool = False
    choices: dict[str, tuple[str, ...]] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the staging table that mapping fills, apart from the stem."""
        return tuple(name for name in self.fields if name not in STEM_FIELDS)


# Fields every staging table has: whom the record is about and since when it was known.
STEM_FIELDS: Final = {
    "portfolio_key": TEXT,
    "on_day": DAY,
    "executed_at": INSTANT,
    "known_from": INSTANT,
}


def _record(
    name: str,
    fields: dict[str, str],
    required: str,
    *,
    portfolio: bool = False,
    listing: bool = False,
    choices: dict[str, tuple[str, ...]] | None = None,
) -> Record:
    return Record(name, fields, frozenset(required.split()), portfolio, listing, choices)


_KNOWN = {"known_from": INSTANT}

# Characters at most, where a column holds fewer than any text may have.
LENGTHS: Final = {
    "reference": 60, "portfolio_key": 60, "posting.portfolio_key": 40, "holding.portfolio_key": 40,
    "corporate_action.kind": 20, "posting_no": 40, "posting_code": 10, "price_unit": 3,
    "unit": 3, "quote_unit": 3, "segment_mic": 4, "operating_mic": 4, "figi": 12,
    "security_type": 40, "sector": 80, "domicile": 2, "portfolio_code": 40, "client": 60,
    "desk": 60, "team": 60, "system_name": 40, "key": 60, "code_scheme": 10, "code_value": 40,
    "index_code": 20, "name": 120, "issuer_name": 160, "issuer_lei": 20, "issuer_country": 2,
}  # fmt: skip

# In the order in which they are loaded: whom others name comes first.
RECORDS: Final[dict[str, Record]] = {
    record.name: record
    for record in (
        _record(
            "venue",
            {"segment_mic": TEXT, "operating_mic": TEXT, "time_zone": ZONE, "name": TEXT},
            "segment_mic operating_mic time_zone",
        ),
        _record(
            "portfolio",
            {
                "portfolio_code": TEXT, "name": TEXT, "client": TEXT, "base_currency": CURRENCY,
                "desk": TEXT, "desk_time_zone": ZONE, "team": TEXT,
                "opened_on": DAY, "closed_on": DAY,
            },
            "portfolio_code name base_currency desk desk_time_zone opened_on",
        ),
        _record(
            "portfolio_key",
            {
                "portfolio_code": TEXT, "system_name": TEXT, "key": TEXT,
                "valid_from": DAY, "valid_to": DAY,
            },
            "portfolio_code system_name key",
        ),
        _record(
            "listing",
            {
                "line": TEXT, "figi": TEXT, "segment_mic": TEXT, "quote_unit": TEXT,
                "name": TEXT, "security_type": TEXT, "sector": TEXT, "domicile": TEXT,
                "first_trading_on": DAY,
                "issuer_name": TEXT, "issuer_lei": TEXT, "issuer_country": TEXT,
            },
            "line figi segment_mic quote_unit name security_type",
        ),
        _record(
            "identifier",
            {
                "line": TEXT, "code_scheme": TEXT, "code_value": TEXT,
                "valid_from": DAY, "valid_to": DAY,
            },
            "line code_scheme code_value",
        ),
        _record("market_session", {"operating_mic": TEXT, "open_on": DAY}, "operating_mic open_on"),
        _record(
            "fx_fixing",
            {
                "fixed_on": DAY, "base_currency": CURRENCY, "quote_currency": CURRENCY,
                "rate": RATE, **_KNOWN,
            },
            "fixed_on base_currency quote_currency rate known_from",
        ),
        _record(
            "index_level",
            {"index_code": TEXT, "currency": CURRENCY, "level_on": DAY, "level": RATE, **_KNOWN},
            "index_code currency level_on level known_from",
        ),
        _record(
            "index_weight",
            {"index_code": TEXT, "currency": CURRENCY, "weight": RATE, **_KNOWN},
            "index_code currency weight known_from",
            listing=True,
        ),
        _record(
            "corporate_action",
            {"kind": TEXT, "on_day": DAY, "terms": TERMS, **_KNOWN},
            "kind on_day known_from",
            listing=True,
        ),
        _record(
            "price",
            {"on_day": DAY, "price": RATE, "unit": TEXT, "revision": WHOLE, **_KNOWN},
            "on_day price unit known_from",
            listing=True,
        ),
        _record(
            "event",
            {
                "reference": TEXT, "version": WHOLE, "status": TEXT, "kind": TEXT,
                "portfolio_key": TEXT, "executed_at": INSTANT, "on_day": DAY, "settles_on": DAY,
                "units": UNITS, "unit_price": RATE, "price_unit": TEXT,
                "currency": CURRENCY, "gross_amount": UNITS, "charges": UNITS,
                "tax_withheld": UNITS, "cash_effect": UNITS,
                "second_currency": CURRENCY, "second_cash_effect": UNITS,
                "split_new": UNITS, "split_old": UNITS, "remark": TEXT, **_KNOWN,
            },
            "reference known_from",
            portfolio=True,
            listing=True,
            choices={"status": STATUSES, "kind": EVENT_KINDS},
        ),
        _record(
            "posting",
            {
                "portfolio_key": TEXT, "posting_no": TEXT, "posting_code": TEXT, "booked_on": DAY,
                "dealt_on": DAY, "on_day": DAY, "units": UNITS, "unit_price": RATE,
                "currency": CURRENCY, "amount": UNITS, "narrative": TEXT, **_KNOWN,
            },
            "portfolio_key posting_no posting_code booked_on on_day known_from",
            portfolio=True,
            listing=True,
        ),
        _record(
            "holding",
            {
                "portfolio_key": TEXT, "on_day": DAY, "units": UNITS, "units_blocked": UNITS,
                "market_price": RATE, "market_value": UNITS, **_KNOWN,
            },
            "portfolio_key on_day units known_from",
            portfolio=True,
            listing=True,
        ),
    )
}  # fmt: skip
