"""Loads facts that come in versions: prices, fixings, index data, terms, custody statements.

All go the same way: repetitions, insertion, windows, outcome (load/sql/version/). What differs is
said here: which columns identify a fact, which order its versions, which are its content.
"""

from dataclasses import dataclass
from datetime import datetime

from psycopg import sql

from ingestion.sqlfile import fetch, run
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
    indexed_day: tuple[str, str] | None = None  # part of the identity that the target is indexed by
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
            indexed_day=("priced_on", "on_day"),
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

PEER_FILES = "SELECT file_id, source FROM public.peer_file WHERE record = %(record)s::text"


def target(record: str) -> sql.Identifier:
    """The table that holds the facts of a record."""
    return sql.Identifier("public", VERSIONED[record].target)


def load_versioned(record: str, batch_id: int) -> None:
    """Loads the staged records of one kind; those that were not simply loaded get their outcome."""
    ranked = is_ranked(record)
    names = _names(VERSIONED[record], ranked=ranked)
    if VERSIONED[record].restated:
        run("load/sql/version/05_restated.sql", names, batch=batch_id, record=record)
    rivals = _rivals(VERSIONED[record], batch_id, names)
    if rivals:
        analyze_rivals()
        run("load/sql/version/10_repeats.sql", names, batch=batch_id, record=record)
    run("load/sql/version/20_insert.sql", names, batch=batch_id)
    run("load/sql/version/25_touched.sql", names, batch=batch_id)
    if rivals:
        _set_windows(record, batch_id, names, ranked=ranked)
    run("load/sql/version/40_outcome.sql", names, batch=batch_id)


def _rivals(spec: Versioned, batch_id: int, names: dict[str, sql.Composable]) -> int:
    """Notes the records that are not alone; how many they are."""
    days = []
    if spec.indexed_day:
        days = [day for (day,) in fetch("load/sql/version/06_days.sql", names, batch=batch_id)]
    return run("load/sql/version/08_rivals.sql", names, batch=batch_id, days=days)


def _set_windows(
    record: str, batch_id: int, names: dict[str, sql.Composable], *, ranked: bool
) -> None:
    """Until when each version was believed; what ranks or ended facts bear on is judged whole."""
    if not ranked:
        run("load/sql/version/30_windows.sql", names, batch=batch_id)
    if run("load/sql/version/32_contested.sql", names, batch=batch_id):
        believe(record, batch_id)


def is_ranked(record: str) -> bool:
    """True when sources differ in rank for this kind of record, or ever did."""
    [(ranked,)] = fetch("load/sql/version/04_ranked.sql", record=record)
    return bool(ranked)


def believe(record: str, batch_id: int) -> None:
    """Judges anew, by the ranks of their sources, who is believed of the contested facts."""
    run(
        "load/sql/version/35_precedence.sql",
        _names(VERSIONED[record]),
        batch=batch_id,
        record=record,
    )
    run("load/sql/version/38_judged.sql", batch=batch_id)


def end_first(record: str, batch_id: int, at: datetime) -> None:
    """The content stored under a staged record's identity ends: a person took the other one."""
    names = _names(VERSIONED[record], ranked=is_ranked(record))
    run("load/sql/take/20_end_fact.sql", names, batch=batch_id, record=record, at=at)


def still_stated(record: str) -> sql.Composable:
    """True of a stored fact, read again as staged, that its source stands by: the last it said."""
    spec = VERSIONED[record]
    words = ["fact.ended_at IS NULL"]
    if spec.version is not None:
        same = [f"l.{name} = fact.{name}" for name in spec.identity]
        same += [f"l.{spec.version[0]} > fact.{spec.version[0]}", "l.ended_at IS NULL"]
        same += ["l.copy_of IS NULL", _peers(spec, is_ranked(record), "l", "staged")["peers"]]
        words.append(f"NOT EXISTS (SELECT FROM {spec.target} AS l WHERE {' AND '.join(same)})")
    return sql.SQL(" AND ".join(words))


def _names(spec: Versioned, *, ranked: bool = False) -> dict[str, sql.Composable]:
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
        **_day(spec),
        "says": ", ".join(f"s.{source}" for source in spec.content.values()),
        "fact_values": ", ".join(_value(source) for source in spec.identity.values()),
        "columns": ", ".join(stored),
        "values": ", ".join(_value(source) for source in stored.values()),
        "known_from": spec.known_from,
        "later": _later(spec),
        "fact": ", ".join(f"t.{name}" for name in spec.identity),
        "other_fact": " AND ".join(f"t.{name} = f.{name}" for name in spec.identity),
        "version": f"t.{spec.version[0]}" if spec.version else "t.known_from",
        "stated": ", ".join(f"o.{name}" for name in stored),
        "may_return": "true" if versioned.get("known_from") else "t.ended_at IS NULL",
        **_peers(spec, ranked),
        **_touched(spec),
    }
    return {name: sql.SQL(text) for name, text in fragments.items()} | {
        "staging": table(spec.record),
        "target": sql.Identifier("public", spec.target),
    }


def _peers(spec: Versioned, ranked: bool, stored: str = "t", staged: str = "s") -> Pairs:
    """What a staged record is compared with: all that is stored, or what its rank's peers said."""
    if not ranked:
        return {
            "peers": "true",
            "standing": "t.known_to IS NULL",
            "contested": "t.ended_at IS NOT NULL",
        }
    peers = f"({stored}.file_id, {staged}.source) IN ({PEER_FILES})"
    return {
        "peers": peers,
        "standing": f"t.ended_at IS NULL AND t.copy_of IS NULL AND {peers}",
        "contested": "true",
    }


def _day(spec: Versioned) -> Pairs:
    """By which day it is told that nothing of a staged record can be stored; mostly by none."""
    if spec.indexed_day is None:
        return {"may_be_stored": "true"}
    stored, staged = spec.indexed_day
    return {
        "stored_day": stored,
        "staged_day": staged,
        "may_be_stored": f"s.{staged} = ANY (%(days)s::date[])",
    }


def _later(spec: Versioned) -> str:
    """How a later version of the same fact is told."""
    if spec.version is None:
        return "false"
    same = " AND ".join(f"l.{name} = t.{name}" for name in spec.identity)
    return f"{same} AND l.{spec.version[0]} > t.{spec.version[0]} AND l.ended_at IS NULL"


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
