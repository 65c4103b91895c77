"""Loads facts that come in versions: prices, fixings, index data, terms, custody statements.

All go the same way: repetitions, insertion, windows, outcome (load/sql/version/). What differs is
said here: which columns identify a fact, which order its versions, which are its content.
"""

from dataclasses import dataclass

from psycopg import sql

from ingestion.sqlfile import run
from ingestion.staging.stage import analyze_rivals, table

Pairs = dict[str, str]


@dataclass(frozen=True)
class Versioned:
    """How one record becomes a fact: target columns and the staged columns they come from."""

    record: str
    target: str
    identity: Pairs
    content: Pairs
    version: tuple[str, str] | None = ("known_from", "known_from")
    touches: tuple[str, str] | None = None  # target columns: whose figures change, from which day
    known_from: str = "s.known_from"
    restated: bool = False


VERSIONED = {
    each.record: each
    for each in (
        Versioned(
            "price",
            "price",
            identity={"listing_id": "listing_id", "priced_on": "on_day"},
            content={"price": "price", "unit": "unit"},
            version=("revision", "revision"),
            touches=("listing_id", "priced_on"),
            known_from="greatest(s.known_from, s.mapped_from)",
        ),
        Versioned(
            "fx_fixing",
            "fx_fixing",
            identity={
                "base_currency": "base_currency",
                "quote_currency": "quote_currency",
                "fixed_on": "fixed_on",
            },
            content={"rate": "rate"},
        ),
        Versioned(
            "index_level",
            "index_level",
            identity={"benchmark_id": "benchmark_id", "level_on": "level_on"},
            content={"level": "level"},
            restated=True,
        ),
        Versioned(
            "index_weight",
            "index_weight",
            identity={"benchmark_id": "benchmark_id", "listing_id": "listing_id"},
            content={"weight": "weight"},
            restated=True,
        ),
        Versioned(
            "corporate_action",
            "corporate_action",
            identity={"listing_id": "listing_id", "kind": "kind", "effective_on": "on_day"},
            content={"terms": "terms"},
            restated=True,
        ),
        Versioned(
            "holding",
            "custody_holding",
            identity={
                "portfolio_id": "portfolio_id",
                "account": "portfolio_key",
                "listing_id": "listing_id",
                "as_at": "on_day",
            },
            content={
                "units": "units",
                "units_blocked": "units_blocked",
                "market_price": "market_price",
                "market_value": "market_value",
            },
        ),
        Versioned(
            "posting",
            "custody_posting",
            identity={
                "portfolio_id": "portfolio_id",
                "account": "portfolio_key",
                "posting_no": "posting_no",
            },
            content={
                "code": "posting_code",
                "listing_id": "listing_id",
                "booked_on": "booked_on",
                "dealt_on": "dealt_on",
                "value_on": "on_day",
                "units": "units",
                "unit_price": "unit_price",
                "currency": "currency",
                "amount": "amount",
                "narrative": "narrative",
            },
            version=None,
        ),
    )
}
# Columns that hold empty text, or zero, where the source says nothing.
DEFAULTS = {"currency": "''", "narrative": "''", "units_blocked": "0", "revision": "0"}


def target(record: str) -> sql.Identifier:
    """The table that holds the facts of a record."""
    return sql.Identifier("public", VERSIONED[record].target)


def load_versioned(record: str, batch_id: int) -> None:
    """Loads the staged records of one kind; those that were not simply loaded get their outcome."""
    names = _names(VERSIONED[record])
    if VERSIONED[record].restated:
        run("load/sql/version/05_restated.sql", names, batch=batch_id)
    if run("load/sql/version/08_rivals.sql", names, batch=batch_id):
        analyze_rivals()
        run("load/sql/version/10_repeats.sql", names, batch=batch_id)
    for step in ("20_insert", "25_touched", "30_windows", "40_outcome"):
        run(f"load/sql/version/{step}.sql", names, batch=batch_id)


def _names(spec: Versioned) -> dict[str, sql.Composable]:
    versioned = dict([spec.version]) if spec.version else {}
    identity = spec.identity | versioned
    stored = {
        target: source
        for target, source in (spec.identity | versioned | spec.content).items()
        if target != "known_from"
    }
    fragments = {
        "same_fact": _equal(spec.identity),
        "identity": _equal(identity),
        "content": " AND ".join(
            f"t.{target} IS NOT DISTINCT FROM {_value(source)}"
            for target, source in spec.content.items()
        ),
        "keys": ", ".join(_value(source) for source in identity.values()),
        "says": ", ".join(f"s.{source}" for source in spec.content.values()),
        "fact_values": ", ".join(_value(source) for source in spec.identity.values()),
        "columns": ", ".join(stored),
        "values": ", ".join(_value(source) for source in stored.values()),
        "known_from": spec.known_from,
        "later": _later(spec),
        **_touched(spec),
    }
    return {name: sql.SQL(text) for name, text in fragments.items()} | {
        "staging": table(spec.record),
        "target": sql.Identifier("public", spec.target),
    }


def _later(spec: Versioned) -> str:
    """How a later version of the same fact is told."""
    if spec.version is None:
        return "false"
    same = " AND ".join(f"l.{name} = t.{name}" for name in spec.identity)
    return f"{same} AND l.{spec.version[0]} > t.{spec.version[0]}"


def _touched(spec: Versioned) -> Pairs:
    """Listing and day that a record touches, in its staged and in its stored form."""
    if spec.touches is None:
        nobody = "NULL::integer AS listing_id, NULL::date AS from_on"
        return {"touched": nobody, "touched_target": nobody}
    listing, day = spec.touches
    return {
        "touched": f"s.{spec.identity[listing]} AS listing_id, s.{spec.identity[day]} AS from_on",
        "touched_target": f"t.{listing} AS listing_id, t.{day} AS from_on",
    }


def _value(source: str, alias: str = "s.") -> str:
    default = DEFAULTS.get(source)
    return f"coalesce({alias}{source}, {default})" if default else alias + source


def _equal(pairs: Pairs) -> str:
    return " AND ".join(f"t.{target} = {_value(source)}" for target, source in pairs.items())
