"""Loads the case's facts straight from its answers and vendor files: no pipeline involved."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
from django.db import transaction

from portfolios import models
from portfolios.refresh import mark_affected, note_input
from portfolios.tests.support import answers, vendor

LINEAGE = {"batch_id": 1, "file_id": 1, "line_no": 1}
KNOWN = datetime(2026, 1, 2, tzinfo=UTC)
CURRENCIES = ("EUR", "GBP", "JPY", "SEK", "USD", "ZAR")
FIRST = date(2023, 12, 1)
PLAIN = (
    "kind",
    "effective_on",
    "settles_on",
    "executed_at",
    "units",
    "unit_price",
    "gross_amount",
    "charges",
    "tax_withheld",
    "cash_effect",
    "second_cash_effect",
    "split_new",
    "split_old",
    "known_from",
    "source",
    "source_reference",
)


def load_case() -> None:
    """Load everything of the case in one transaction and note it for the next refresh."""
    with transaction.atomic():
        _reference()
        _market()
        _ledger()
        mark_affected(from_on=FIRST, batch_id=1, cause="the case")
        note_input(source="market", received_at=KNOWN, business_date=date(2025, 12, 31))


def _reference() -> None:
    portfolios = pd.read_csv(answers.ALPHA / "crosswalk/portfolios.csv", keep_default_na=False)
    desks = {
        name: models.Desk.objects.create(name=name, time_zone="UTC")
        for name in sorted(portfolios["desk"].unique())
    }
    for row in portfolios.itertuples():
        models.Portfolio.objects.create(
            code=row.portfolio_id,
            name=row.portfolio_name,
            client=row.client_id,
            base_currency=row.base_currency,
            desk=desks[row.desk],
            team=row.team,
            opened_on=row.opened_on,
            closed_on=row.closed_on or None,
        )
    for row in answers.read("listings.csv").itertuples():
        instrument = models.Instrument.objects.create(
            name=row.issue_name,
            security_type=row.security_type,
            sector=row.sector_group,
            domicile=row.domicile,
        )
        _listing(row.listing_key, instrument, row.quote_unit, row.price_currency, row.figi_code)
    for currency in CURRENCIES:
        cash = models.Instrument.objects.create(name=f"{currency} cash", security_type="Cash")
        _listing(f"CASH:{currency}", cash, currency, currency, None)


def _listing(
    key: str, instrument: models.Instrument, unit: str, currency: str, figi: str | None
) -> None:
    models.Listing.objects.create(
        key=key, instrument=instrument, figi=figi, quote_unit=unit, price_currency=currency
    )


def _market() -> None:
    listings = dict(models.Listing.objects.values_list("key", "pk"))
    seen: dict[tuple[Any, ...], models.Price] = {}
    for quote in vendor.quotes():
        seen[quote.listing, quote.on, quote.revision] = models.Price(
            listing_id=listings[quote.listing],
            priced_on=quote.on,
            price=quote.price,
            unit=quote.unit,
            revision=quote.revision,
            known_from=datetime.fromisoformat(quote.released_at),
            **LINEAGE,
        )
    last: dict[tuple[Any, ...], models.Price] = {}
    for (listing, on, _), price in sorted(seen.items()):
        if (listing, on) in last:
            last[listing, on].known_to = price.known_from
        last[listing, on] = price
    models.Price.objects.bulk_create(seen.values())
    _fixings()
    index = models.Benchmark.objects.create(code="HGX18", currency="USD")
    models.IndexLevel.objects.bulk_create(
        models.IndexLevel(benchmark=index, level_on=on, level=level, known_from=KNOWN, **LINEAGE)
        for on, level in vendor.index_levels().items()
    )
    keys = vendor.keys_by_figi()
    models.IndexWeight.objects.bulk_create(
        models.IndexWeight(
            benchmark=index,
            listing_id=listings[keys[figi]],
            weight=Decimal(weight),
            known_from=KNOWN,
            **LINEAGE,
        )
        for figi, weight in vendor.rows("SELECT figi, target_weight FROM index_weight")
    )
    models.CorporateAction.objects.bulk_create(
        models.CorporateAction(
            listing_id=listings[keys[event["figi"]]],
            kind=event["event_type"],
            effective_on=date.fromisoformat(event["effective"]),
            terms=event["terms"],
            known_from=KNOWN,
            **LINEAGE,
        )
        for event in vendor.events()
    )


def _fixings() -> None:
    fixings: dict[tuple[str, str], models.FxFixing] = {}
    rows = []
    for day, pair, rate, released_at in vendor.rows(
        "SELECT fixing_day, pair, rate, released_at FROM fx_fixing ORDER BY released_at"
    ):
        fixing = models.FxFixing(
            fixed_on=date.fromisoformat(day),
            base_currency=pair[:3],
            quote_currency=pair[3:],
            rate=Decimal(rate),
            known_from=datetime.fromisoformat(released_at),
            **LINEAGE,
        )
        if (day, pair) in fixings:
            fixings[day, pair].known_to = fixing.known_from
        fixings[day, pair] = fixing
        rows.append(fixing)
    models.FxFixing.objects.bulk_create(rows)


def _ledger() -> None:
    portfolios = dict(models.Portfolio.objects.values_list("code", "pk"))
    listings = dict(models.Listing.objects.values_list("key", "pk"))
    text = ("currency", "second_currency")
    models.Transaction.objects.bulk_create(
        models.Transaction(
            portfolio_id=portfolios[row["portfolio_id"]],
            listing_id=listings.get(row["listing_id"]),
            source_version=int(float(row["source_version"] or 1)),
            **{column: row[column] for column in PLAIN},
            **{column: row[column] or "" for column in text},
            **LINEAGE,
        )
        for row in answers.ledger().to_dict("records")
    )
