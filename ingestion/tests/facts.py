"""What the database holds, as values that do not depend on the order of arrival."""

from collections.abc import Iterable
from pathlib import Path
from threading import Thread
from typing import Any

from django.db import connection, connections

from ingestion.landing.delivery import Delivery
from ingestion.models import Batch, Source
from ingestion.pipeline.definitions import SHIPPED, definition_of, load_definitions
from ingestion.pipeline.gather import gather
from ingestion.pipeline.run import ingest
from ingestion.tests.expected import ALPHA

# Every table of facts with the columns that say what is known, without ids and lineage.
FACTS = {
    "transaction": (
        """p.code, kind, effective_on, settles_on, executed_at, l.key, units, unit_price,
        price_unit, currency, gross_amount, charges, tax_withheld, cash_effect, second_currency,
        second_cash_effect, split_new, split_old, source, source_reference, source_version""",
        "JOIN portfolio p ON p.id = f.portfolio_id LEFT JOIN listing l ON l.id = f.listing_id",
    ),
    "price": ("l.key, priced_on, price, unit, revision", "JOIN listing l ON l.id = f.listing_id"),
    "fx_fixing": ("fixed_on, base_currency, quote_currency, rate", ""),
    "index_level": ("level_on, level", ""),
    "index_weight": ("l.key, weight", "JOIN listing l ON l.id = f.listing_id"),
    "corporate_action": (
        "l.key, kind, effective_on, terms",
        "JOIN listing l ON l.id = f.listing_id",
    ),
    "custody_holding": (
        "p.code, account, l.key, as_at, units, market_value",
        "JOIN portfolio p ON p.id = f.portfolio_id JOIN listing l ON l.id = f.listing_id",
    ),
    "custody_posting": (
        "p.code, account, posting_no, f.code, l.key, booked_on, value_on, units, amount, currency",
        "JOIN portfolio p ON p.id = f.portfolio_id LEFT JOIN listing l ON l.id = f.listing_id",
    ),
    "identifier": (
        "scheme, value, scope, l.key, valid_from, valid_to",
        "JOIN listing l ON l.id = f.listing_id",
    ),
}


def digests() -> dict[str, tuple[int, str]]:
    """Rows and a checksum of every table of facts."""
    found = {}
    with connection.cursor() as cursor:
        for table, (columns, joins) in FACTS.items():
            cursor.execute(
                f"SELECT count(*), md5(string_agg(said, E'\\n' ORDER BY said)) FROM ("
                f"SELECT concat_ws('|', {columns}, f.known_from, f.known_to) AS said"
                f" FROM {table} f {joins}) AS facts"
            )
            found[table] = cursor.fetchone()
    return found


def define_sources() -> dict[str, Source]:
    """The shipped sources by name, loaded."""
    load_definitions(SHIPPED, by="test")
    return {source.name: source for source in Source.objects.all()}


def alpha_deliveries() -> dict[str, list[Delivery]]:
    """The alpha case's files by source."""
    definitions = [definition_of(source) for source in define_sources().values()]
    found: dict[str, list[Delivery]] = {}
    for folder in ("crosswalk", "sources"):
        for name, deliveries in gather(ALPHA / folder, definitions, by="test").items():
            found.setdefault(name, []).extend(deliveries)
    return found


def take(source: Source, *paths: Path) -> Batch:
    """The batch of ingesting these files."""
    batch = ingest(source, [Delivery(p.name, p, "command", "test") for p in paths], by="test")
    assert batch is not None
    return batch


def write(folder: Path, name: str, text: str | bytes) -> Path:
    """A file with that content."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def together(jobs: Iterable[Any]) -> None:
    """Runs the jobs at the same time, each with a connection of its own."""

    def work(job: Any) -> None:
        try:
            job()
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
